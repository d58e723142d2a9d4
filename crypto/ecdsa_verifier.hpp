// SPDX-License-Identifier: Apache-2.0
// Owns the verification of many ECDSA signatures under one key: multiples of the key are kept, so that one costs a
// third of what it costs for a key that is new.
#pragma once

#include "crypto/openssl_curve.hpp"

namespace crypto {

class EcdsaVerifier {
public:
  // Takes as long as some hundred signatures on P-256, and two on P-384. bad_point: this is no key of the curve.
  static Result<EcdsaVerifier, CryptoError> make(Curve curve, ByteView point);
  // `signature`: plain r || s. Any number of threads at the same time. Not for secrets: it takes what time it takes.
  [[nodiscard]] bool holds(ByteView digest, ByteView signature) const;

private:
  EcdsaVerifier(std::size_t field_octets, openssl::Group curve, openssl::Group key)
      : field_octets_(field_octets), curve_(std::move(curve)), key_(std::move(key)) {}
  std::size_t field_octets_;
  openssl::Group curve_, key_;  // the same group twice; the second's generator is the public key
};

}  // namespace crypto
