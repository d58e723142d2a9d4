// SPDX-License-Identifier: Apache-2.0
// Owns the Engine port: the cryptographic primitives that both a workstation and a secure element can give.
// Everything above (PACE, secure messaging, SCP03) is written against this port, without heap.
#pragma once

#include <cstdint>

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"
#include "crypto/secret.hpp"

namespace crypto {

enum class CryptoError : std::uint8_t {
  bad_length,  // an input or output has a length the primitive does not have
  bad_point,   // not on the curve, at infinity, of small order, or not uncompressed (04 || X || Y)
  bad_scalar,  // zero, or not below the group order
  bad_signature,
  bad_token,       // a protocol's authentication token or cryptogram does not match
  bad_state,       // a protocol step out of order
  bad_encoding,    // a certificate, key, or signed object is malformed
  unsupported,     // an algorithm, curve or parameter outside the profiles
  not_found,       // no key or certificate of this name
  locked,          // the key vault's passphrase is wrong or missing
  storage,         // the vault's storage failed
  already_exists,  // a key or file of this name; nothing is overwritten
  exposed,         // a key or passphrase file that others than its owner can read
  engine_failure,  // the library below reported an error of its own
  expired,         // a certificate whose last day is over
  unavailable,     // the key vault's module, token or session is away; it may come back
};

// ICAO Doc 9303-11, 9.5.1 (table of standardized domain parameters): the values are its ids.
enum class Curve : std::uint8_t {
  secp256r1 = 12,
  brainpoolP256r1 = 13,
  secp384r1 = 15,
  brainpoolP384r1 = 16,
  brainpoolP512r1 = 17,
  secp521r1 = 18,
};
inline constexpr std::array kCurves{Curve::secp256r1,       Curve::brainpoolP256r1, Curve::secp384r1,
                                    Curve::brainpoolP384r1, Curve::brainpoolP512r1, Curve::secp521r1};

// Octets of a coordinate and, for all these curves, of a scalar: 32, 48, 64 or 66.
[[nodiscard]] std::size_t field_size(Curve curve);
// 04 || X || Y.
[[nodiscard]] std::size_t point_size(Curve curve);
inline constexpr std::size_t kMaxFieldSize = 66;
inline constexpr std::size_t kMaxPointSize = 1 + 2 * kMaxFieldSize;
using Point = Buffer<kMaxPointSize>;

enum class HashAlgorithm : std::uint8_t { sha1, sha224, sha256, sha384, sha512 };
[[nodiscard]] std::size_t hash_size(HashAlgorithm algorithm);
inline constexpr std::size_t kMaxHashSize = 64;

// r || s, each of field_size octets (TR-03111, 5.2.1: the plain form).
using PlainSignature = Buffer<2 * kMaxFieldSize>;

inline constexpr std::size_t kAesBlock = 16;
inline constexpr std::size_t kDesBlock = 8;

enum class Direction : std::uint8_t { encrypt, decrypt };

class Engine {
public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  using Outcome = Result<void, CryptoError>;

  virtual Outcome random(ByteSpan out) = 0;
  // out.size() == hash_size(algorithm); the parts are hashed as one message.
  virtual Outcome hash(HashAlgorithm algorithm, std::span<const ByteView> parts, ByteSpan out) = 0;
  // AES-CBC without padding; key 16, 24 or 32 octets, iv 16, in.size() == out.size() a multiple of 16.
  // `out` may be `in` itself.
  virtual Outcome aes_cbc(Direction direction, ByteView key, ByteView iv, ByteView in, ByteSpan out) = 0;
  // AES-CMAC (RFC 4493, SP 800-38B), 16 octets, over the parts as one message.
  virtual Outcome aes_cmac(ByteView key, std::span<const ByteView> parts, ByteSpan out) = 0;

  // 3DES (EDE) in CBC mode without padding; key 16 octets (K1 K2, K3 = K1), iv 8, in.size() == out.size() a multiple of
  // 8. `out` may be `in` itself. For reading documents that have nothing better.
  virtual Outcome triple_des_cbc(Direction direction, ByteView key, ByteView iv, ByteView in, ByteSpan out) = 0;

  // A random scalar in [1, n-1], field_size octets.
  virtual Outcome ec_random_scalar(Curve curve, Secret& out) = 0;
  // scalar * point; an empty point means the curve's generator. Refuses points that are not on the curve and
  // results at infinity. The scalar is reduced modulo the order; time does not depend on it.
  virtual Result<Point, CryptoError> ec_multiply(Curve curve, ByteView scalar, ByteView point) = 0;
  virtual Result<Point, CryptoError> ec_add(Curve curve, ByteView p, ByteView q) = 0;
  // dividend * divisor^-1 modulo the group order, field_size octets. bad_scalar unless both are in [1, n-1].
  virtual Outcome ec_quotient(Curve curve, ByteView dividend, ByteView divisor, Secret& out) = 0;
  // The point that a number, reduced modulo the field's prime, encodes (Doc 9303-11, appendix B; all kCurves have
  // p = 3 mod 4). bad_point for the few numbers that encode none.
  virtual Result<Point, CryptoError> ec_encode_point(Curve curve, ByteView number) = 0;

  // ECDSA over a hash value; bad_scalar as above.
  virtual Result<PlainSignature, CryptoError> ecdsa_sign(Curve curve, ByteView scalar, ByteView digest) = 0;
  // bad_signature when it does not hold.
  virtual Outcome ecdsa_verify(Curve curve, ByteView point, ByteView digest, ByteView signature) = 0;
};

}  // namespace crypto
