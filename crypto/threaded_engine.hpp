// SPDX-License-Identifier: Apache-2.0
// Owns an Engine for many threads at once: each works with one of its own below.
#pragma once

#include "crypto/engine.hpp"

namespace crypto {

class ThreadedEngine final : public Engine {
public:
  Outcome random(ByteSpan out) override;
  Outcome hash(HashAlgorithm algorithm, std::span<const ByteView> parts, ByteSpan out) override;
  Outcome aes_cbc(Direction direction, ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Outcome aes_cmac(ByteView key, std::span<const ByteView> parts, ByteSpan out) override;
  Outcome triple_des_cbc(Direction direction, ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Outcome ec_random_scalar(Curve curve, Secret& out) override;
  Result<Point, CryptoError> ec_multiply(Curve curve, ByteView scalar, ByteView point) override;
  Result<Point, CryptoError> ec_add(Curve curve, ByteView p, ByteView q) override;
  Outcome ec_quotient(Curve curve, ByteView dividend, ByteView divisor, Secret& out) override;
  Result<Point, CryptoError> ec_encode_point(Curve curve, ByteView number) override;
  Result<PlainSignature, CryptoError> ecdsa_sign(Curve curve, ByteView scalar, ByteView digest) override;
  Outcome ecdsa_verify(Curve curve, ByteView point, ByteView digest, ByteView signature) override;
};

}  // namespace crypto
