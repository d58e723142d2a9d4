// SPDX-License-Identifier: Apache-2.0
// patent-pki new, revoke and crl: a trust domain's life after its ceremony.
#include <fmt/format.h>

#include <iostream>

#include "crypto/cv_certificate.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/pem.hpp"
#include "crypto/pki/command.hpp"
#include "crypto/pki/kinds.hpp"

namespace crypto::pki {

namespace {

constexpr std::size_t kMaxFile = 64 * 1024;

constexpr std::array<std::pair<std::string_view, AesKey>, 3> kLengths{
    {{"128", AesKey::aes128}, {"192", AesKey::aes192}, {"256", AesKey::aes256}}};

Exit new_master(const Command& command, const Arguments& arguments) {
  const bool ledger = arguments.text("KIND") == kLedgerKind;
  const std::string name = ledger ? std::string(kLedgerKey) : arguments.text("name");
  const auto* const length = std::find_if(kLengths.begin(), kLengths.end(),
                                          [&](const auto& one) { return one.first == arguments.text("aes"); });
  if (name.empty()) return report_usage(command, "scp03-master wants --name, as in --name scp03-issuer-2027");
  if (length == kLengths.end()) return report_usage(command, "--aes wants 128, 192 or 256");
  auto domain = open_domain(arguments, arguments.text("DIR"));
  if (!domain) return domain.error();
  if (const auto made = domain->add_master_key(name, length->second); !made) return report(made.error());
  const auto key = domain->vault().master_key(name);
  const auto check_value = key ? (*key)->check_value() : unexpected(key.error());
  if (!check_value) return report({check_value.error(), name});
  put_line(std::cout, fmt::format("New master key {}, AES-{}, key check value {}", name, length->first,
                                  to_hex(check_value->view())));
  return Exit::ok;
}

Exit report_renewal(const DomainFailure& failure, CertificateRole role) {
  if (failure.error != CryptoError::bad_state) return report(failure);
  const bool ca = role == CertificateRole::csca || role == CertificateRole::csca_link;
  return complain(ca ? "an earlier renewal of the CSCA was interrupted, or the time given lies before the "
                       "present revocation list. Run `patent-pki new csca-link` with a later time."
                     : "the CSCA may not certify at this time: its key's period is over, or has not begun, or "
                       "its renewal was interrupted. Run `patent-pki new csca-link` first.",
                  Exit::bad_input);
}

Exit new_cv(const CvKind& kind, const Arguments& arguments) {
  auto domain = open_domain(arguments, arguments.text("DIR"));
  if (!domain) return domain.error();
  for (const std::string_view name : kind.keys) {
    if (name.empty()) continue;
    const auto made = domain->renew_cv(name, arguments.at());
    if (!made && made.error().error == CryptoError::bad_state)
      return complain(fmt::format("the issuer's certificate does not hold at this time: {}. Renew it first: "
                                  "patent-pki new cvca-link, then dv, then terminal.",
                                  made.error().file.string()),
                      Exit::bad_input);
    if (!made) return report(made.error());
    const auto certificate = parse_cv_certificate(*made);
    if (!certificate) return report({certificate.error(), name});
    put_line(std::cout, fmt::format("New {}: {}, valid until {}", name,
                                    std::string(certificate->holder.begin(), certificate->holder.end()),
                                    time_text(certificate->expires).substr(0, 10)));
  }
  if (kind.name == "cvca-link")
    std::cout << "Give terminals the link certificate, then make new ones: patent-pki new dv, then terminal.\n";
  return Exit::ok;
}

Exit report_list(const DomainFailure& failure) {
  switch (failure.error) {
    case CryptoError::bad_state:
      return complain(
          "this domain's CSCA did not issue that certificate, or the time given lies before the "
          "present revocation list. Look at both with `patent-pki show`.",
          Exit::bad_input);
    case CryptoError::already_exists: return complain("the certificate is revoked already.", Exit::bad_input);
    default: return report(failure);
  }
}

// A file, or the name of one of the domain's certificates.
Result<Certificate, DomainFailure> find_certificate(const TrustDomain& domain, const std::string& name) {
  const auto fail = [&](CryptoError error) { return DomainFailure{error, name}; };
  if (!std::filesystem::exists(name)) return domain.certificate(name);
  PATENT_TRY(const Bytes octets, read_file(name, kMaxFile).map_error(fail));
  PATENT_TRY(const Bytes der, der_of(octets).map_error(fail));
  return Certificate::parse(der).map_error(fail);
}

}  // namespace

Exit run_new(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add(passphrase_option());
  description.add_options()("name", options::value<std::string>()->value_name("NAME"), "of an scp03-master key")(
      "aes", options::value<std::string>()->default_value("256")->value_name("BITS"),
      "length of an scp03-master key: 128, 192 or 256")(
      "uses", options::value<unsigned>()->value_name("COUNT"),
      "document-signer: so many signatures for this key and later ones (default: 400000), then a successor by itself");
  description.add(at_option());
  Arguments arguments(command, std::move(description), {"KIND", "DIR"});
  if (const auto exit = arguments.read(words)) return *exit;
  const std::string wanted = arguments.text("KIND");
  if (wanted == kMasterKind || wanted == kLedgerKind) return new_master(command, arguments);
  const auto* const cv_kind =
      std::find_if(kCvKinds.begin(), kCvKinds.end(), [&](const CvKind& one) { return one.name == wanted; });
  if (cv_kind != kCvKinds.end()) return new_cv(*cv_kind, arguments);
  const auto* const kind =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& one) { return one.name == wanted; });
  if (kind == kKinds.end()) return report_usage(command, fmt::format("there is no KIND {}", wanted));
  const bool limited = arguments.given("uses");
  if (limited && kind->role != CertificateRole::document_signer)
    return report_usage(command, "--uses goes with document-signer");
  if (limited && arguments.number("uses") == 0) return report_usage(command, "--uses is 1 at least");
  auto domain = open_domain(arguments, arguments.text("DIR"));
  if (!domain) return domain.error();
  if (limited)
    if (const auto set = domain->limit_signer_use(arguments.number("uses")); !set) return report(set.error());
  const auto made = domain->renew(kind->role, arguments.at());
  if (!made) return report_renewal(made.error(), kind->role);
  put_line(std::cout,
           fmt::format("New {}: serial {}, valid until {}", wanted, made->serial_hex(), time_text(made->not_after())));
  if (kind->role == CertificateRole::csca || kind->role == CertificateRole::csca_link)
    std::cout << "Give readers the new content of trust/, then make new signers: patent-pki new document-signer, "
                 "status-signer, seal-signer.\n";
  if (kind->role == CertificateRole::seal_signer)
    std::cout << "Give readers the new content of trust/: no seal of this signer can be verified without it.\n";
  return Exit::ok;
}

