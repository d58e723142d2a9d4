// SPDX-License-Identifier: Apache-2.0
// How often and how long signers sign, and how they give way to their successors by themselves.
#include "crypto/domain_files.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/use_counter.hpp"

namespace crypto {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUseFolder = "use", kLimitFile = "document-signer.limit";
constexpr std::chrono::seconds kLockPatience{30};

// Each certificate's key has a count of its own.
fs::path count_file(const fs::path& domain, const Certificate& certificate) {
  return domain / kUseFolder / (std::string(kDocumentSignerKey) + "-" + certificate.serial_hex() + ".count");
}

}  // namespace

Result<FileLock, DomainFailure> lock_domain(const fs::path& domain) {
  const fs::path file = domain / "renewal.lock";
  auto lock = FileLock::wait(file, kLockPatience);
  if (!lock) return unexpected(DomainFailure{CryptoError::storage, file});
  return *std::move(lock);
}

bool period_ends(const Certificate& signer, Time at) {
  const Time until = std::min(signer.not_after(), signer.private_key_not_after().value_or(signer.not_after()));
  return at + kRollOverAhead > until && at < until + kRollOverBehind;
}

Result<SignerUse, DomainFailure> TrustDomain::document_signer_use() const {
  PATENT_TRY(const Certificate signer, certificate(kDocumentSignerKey));
  const fs::path file = count_file(folder_, signer), limit_file = folder_ / kUseFolder / kLimitFile;
  SignerUse use;
  PATENT_TRY(use.used, read_use_count(file).map_error(in_file(file)));
  PATENT_TRY(use.limit, read_use_count(limit_file).map_error(in_file(limit_file)));
  if (use.limit == 0) use.limit = kSignerUses;
  use.until = signer.private_key_not_after().value_or(signer.not_after());
  return use;
}

Result<void, DomainFailure> TrustDomain::limit_signer_use(std::uint64_t limit) const {
  const fs::path file = folder_ / kUseFolder / kLimitFile;
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  return write_file(file, as_bytes(std::to_string(limit) + "\n"), Readers::everybody, Overwrite::yes)
      .map_error(in_file(file));
}

Result<std::unique_ptr<SigningKey>, DomainFailure> TrustDomain::signing_key(std::string_view name) const {
  PATENT_TRY(auto key, vault_->signing_key(name).map_error(in_file(vault_->place(name, KeyKind::signing))));
  if (name != kDocumentSignerKey) return key;
  PATENT_TRY(const Certificate signer, certificate(name));
  PATENT_TRY(const SignerUse use, document_signer_use());
  return std::make_unique<CountedKey>(std::move(key), count_file(folder_, signer), use.limit);
}

Result<Certificate, DomainFailure> TrustDomain::renew(CertificateRole role, Time at) {
  PATENT_TRY(const auto lock, lock_domain(folder_));
  return succeed(role, at);
}

Result<bool, DomainFailure> TrustDomain::is_over(CertificateRole role, std::string_view name, Time at) const {
  PATENT_TRY(const Certificate signer, certificate(name));
  if (period_ends(signer, at)) return true;
  if (role != CertificateRole::document_signer) return false;
  PATENT_TRY(const SignerUse use, document_signer_use());
  return use.nearly_over();
}

Result<bool, DomainFailure> TrustDomain::roll_over(Time at) {
  bool renewed = false;
  for (const auto& [role, name] : {std::pair{CertificateRole::document_signer, kDocumentSignerKey},
                                   std::pair{CertificateRole::status_signer, kStatusSignerKey}}) {
    PATENT_TRY(const bool over, is_over(role, name, at));
    if (!over) continue;
    PATENT_TRY(const auto lock, lock_domain(folder_));
    PATENT_TRY(const bool still, is_over(role, name, at));  // another process may have been quicker
    if (still) PATENT_TRY_VOID(succeed(role, at));
    renewed = renewed || still;
  }
  return renewed;
}

}  // namespace crypto
