// SPDX-License-Identifier: Apache-2.0
#include <openssl/rand.h>
#include <unistd.h>

#include "crypto/domain_files.hpp"
#include "crypto/domain_vault.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/parsed_certificate.hpp"

namespace crypto {

namespace {

namespace fs = std::filesystem;
using AlternativeNames = openssl::Handle<GENERAL_NAMES, GENERAL_NAMES_free>;
using DistributionPoints = openssl::Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free>;

struct RoleRules {
  CertificateRole role;
  std::string_view name;  // of the key and the certificate
  std::string_view common_name;
  std::chrono::months validity, key_use;
  std::optional<Curve> curve{};  // the domain's by default
};
constexpr std::array<RoleRules, 5> kRoles{{
    {CertificateRole::csca, kCscaKey, "Patent CSCA", kCscaValidity, kCscaKeyUse},
    {CertificateRole::csca_link, kCscaKey, "Patent CSCA", kCscaValidity, kCscaKeyUse},
    {CertificateRole::document_signer, kDocumentSignerKey, "Patent Document Signer", kSignerValidity, kSignerKeyUse},
    {CertificateRole::status_signer, kStatusSignerKey, "Patent Status Signer", kSignerValidity, kSignerKeyUse},
    // The shortest signature that Doc 9303-13 recommends: a seal has 350 octets for everything.
    {CertificateRole::seal_signer, kSealSignerKey, "PS", kSealSignerValidity, kSealKeyUse, Curve::secp256r1},
}};
const RoleRules& rules_of(CertificateRole role) {
  return *std::find_if(kRoles.begin(), kRoles.end(), [&](const RoleRules& rules) { return rules.role == role; });
}

// The same day and time so many months later; the month's last day where it is shorter.
Time months_later(Time t, std::chrono::months months) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  std::chrono::year_month_day later = std::chrono::year_month_day(day) + months;
  if (!later.ok()) later = later.year() / later.month() / std::chrono::last;
  return std::chrono::sys_days(later) + (t - day);
}

std::string text_of(const X509_NAME* name, int nid) {
  const int index = X509_NAME_get_index_by_NID(name, nid, -1);
  const X509_NAME_ENTRY* const entry = index < 0 ? nullptr : X509_NAME_get_entry(name, index);
  unsigned char* text = nullptr;
  const int size = entry == nullptr ? -1 : ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
  if (size < 0) return {};
  std::string out(text, text + size);
  OPENSSL_free(text);
  return out;
}

std::string state_of(const X509* x509) {
  const AlternativeNames names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DIRNAME) return text_of(name->d.directoryName, NID_localityName);
  }
  return {};
}

std::string crl_uri_of(const X509* x509) {
  const DistributionPoints points(
      static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(x509, NID_crl_distribution_points, nullptr, nullptr)));
  const DIST_POINT* const point = points ? sk_DIST_POINT_value(points.get(), 0) : nullptr;
  if (point == nullptr || point->distpoint == nullptr || point->distpoint->type != 0) return {};
  const GENERAL_NAME* const name = sk_GENERAL_NAME_value(point->distpoint->name.fullname, 0);
  if (name == nullptr || name->type != GEN_URI) return {};
  const Bytes uri = octets_of(name->d.uniformResourceIdentifier);
  return {uri.begin(), uri.end()};
}

// The domain keeps no settings of its own: its CSCA's certificate says them all.
DomainPlan plan_of(const Certificate& csca, Curve curve) {
  const X509* const x509 = csca.parsed().x509.get();
  DomainPlan plan;
  plan.country = csca.country();
  plan.state = state_of(x509);
  plan.organization = text_of(X509_get_subject_name(x509), NID_organizationName);
  plan.crl_uri = crl_uri_of(x509);
  plan.curve = curve;
  return plan;
}

CertificateRequest request_for(const RoleRules& rules, const DomainPlan& plan, Time at) {
  CertificateRequest request;
  request.role = rules.role;
  request.country = plan.country;
  if (rules.role != CertificateRole::seal_signer) request.organization = plan.organization;
  request.common_name = rules.common_name;
  request.not_before = at;
  request.not_after = months_later(at, rules.validity);
  request.private_key_until = months_later(at, rules.key_use);
  request.state = plan.state;
  request.crl_uri = plan.crl_uri;
  return request;
}

