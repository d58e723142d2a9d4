// SPDX-License-Identifier: Apache-2.0
#include "reader/inspect/domain_terminal.hpp"

#include <memory>

#include "crypto/domain_files.hpp"
#include "crypto/guarded_file.hpp"

namespace reader {
namespace {

namespace fs = std::filesystem;

// Links and DVs, of today and of before. Of terminals only one may stand in an identity.
bool leads_to_terminals(ByteView octets) {
  const auto certificate = crypto::parse_cv_certificate(octets);
  return certificate && certificate->role != crypto::CvRole::terminal && !certificate->self_issued();
}

}  // namespace

crypto::Result<TerminalIdentity, crypto::DomainFailure> domain_terminal(const crypto::TrustDomain& domain,
                                                                        std::string_view name) {
  PATENT_TRY(Bytes own, domain.cv_certificate(name));
  PATENT_TRY(auto key, domain.vault().signing_key(name).map_error(
                           crypto::in_file(domain.vault().place(name, crypto::KeyKind::signing))));
  TerminalIdentity terminal;
  terminal.certificates.push_back(std::move(own));
  terminal.sign = [held = std::shared_ptr<crypto::SigningKey>(std::move(key))](ByteView digest) {
    auto signature = held->sign_digest(digest);
    return signature ? std::optional(*std::move(signature)) : std::nullopt;
  };
  const auto folder = domain.folder() / crypto::kCertificatesFolder;
  std::error_code error;
  for (fs::directory_iterator entries(folder, error), end; !error && entries != end; entries.increment(error)) {
    const auto& file = entries->path();
    if (file.extension() != crypto::kCvCertificateSuffix) continue;
    PATENT_TRY(Bytes octets, crypto::read_file(file, crypto::kMaxCvCertificate).map_error(crypto::in_file(file)));
    if (leads_to_terminals(octets)) terminal.certificates.push_back(std::move(octets));
  }
  if (error) return crypto::unexpected(crypto::DomainFailure{crypto::CryptoError::storage, folder});
  return terminal;
}

}  // namespace reader
