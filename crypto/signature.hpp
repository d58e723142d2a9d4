// SPDX-License-Identifier: Apache-2.0
// Owns signature algorithms as X.509 and CMS name them, their verification, and the two forms of an ECDSA signature.
#pragma once

#include <optional>

#include "crypto/openssl_handle.hpp"

namespace crypto {

enum class SignatureKind : std::uint8_t { ecdsa, rsa_pkcs1, rsa_pss };

struct SignatureScheme {
  SignatureKind kind = SignatureKind::ecdsa;
  HashAlgorithm hash = HashAlgorithm::sha256;
  HashAlgorithm mask_hash = HashAlgorithm::sha256;  // PSS: of MGF1
  int salt_length = 0;                              // PSS
};

[[nodiscard]] const EVP_MD* evp_digest(HashAlgorithm hash);
Result<Bytes, CryptoError> digest(HashAlgorithm hash, ByteView message);
// The hash of new signatures under this curve: of the field's size (TR-03111, 4.1.1), SHA-512 above 512 bits.
[[nodiscard]] HashAlgorithm hash_for(Curve curve);

// DER AlgorithmIdentifiers without parameters (RFC 5754, 2; RFC 5758, 3.2).
Bytes hash_identifier(HashAlgorithm hash);
Bytes ecdsa_identifier(HashAlgorithm hash);
// unsupported for any other hash; parameters must be absent or NULL.
Result<HashAlgorithm, CryptoError> read_hash_identifier(ByteView der);
// `hash` is the digest algorithm that stands beside it; one that contradicts it is bad_encoding.
Result<SignatureScheme, CryptoError> read_signature_identifier(ByteView der, HashAlgorithm hash);

// A key that this product verifies with: a named curve (explicit parameters of one count as named; others could be
// made to fit a public key), or RSA, of these lengths: the oldest documents have no longer ones (Doc 9303-11, 6.1.2).
inline constexpr int kMinCurveBits = 160;
inline constexpr int kMinRsaBits = 1024;
inline constexpr int kMaxRsaBits = 8192;
Engine::Outcome usable_key(const EVP_PKEY* key);
// "ECDSA secp384r1", "RSA 4096"; empty for an unusable key.
std::string describe_key(const EVP_PKEY* key);

// `signature` is DER ECDSA-Sig-Value, or RSA's octets. bad_signature when it does not hold.
Engine::Outcome verify(EVP_PKEY* key, const SignatureScheme& scheme, ByteView message, ByteView signature);

}  // namespace crypto
