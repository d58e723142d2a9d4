// SPDX-License-Identifier: Apache-2.0
// The domain's second tree: who may read fingerprints and append records (TR-03110-3, 2.2).
#include <fmt/format.h>

#include "crypto/cv_certificate_make.hpp"
#include "crypto/domain_files.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/openssl_engine.hpp"

namespace crypto {

namespace {

namespace fs = std::filesystem;

struct CvRules {
  std::string_view name, issuer;  // of keys and certificates
  std::string_view mnemonic;
  CvRole role;
  CvRights rights;
  std::chrono::months validity;
};
constexpr std::array<CvRules, 4> kCvRules{{
    {kCvcaKey, kCvcaKey, "PATCVCA", CvRole::cvca, {true, false, true}, kCvcaValidity},
    {kDvKey, kCvcaKey, "PATDV", CvRole::dv_domestic, {true, false, true}, kDvValidity},
    {kInspectionKey, kDvKey, "PATINSP", CvRole::terminal, {true, false, false}, kTerminalValidity},
    {kStatusTerminalKey, kDvKey, "PATSTAT", CvRole::terminal, {false, false, true}, kTerminalValidity},
}};

std::string text_of(ByteView octets) { return {octets.begin(), octets.end()}; }

CvDate months_later(CvDate day, std::chrono::months months) {
  const std::chrono::year_month_day later = std::chrono::year_month_day(day) + months;
  return later.ok() ? CvDate(later) : CvDate(later.year() / later.month() / std::chrono::last);
}

// The number behind a reference; 0 for one that this domain did not make.
unsigned number_of(ByteView reference) {
  unsigned number = 0;
  for (const Byte digit : reference.last(5)) {
    if (digit < '0' || digit > '9') return 0;
    number = 10 * number + (digit - '0');
  }
  return number;
}

std::string numbered(std::string_view name, const CvCertificate& certificate) {
  return fmt::format("{}-{}", name, text_of(certificate.holder.last(5)));
}

}  // namespace

Result<Bytes, DomainFailure> TrustDomain::cv_certificate(std::string_view name) const {
  const fs::path file = cv_certificate_file(folder_, name);
  PATENT_TRY(Bytes octets, read_file(file, kMaxCvCertificate).map_error(in_file(file)));
  PATENT_TRY_VOID(parse_cv_certificate(octets).map_error(in_file(file)));
  return octets;
}

// A certificate for the key, under the key of this name, with the next number.
Result<Bytes, DomainFailure> TrustDomain::certify_cv(std::string_view name, const SigningKey& subject,
                                                     std::string_view issuer, Time at) const {
  const CvRules& rules =
      *std::find_if(kCvRules.begin(), kCvRules.end(), [&](const CvRules& one) { return one.name == name; });
  const fs::path file = cv_certificate_file(folder_, name);
  const CvDate day = std::chrono::floor<std::chrono::days>(at);
  PATENT_TRY(const Certificate csca, certificate(kCscaKey));
  unsigned number = 1;
  if (file_exists(file)) {
    PATENT_TRY(const Bytes current, cv_certificate(name));
    number += number_of(parse_cv_certificate(current)->holder);
  }
  if (number > 99999) return unexpected(DomainFailure{CryptoError::unsupported, file});
  CvPlan plan;
  plan.holder = fmt::format("{}{}{:05}", csca.country(), rules.mnemonic, number);
  plan.authority = plan.holder;
  plan.role = rules.role;
  plan.rights = rules.rights;
  plan.effective = day;
  plan.expires = months_later(day, rules.validity);
  OpensslEngine engine;
  PATENT_TRY(const CvKey key, cv_key_of(subject).map_error(in_file(file)));
  if (issuer.empty()) return make_cv_certificate(engine, plan, key, subject).map_error(in_file(file));
  const fs::path issuer_file = cv_certificate_file(folder_, issuer);
  PATENT_TRY(const Bytes issuer_octets, cv_certificate(issuer));
  const CvCertificate authority = parse_cv_certificate(issuer_octets).value();
  if (day < authority.effective || authority.expires < day)
    return unexpected(DomainFailure{CryptoError::bad_state, issuer_file});
  plan.authority = text_of(authority.holder);
  if (rules.role != CvRole::cvca) plan.expires = std::min(plan.expires, authority.expires);
  const fs::path key_file = vault_->place(issuer, KeyKind::signing);
  PATENT_TRY(const auto issuer_key, vault_->signing_key(issuer).map_error(in_file(key_file)));
  return make_cv_certificate(engine, plan, key, *issuer_key).map_error(in_file(file));
}

// NAME-next and its certificate; for a CVCA that has a predecessor, the link certificate before it.
Result<void, DomainFailure> TrustDomain::prepare_cv_successor(std::string_view name, Time at) {
  const std::string next = successor_of(name);
  const fs::path next_file = cv_certificate_file(folder_, next);
  if (file_exists(next_file)) return {};
  PATENT_TRY(const Certificate csca, certificate(kCscaKey));
  PATENT_TRY(const auto csca_key,
             vault_->signing_key(kCscaKey).map_error(in_file(vault_->place(kCscaKey, KeyKind::signing))));
  PATENT_TRY(const auto key, have_signing_key(next, csca_key->curve()));
  const bool authority = name == kCvcaKey;
  if (authority && file_exists(cv_certificate_file(folder_, name))) {
    PATENT_TRY(const Bytes link, certify_cv(name, *key, name, at));
    const fs::path link_file = cv_certificate_file(folder_, numbered("cvca-link", parse_cv_certificate(link).value()));
    PATENT_TRY_VOID(write_file(link_file, link, Readers::everybody, Overwrite::yes).map_error(in_file(link_file)));
  }
  const std::string_view issuer =
      std::find_if(kCvRules.begin(), kCvRules.end(), [&](const CvRules& one) { return one.name == name; })->issuer;
  PATENT_TRY(const Bytes made, certify_cv(name, *key, authority ? std::string_view() : issuer, at));
  return write_file(next_file, made, Readers::everybody, Overwrite::no).map_error(in_file(next_file));
}

Result<Bytes, DomainFailure> TrustDomain::renew_cv(std::string_view name, Time at) {
  if (std::none_of(kCvRules.begin(), kCvRules.end(), [&](const CvRules& one) { return one.name == name; }))
    return unexpected(DomainFailure{CryptoError::not_found, cv_certificate_file(folder_, name)});
  PATENT_TRY(const auto lock, lock_domain(folder_));
  PATENT_TRY_VOID(prepare_cv_successor(name, at));
  std::string retired;
  if (file_exists(cv_certificate_file(folder_, name))) {
    PATENT_TRY(const Bytes current, cv_certificate(name));
    retired = numbered(name, parse_cv_certificate(current).value());
  }
  PATENT_TRY_VOID(promote(name, kCvCertificateSuffix, retired));
  return cv_certificate(name);
}

}  // namespace crypto