Exit run_revoke(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add(passphrase_option());
  description.add(at_option());
  Arguments arguments(command, std::move(description), {"DIR", "CERT"});
  if (const auto exit = arguments.read(words)) return *exit;
  auto domain = open_domain(arguments, arguments.text("DIR"));
  if (!domain) return domain.error();
  const auto certificate = find_certificate(*domain, arguments.text("CERT"));
  if (!certificate) return report(certificate.error());
  if (const auto done = domain->revoke(*certificate, arguments.at()); !done) return report_list(done.error());
  put_line(std::cout, fmt::format("Revoked {} (serial {}). Give readers the new trust/csca.crl.",
                                  certificate->subject(), certificate->serial_hex()));
  return Exit::ok;
}

Exit run_crl(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add(passphrase_option());
  description.add(at_option());
  Arguments arguments(command, std::move(description), {"DIR"});
  if (const auto exit = arguments.read(words)) return *exit;
  auto domain = open_domain(arguments, arguments.text("DIR"));
  if (!domain) return domain.error();
  const auto list = domain->publish_revocation_list(arguments.at());
  if (!list) return report_list(list.error());
  put_line(std::cout, fmt::format("Revocation list {}: {} entries, next one by {}", list->number(),
                                  list->entries().size(), list->next_update() ? time_text(*list->next_update()) : "?"));
  return Exit::ok;
}

}  // namespace crypto::pki
