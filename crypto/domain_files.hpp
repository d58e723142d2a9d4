// SPDX-License-Identifier: Apache-2.0
// Owns where a trust domain keeps what: the names of its folders and files.
#pragma once

#include "crypto/file_lock.hpp"
#include "crypto/trust_domain.hpp"

namespace crypto {

inline constexpr std::string_view kKeysFolder = "keys", kCertificatesFolder = "certificates", kTrustFolder = "trust";
inline constexpr std::string_view kCertificateSuffix = ".cer", kCvCertificateSuffix = ".cvcert",
                                  kRevocationListName = "csca.crl";

inline std::filesystem::path sample_passphrase_file(const std::filesystem::path& domain) {
  return domain / kKeysFolder / (std::string(kSamplePrefix) + "passphrase");
}
inline std::filesystem::path certificate_file(const std::filesystem::path& domain, std::string_view name) {
  return domain / kCertificatesFolder / (std::string(name) + std::string(kCertificateSuffix));
}
inline std::filesystem::path cv_certificate_file(const std::filesystem::path& domain, std::string_view name) {
  return domain / kCertificatesFolder / (std::string(name) + std::string(kCvCertificateSuffix));
}
inline std::filesystem::path trusted_file(const std::filesystem::path& domain, std::string_view name) {
  return domain / kTrustFolder / (std::string(name) + std::string(kCertificateSuffix));
}
inline std::filesystem::path revocation_list_file(const std::filesystem::path& domain) {
  return domain / kTrustFolder / kRevocationListName;
}

// The name of a key, and of its certificate, before it takes its place.
inline std::string successor_of(std::string_view name) { return std::string(name) + "-next"; }

// One process at a time makes keys, certificates and revocation lists: two would give one number twice, and forget what
// the other entered. storage when it is held for half a minute.
Result<FileLock, DomainFailure> lock_domain(const std::filesystem::path& domain);

// An error's translation that says which file or key it is about.
inline auto in_file(std::filesystem::path file) {
  return [file = std::move(file)](CryptoError error) { return DomainFailure{error, file}; };
}

}  // namespace crypto