// Enough of the serial number to tell a domain's certificates apart, in a key name's letters.
std::string short_serial(const Certificate& certificate) {
  std::string serial = certificate.serial_hex().substr(0, 8);
  for (char& digit : serial)
    if (digit >= 'A' && digit <= 'F') digit = static_cast<char>(digit - 'A' + 'a');
  return serial;
}

Result<void, DomainFailure> write_certificate(const fs::path& file, const Certificate& certificate,
                                              Overwrite overwrite = Overwrite::no) {
  return write_file(file, certificate.der(), Readers::everybody, overwrite).map_error(in_file(file));
}

// A sample's passphrase, made here, into its file.
Result<Passphrase, DomainFailure> make_sample_passphrase(const fs::path& domain) {
  std::array<Byte, 16> random{};
  if (RAND_priv_bytes(random.data(), static_cast<int>(random.size())) != 1)
    return unexpected(DomainFailure{CryptoError::engine_failure, domain});
  const std::string text = to_hex(random);
  const fs::path file = sample_passphrase_file(domain);
  PATENT_TRY_VOID(write_file(file, as_bytes(text + "\n"), Readers::owner, Overwrite::no).map_error(in_file(file)));
  return Passphrase(text);
}

Result<void, DomainFailure> make_folders(const fs::path& domain) {
  std::error_code error;
  for (const std::string_view part : {kKeysFolder, kCertificatesFolder, kTrustFolder}) {
    fs::create_directories(domain / part, error);
    if (error) return unexpected(DomainFailure{CryptoError::storage, domain / part});
  }
  fs::permissions(domain / kKeysFolder, fs::perms::owner_all, error);
  if (error) return unexpected(DomainFailure{CryptoError::storage, domain / kKeysFolder});
  return {};
}

// A folder beside the one to be made; removed with what is in it, unless it has been moved away.
class BuildingSite {
public:
  explicit BuildingSite(const fs::path& folder) : path_(folder.has_filename() ? folder : folder.parent_path()) {
    path_ += ".making-" + std::to_string(::getpid());
  }
  BuildingSite(const BuildingSite&) = delete;
  BuildingSite& operator=(const BuildingSite&) = delete;
  ~BuildingSite() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

std::string numbered(std::string_view name, const Certificate& certificate) {
  return std::string(name) + "-" + short_serial(certificate);
}

bool in_use(const Certificate& ca, Time at) {
  return ca.valid_at(at) && at <= ca.private_key_not_after().value_or(ca.not_after());
}

}  // namespace

// The CSCA at work: its certificate and its key, which belong together.
struct TrustDomain::Authority {
  Certificate certificate;
  std::unique_ptr<SigningKey> key;
  DomainPlan plan;
};

Result<TrustDomain::Authority, DomainFailure> TrustDomain::authority() const {
  PATENT_TRY(const Certificate certificate, this->certificate(kCscaKey));
  const fs::path file = vault_->place(kCscaKey, KeyKind::signing);
  PATENT_TRY(auto key, vault_->signing_key(kCscaKey).map_error(in_file(file)));
  if (key->public_key().spki != certificate.public_key().spki)
    return unexpected(DomainFailure{CryptoError::bad_state, certificate_file(folder_, kCscaKey)});
  const DomainPlan plan = plan_of(certificate, key->curve());
  return Authority{certificate, std::move(key), plan};
}

// The first keys and certificates. The CSCA's stand alone; the signers' come from succeed(), which finds none to
// retire.
Result<void, DomainFailure> TrustDomain::found(const DomainPlan& plan, Time at) {
  const fs::path key_file = vault_->place(kCscaKey, KeyKind::signing);
  PATENT_TRY(const auto key, vault_->make_signing_key(kCscaKey, plan.curve).map_error(in_file(key_file)));
  PATENT_TRY(const Certificate csca,
             issue_certificate(request_for(rules_of(CertificateRole::csca), plan, at), key->public_key(), nullptr, *key)
                 .map_error(in_file(certificate_file(folder_, kCscaKey))));
  PATENT_TRY_VOID(write_certificate(certificate_file(folder_, kCscaKey), csca));
  PATENT_TRY_VOID(write_certificate(trusted_file(folder_, numbered(kCscaKey, csca)), csca));
  PATENT_TRY_VOID(succeed(CertificateRole::document_signer, at));
  PATENT_TRY_VOID(succeed(CertificateRole::status_signer, at));
  PATENT_TRY_VOID(succeed(CertificateRole::seal_signer, at));
  for (const std::string_view name : {kCvcaKey, kDvKey, kInspectionKey, kStatusTerminalKey})
    PATENT_TRY_VOID(renew_cv(name, at));
  for (const std::string_view name : {kScp03TransportKey, kScp03IssuerKey})
    PATENT_TRY_VOID(add_master_key(name, plan.channel_key));
  PATENT_TRY_VOID(add_master_key(kLedgerKey, AesKey::aes256));
  return write_revocation_list({}, 1, at);
}

