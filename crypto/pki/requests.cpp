// SPDX-License-Identifier: Apache-2.0
// patent-pki request and certify: certificates of terminal authentication for keys of others.
#include <fmt/format.h>

#include <iostream>

#include "crypto/cv_certificate.hpp"
#include "crypto/domain_files.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/pki/command.hpp"

namespace crypto::pki {

namespace {

struct Role {
  std::string_view name;
  CvRole role;
};
constexpr std::array kRoles{Role{"terminal", CvRole::terminal}, Role{"dv", CvRole::dv_domestic},
                            Role{"dv-foreign", CvRole::dv_foreign}};
constexpr std::string_view kFingerprints = "fingerprints", kAppend = "append";

// Nothing for a word that is no right.
std::optional<CvRights> rights_of(const Words& words) {
  CvRights rights;
  for (const auto& word : words) {
    if (word != kFingerprints && word != kAppend) return std::nullopt;
    rights.read_fingerprints = rights.read_fingerprints || word == kFingerprints;
    rights.append_records = rights.append_records || word == kAppend;
  }
  return rights;
}

Exit report_certifying(const DomainFailure& failure) {
  const auto subject = failure.file.string();
  switch (failure.error) {
    case CryptoError::bad_signature:
      return complain(fmt::format("the request of {} is not signed by the keys that it names.", subject),
                      Exit::bad_input);
    case CryptoError::bad_state:
      return complain(fmt::format("{} cannot give this: the request is meant for another issuer, the certificate does "
                                  "not hold at this time, or it has not these rights itself.",
                                  subject),
                      Exit::bad_input);
    case CryptoError::unsupported:
      return complain(fmt::format("the key of {} has another algorithm or curve than this domain's.", subject),
                      Exit::bad_input);
    default: return report(failure);
  }
}

}  // namespace

Exit run_request(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add(passphrase_option());
  description.add_options()("holder", options::value<std::string>()->value_name("REFERENCE"),
                            "who asks: country, name, five digits, as RUHANDHELD00001")(
      "authority", options::value<std::string>()->value_name("REFERENCE"), "whom it is meant for; default: not said")(
      "signer", options::value<std::string>()->value_name("NAME"),
      "a key with a CV certificate that signs the request once more");
  Arguments arguments(command, std::move(description), {"DIR", "NAME", "FILE"});
  if (const auto exit = arguments.read(words)) return *exit;
  if (!arguments.given("holder")) return report_usage(command, "--holder is missing");
  auto domain = open_domain(arguments, arguments.text("DIR"));
  if (!domain) return domain.error();
  const auto request = domain->request_cv(arguments.text("NAME"), arguments.text("holder"), arguments.text("authority"),
                                          arguments.text("signer"));
  if (!request && request.error().error == CryptoError::bad_encoding)
    return complain("a reference has two letters, up to nine characters, and five digits: RUHANDHELD00001",
                    Exit::bad_input);
  if (!request) return report(request.error());
  const std::filesystem::path file = arguments.text("FILE");
  if (const auto written = write_file(file, *request, Readers::everybody, Overwrite::no); !written)
    return report({written.error(), file});
  put_line(std::cout, fmt::format("Request {} of {}. Give it to the issuer: patent-pki certify.", file.string(),
                                  arguments.text("holder")));
  return Exit::ok;
}

Exit run_certify(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add(passphrase_option());
  description.add_options()("role", options::value<std::string>()->default_value("terminal")->value_name("ROLE"),
                            "terminal (under the DV), dv or dv-foreign (under the CVCA)")(
      "right", options::value<Words>()->value_name("RIGHT"), "fingerprints or append; may be given twice");
  description.add(at_option());
  Arguments arguments(command, std::move(description), {"DIR", "REQUEST"});
  if (const auto exit = arguments.read(words)) return *exit;
  const auto role = std::ranges::find(kRoles, arguments.text("role"), &Role::name);
  if (role == kRoles.end()) return report_usage(command, "--role wants terminal, dv or dv-foreign");
  const auto rights = rights_of(arguments.texts("right"));
  if (!rights) return report_usage(command, "--right wants fingerprints or append");
  const std::filesystem::path file = arguments.text("REQUEST");
  const auto request = read_file(file, kMaxCvCertificate);
  if (!request) return report({request.error(), file});
  auto domain = open_domain(arguments, arguments.text("DIR"));
  if (!domain) return domain.error();
  const auto made = domain->certify_cv_request(*request, {role->role, *rights}, arguments.at());
  if (!made) return report_certifying(made.error());
  const auto certificate = parse_cv_certificate(*made);
  if (!certificate) return report({certificate.error(), file});
  const std::string holder(certificate->holder.begin(), certificate->holder.end());
  put_line(std::cout, fmt::format("Certified {} until {}: {}", holder, time_text(certificate->expires).substr(0, 10),
                                  cv_certificate_file(domain->folder(), holder).string()));
  return Exit::ok;
}

}  // namespace crypto::pki
