// SPDX-License-Identifier: Apache-2.0
#include "crypto/trust_domain.hpp"

#include "crypto/domain_files.hpp"
#include "crypto/domain_vault.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/parsed_certificate.hpp"

namespace crypto {

namespace fs = std::filesystem;

TrustDomain::TrustDomain(fs::path folder, std::unique_ptr<KeyVault> vault)
    : folder_(std::move(folder)), sample_(file_exists(sample_passphrase_file(folder_))), vault_(std::move(vault)) {}

Result<TrustDomain, DomainFailure> TrustDomain::open(const fs::path& folder, Passphrase passphrase) {
  std::error_code error;
  for (const std::string_view part : {kKeysFolder, kCertificatesFolder, kTrustFolder})
    if (!fs::is_directory(folder / part, error))
      return unexpected(DomainFailure{CryptoError::not_found, folder / part});
  PATENT_TRY(auto vault, open_vault(folder, std::move(passphrase)));
  return TrustDomain(folder, std::move(vault));
}

Result<Certificate, DomainFailure> TrustDomain::certificate(std::string_view name) const {
  const fs::path file = certificate_file(folder_, name);
  PATENT_TRY(const Bytes octets, read_file(file, kMaxCertificate).map_error(in_file(file)));
  return Certificate::parse(octets).map_error(in_file(file));
}

Result<std::vector<TrustDomain::Named>, DomainFailure> TrustDomain::certificates() const {
  std::error_code error;
  std::vector<Named> all;
  for (fs::directory_iterator at(folder_ / kCertificatesFolder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() != kCertificateSuffix) continue;
    const std::string name = at->path().stem().string();
    PATENT_TRY(Certificate one, certificate(name));
    all.push_back({name, std::move(one)});
  }
  if (error) return unexpected(DomainFailure{CryptoError::storage, folder_ / kCertificatesFolder});
  std::sort(all.begin(), all.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
  return all;
}

Result<RevocationList, DomainFailure> TrustDomain::revocation_list() const {
  const fs::path file = revocation_list_file(folder_);
  PATENT_TRY(const Bytes octets, read_file(file, kMaxRevocationList).map_error(in_file(file)));
  return RevocationList::parse(octets).map_error(in_file(file));
}

Result<Passphrase, CryptoError> domain_passphrase(const fs::path& folder, std::string_view source) {
  if (!source.empty()) return read_passphrase(source);
  const fs::path own = sample_passphrase_file(folder);
  return read_passphrase(file_exists(own) ? "file:" + own.string() : "prompt");
}

}  // namespace crypto
