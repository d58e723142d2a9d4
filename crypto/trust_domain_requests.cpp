// SPDX-License-Identifier: Apache-2.0
// Certificates of the second tree for keys of others, and requests for keys of this domain (TR-03110-3, 2.2.3, C.2).
#include "crypto/cv_certificate_make.hpp"
#include "crypto/domain_files.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/openssl_engine.hpp"

namespace crypto {

namespace {

namespace fs = std::filesystem;

std::string text_of(ByteView octets) { return {octets.begin(), octets.end()}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

// C.1.2: country, mnemonic, sequence number. Of letters and digits only, for it names a file.
bool is_reference(std::string_view text) {
  return text.size() >= 2 + 5 && text.size() <= kMaxCvReference && is_capital(text[0]) && is_capital(text[1]) &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || is_capital(c) || (c >= 'a' && c <= 'z'); });
}
// Our own are numbered in digits.
bool is_own_reference(std::string_view text) {
  return is_reference(text) && std::ranges::all_of(text.substr(text.size() - 5), is_digit);
}

bool within(const CvRights& wanted, const CvRights& granted) { return (wanted & granted) == wanted; }

CvDate last_day(CvDate first, std::chrono::months validity, CvDate issuer_expires) {
  const std::chrono::year_month_day later = std::chrono::year_month_day(first) + validity;
  const CvDate day = later.ok() ? CvDate(later) : CvDate(later.year() / later.month() / std::chrono::last);
  return std::min(day, issuer_expires);
}

}  // namespace

Result<Bytes, DomainFailure> TrustDomain::request_cv(std::string_view name, std::string_view holder,
                                                     std::string_view authority, std::string_view signer) const {
  if (!is_own_reference(holder)) return unexpected(DomainFailure{CryptoError::bad_encoding, std::string(holder)});
  const fs::path key_file = vault_->place(name, KeyKind::signing);
  PATENT_TRY(const auto lock, lock_domain(folder_));
  OpensslEngine engine;
  std::unique_ptr<SigningKey> key;
  PATENT_TRY(const bool made, vault_->has(name, KeyKind::signing).map_error(in_file(key_file)));
  if (made) {
    PATENT_TRY(key, vault_->signing_key(name).map_error(in_file(key_file)));
  } else {
    const fs::path csca_file = vault_->place(kCscaKey, KeyKind::signing);
    PATENT_TRY(const auto csca_key, vault_->signing_key(kCscaKey).map_error(in_file(csca_file)));
    PATENT_TRY(key, vault_->make_signing_key(name, csca_key->curve()).map_error(in_file(key_file)));
  }
  PATENT_TRY(Bytes request, make_cv_request(engine, holder, authority, *key).map_error(in_file(std::string(holder))));
  if (signer.empty()) return request;
  PATENT_TRY(const Bytes octets, cv_certificate(signer));
  const fs::path signer_file = vault_->place(signer, KeyKind::signing);
  PATENT_TRY(const auto older, vault_->signing_key(signer).map_error(in_file(signer_file)));
  const auto reference = text_of(parse_cv_certificate(octets)->holder);
  return authenticate_cv_request(engine, request, reference, *older).map_error(in_file(signer_file));
}

Result<std::optional<Bytes>, DomainFailure> TrustDomain::find_cv_holder(ByteView reference) const {
  const fs::path folder = folder_ / kCertificatesFolder;
  std::error_code error;
  for (fs::directory_iterator entries(folder, error), end; !error && entries != end; entries.increment(error)) {
    const fs::path& file = entries->path();
    if (file.extension() != kCvCertificateSuffix) continue;
    PATENT_TRY(Bytes octets, read_file(file, kMaxCvCertificate).map_error(in_file(file)));
    const auto known = parse_cv_certificate(octets);
    if (known && std::ranges::equal(known->holder, reference)) return std::optional(std::move(octets));
  }
  if (error) return unexpected(DomainFailure{CryptoError::storage, folder});
  return std::optional<Bytes>();
}

// That whoever made the request has its key, and that the second signature, where there is one, is by somebody known.
Result<void, DomainFailure> TrustDomain::check_requester(const CvRequest& request, Curve curve) const {
  OpensslEngine engine;
  const auto subject = text_of(request.holder);
  PATENT_TRY_VOID(verify_own(engine, request).map_error(in_file(subject)));
  if (!request.outer) return {};
  const auto signer = text_of(request.outer->authority);
  PATENT_TRY(const auto octets, find_cv_holder(request.outer->authority));
  if (!octets) return unexpected(DomainFailure{CryptoError::not_found, signer});
  PATENT_TRY(const CvKey key, cv_key(engine, parse_cv_certificate(*octets)->key, curve).map_error(in_file(signer)));
  return verify_outer(engine, request, key).map_error(in_file(subject));
}

Result<Bytes, DomainFailure> TrustDomain::certify_cv_request(ByteView octets, const CvGrant& grant, Time at) const {
  const bool terminal = grant.role == CvRole::terminal;
  const std::string_view issuer = terminal ? kDvKey : kCvcaKey;
  const fs::path issuer_file = cv_certificate_file(folder_, issuer);
  PATENT_TRY(const CvRequest request, parse_cv_request(octets).map_error(in_file("request")));
  const auto holder = text_of(request.holder);
  if (!is_reference(holder)) return unexpected(DomainFailure{CryptoError::bad_encoding, holder});
  const fs::path file = cv_certificate_file(folder_, holder);
  PATENT_TRY(const auto lock, lock_domain(folder_));
  PATENT_TRY(const auto certified, find_cv_holder(request.holder));
  if (certified) return unexpected(DomainFailure{CryptoError::already_exists, holder});

  PATENT_TRY(const Bytes issuer_octets, cv_certificate(issuer));
  const CvCertificate authority = parse_cv_certificate(issuer_octets).value();
  const fs::path key_file = vault_->place(issuer, KeyKind::signing);
  PATENT_TRY(const auto issuer_key, vault_->signing_key(issuer).map_error(in_file(key_file)));
  PATENT_TRY_VOID(check_requester(request, issuer_key->curve()));
  OpensslEngine engine;
  PATENT_TRY(const CvKey subject, cv_key(engine, request.key, issuer_key->curve()).map_error(in_file(holder)));
  if (subject.curve != issuer_key->curve()) return unexpected(DomainFailure{CryptoError::unsupported, holder});

  const CvDate today = std::chrono::floor<std::chrono::days>(at);
  const bool for_another = !request.authority.empty() && !std::ranges::equal(request.authority, authority.holder);
  const bool holds = authority.effective <= today && today <= authority.expires;
  if (for_another || !holds || grant.role == CvRole::cvca || !within(grant.rights, authority.rights))
    return unexpected(DomainFailure{CryptoError::bad_state, issuer_file});
  const CvPlan plan{text_of(authority.holder),
                    holder,
                    grant.role,
                    grant.rights,
                    today,
                    last_day(today, terminal ? kTerminalValidity : kDvValidity, authority.expires)};
  PATENT_TRY(Bytes made, make_cv_certificate(engine, plan, subject, *issuer_key).map_error(in_file(file)));
  PATENT_TRY_VOID(write_file(file, made, Readers::everybody, Overwrite::no).map_error(in_file(file)));
  return made;
}

}  // namespace crypto
