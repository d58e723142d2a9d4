// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/status_signing.hpp"

#include <array>

namespace personalize {
namespace {

using crypto::Bytes;

constexpr std::size_t kMaxCertificate = 900;  // of a certificate record's X.509 part (Doc 9303-10, LDS2)

crypto::unexpected<IssuerFailure> failure(IssuerError error, const Signer& signer,
                                          std::optional<crypto::CryptoError> crypto = {}) {
  return crypto::unexpected<IssuerFailure>({error, signer.name, crypto, {}});
}

// The hash goes with the curve: 256, 384 or 512 bits.
crypto::HashAlgorithm hash_for(crypto::Curve curve) {
  if (crypto::field_size(curve) <= 32) return crypto::HashAlgorithm::sha256;
  return crypto::field_size(curve) <= 48 ? crypto::HashAlgorithm::sha384 : crypto::HashAlgorithm::sha512;
}

}  // namespace

Signed<SignedStatus> sign_status(crypto::Engine& engine, const Signer& signer, const patent::StatusRecord& status) {
  SignedStatus out{patent::encode_status_info(status), {}, status.sequence};
  if (out.info.empty()) return failure(IssuerError::not_encodable, signer);
  const auto algorithm = hash_for(signer.key->curve());
  Bytes hash(crypto::hash_size(algorithm));
  const auto hashed = engine.hash(algorithm, std::array{crypto::ByteView(out.info)}, hash);
  if (!hashed) return failure(IssuerError::crypto, signer, hashed.error());
  auto signature = signer.key->sign_digest(hash);
  if (!signature) return failure(IssuerError::crypto, signer, signature.error());
  out.signature = *std::move(signature);
  return out;
}

Signed<Bytes> certificate_record_of(const Signer& signer) {
  const auto serial = crypto::from_hex(signer.certificate.serial_hex());
  if (!serial) return failure(IssuerError::not_encodable, signer);
  if (signer.certificate.der().size() > kMaxCertificate) return failure(IssuerError::too_large, signer);
  return patent::encode_certificate_record(signer.certificate.country(), *serial, signer.certificate.der());
}

}  // namespace personalize