Result<TrustDomain, DomainFailure> TrustDomain::create(const fs::path& folder, const DomainPlan& plan,
                                                       Passphrase passphrase, Time at) {
  std::error_code error;
  if (fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error)))
    return unexpected(DomainFailure{CryptoError::already_exists, folder});
  // Made under another name and moved into place whole: a torn ceremony leaves nothing that looks like a domain.
  const BuildingSite site(folder);
  PATENT_TRY_VOID(make_folders(site.path()));
  if (plan.sample) {
    PATENT_TRY(passphrase, make_sample_passphrase(site.path()));
  }
  if (plan.token) PATENT_TRY_VOID(write_vault_token(site.path(), *plan.token));
  PATENT_TRY(auto vault, open_vault(site.path(), passphrase.clone()));
  TrustDomain domain(site.path(), std::move(vault));
  PATENT_TRY_VOID(domain.found(plan, at));
  PATENT_TRY_VOID(move_file(site.path(), folder, Overwrite::yes).map_error(in_file(folder)));
  return open(folder, std::move(passphrase));
}

Result<void, DomainFailure> TrustDomain::add_master_key(std::string_view name, AesKey length) {
  PATENT_TRY_VOID(vault_->make_master_key(name, length).map_error(in_file(vault_->place(name, KeyKind::master))));
  return {};
}

Result<std::unique_ptr<SigningKey>, DomainFailure> TrustDomain::have_signing_key(std::string_view name,
                                                                                 Curve curve) const {
  const fs::path place = vault_->place(name, KeyKind::signing);
  PATENT_TRY(const bool made, vault_->has(name, KeyKind::signing).map_error(in_file(place)));
  return (made ? vault_->signing_key(name) : vault_->make_signing_key(name, curve)).map_error(in_file(place));
}

// The successor's certificate under NAME-next; its key too, unless promote() has moved that one already.
Result<Certificate, DomainFailure> TrustDomain::prepare_successor(CertificateRole role, Time at) {
  const RoleRules& rules = rules_of(role);
  const std::string next = successor_of(rules.name);
  if (file_exists(certificate_file(folder_, next))) return certificate(next);
  PATENT_TRY(const Authority ca, authority());
  const bool self_signed = rules.name == kCscaKey;
  if (!self_signed && !in_use(ca.certificate, at))
    return unexpected(DomainFailure{CryptoError::bad_state, certificate_file(folder_, kCscaKey)});
  PATENT_TRY(const auto key, have_signing_key(next, rules.curve.value_or(ca.plan.curve)));
  CertificateRequest request = request_for(rules, ca.plan, at);
  if (self_signed) request.role = CertificateRole::csca;
  PATENT_TRY(Certificate made, issue_certificate(request, key->public_key(), self_signed ? nullptr : &ca.certificate,
                                                 self_signed ? *key : *ca.key)
                                   .map_error(in_file(certificate_file(folder_, next))));
  PATENT_TRY_VOID(write_certificate(certificate_file(folder_, next), made));
  return made;
}

// Into trust/: the link certificate first, for the CSCA's presence there says that both are.
Result<void, DomainFailure> TrustDomain::trust_successor(CertificateRole role, const Certificate& successor) {
  const fs::path trusted = trusted_file(folder_, numbered(kCscaKey, successor));
  if (file_exists(trusted)) return {};
  if (role == CertificateRole::csca_link) {
    PATENT_TRY(const Authority ca, authority());
    CertificateRequest request = request_for(rules_of(role), ca.plan, successor.not_before());
    request.not_after =
        ca.certificate.not_after();  // what the old CSCA vouches for, it vouches for no longer than it lives
    request.private_key_until = successor.private_key_not_after().value_or(Time{});
    const fs::path file = trusted_file(folder_, numbered("csca-link", successor));
    PATENT_TRY(const Certificate link,
               issue_certificate(request, successor.public_key(), &ca.certificate, *ca.key).map_error(in_file(file)));
    PATENT_TRY_VOID(write_certificate(file, link, Overwrite::yes));
  }
  return write_certificate(trusted, successor);
}

// NAME becomes `retired` (empty: there is none) and NAME-next becomes NAME. Each step looks whether it has been done,
// so that the whole can be repeated after a power cut; the certificate's move is last and tells that all is done.
Result<void, DomainFailure> TrustDomain::promote(std::string_view name, std::string_view suffix,
                                                 const std::string& retired) {
  const std::string next = successor_of(name);
  const auto file_of = [&](std::string_view one) {
    return folder_ / kCertificatesFolder / (std::string(one) + std::string(suffix));
  };
  const fs::path current_file = file_of(name), next_key = vault_->place(next, KeyKind::signing);
  PATENT_TRY(const bool prepared, vault_->has(next, KeyKind::signing).map_error(in_file(next_key)));
  if (!retired.empty()) {
    PATENT_TRY(const Bytes current, read_file(current_file, kMaxCertificate).map_error(in_file(current_file)));
    PATENT_TRY_VOID(
        write_file(file_of(retired), current, Readers::everybody, Overwrite::yes).map_error(in_file(file_of(retired))));
    const fs::path retired_key = vault_->place(retired, KeyKind::signing);
    PATENT_TRY(const bool done, vault_->has(retired, KeyKind::signing).map_error(in_file(retired_key)));
    if (prepared && !done) PATENT_TRY_VOID(vault_->rename(name, retired).map_error(in_file(retired_key)));
  }
  if (prepared) PATENT_TRY_VOID(vault_->rename(next, name).map_error(in_file(next_key)));
  return move_file(file_of(next), current_file, Overwrite::yes).map_error(in_file(current_file));
}

Result<Certificate, DomainFailure> TrustDomain::succeed(CertificateRole role, Time at) {
  const std::string_view name = rules_of(role).name;
  PATENT_TRY(Certificate successor, prepare_successor(role, at));
  if (name == kCscaKey) PATENT_TRY_VOID(trust_successor(role, successor));
  if (name == kSealSignerKey)
    PATENT_TRY_VOID(write_certificate(trusted_file(folder_, numbered(name, successor)), successor, Overwrite::yes));
  std::string retired;
  if (file_exists(certificate_file(folder_, name))) {
    PATENT_TRY(const Certificate current, certificate(name));
    retired = numbered(name, current);
  }
  PATENT_TRY_VOID(promote(name, kCertificateSuffix, retired));
  if (name != kCscaKey) return successor;
  PATENT_TRY(const RevocationList list, preceding_list(at));
  PATENT_TRY_VOID(write_revocation_list(list.entries(), list.number() + 1, at));
  return successor;
}

// The list to be followed by another at this time, which must not lie before it.
Result<RevocationList, DomainFailure> TrustDomain::preceding_list(Time at) const {
  PATENT_TRY(RevocationList list, revocation_list());
  if (at < list.this_update()) return unexpected(DomainFailure{CryptoError::bad_state, revocation_list_file(folder_)});
  return list;
}

Result<void, DomainFailure> TrustDomain::revoke(const Certificate& certificate, Time at) {
  PATENT_TRY(const auto lock, lock_domain(folder_));
  PATENT_TRY(const RevocationList list, preceding_list(at));
  if (certificate.issuer() != list.issuer())
    return unexpected(DomainFailure{CryptoError::bad_state, revocation_list_file(folder_)});
  if (list.revokes(certificate))
    return unexpected(DomainFailure{CryptoError::already_exists, revocation_list_file(folder_)});
  std::vector<RevokedSerial> entries = list.entries();
  entries.push_back({certificate.serial_hex(), at});
  return write_revocation_list(entries, list.number() + 1, at);
}

Result<RevocationList, DomainFailure> TrustDomain::publish_revocation_list(Time at) {
  PATENT_TRY(const auto lock, lock_domain(folder_));
  PATENT_TRY(const RevocationList list, preceding_list(at));
  PATENT_TRY_VOID(write_revocation_list(list.entries(), list.number() + 1, at));
  return revocation_list();
}

Result<void, DomainFailure> TrustDomain::write_revocation_list(const std::vector<RevokedSerial>& revoked,
                                                               std::uint64_t number, Time at) {
  const fs::path file = revocation_list_file(folder_);
  PATENT_TRY(const Authority ca, authority());
  PATENT_TRY(const RevocationList list,
             issue_revocation_list(ca.certificate, *ca.key, revoked, at, at + kRevocationListValidity, number)
                 .map_error(in_file(file)));
  return write_file(file, list.der(), Readers::everybody, Overwrite::yes).map_error(in_file(file));
}

}  // namespace crypto
