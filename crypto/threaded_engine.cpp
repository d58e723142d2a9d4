// SPDX-License-Identifier: Apache-2.0
#include "crypto/threaded_engine.hpp"

#include "crypto/openssl_engine.hpp"

namespace crypto {
namespace {

OpensslEngine& own() {
  thread_local OpensslEngine engine;
  return engine;
}

}  // namespace

using Outcome = Engine::Outcome;

Outcome ThreadedEngine::random(ByteSpan out) { return own().random(out); }
Outcome ThreadedEngine::hash(HashAlgorithm algorithm, std::span<const ByteView> parts, ByteSpan out) {
  return own().hash(algorithm, parts, out);
}
Outcome ThreadedEngine::aes_cbc(Direction direction, ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  return own().aes_cbc(direction, key, iv, in, out);
}
Outcome ThreadedEngine::aes_cmac(ByteView key, std::span<const ByteView> parts, ByteSpan out) {
  return own().aes_cmac(key, parts, out);
}
Outcome ThreadedEngine::triple_des_cbc(Direction direction, ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  return own().triple_des_cbc(direction, key, iv, in, out);
}
Outcome ThreadedEngine::ec_random_scalar(Curve curve, Secret& out) { return own().ec_random_scalar(curve, out); }
Result<Point, CryptoError> ThreadedEngine::ec_multiply(Curve curve, ByteView scalar, ByteView point) {
  return own().ec_multiply(curve, scalar, point);
}
Result<Point, CryptoError> ThreadedEngine::ec_add(Curve curve, ByteView p, ByteView q) {
  return own().ec_add(curve, p, q);
}
Outcome ThreadedEngine::ec_quotient(Curve curve, ByteView dividend, ByteView divisor, Secret& out) {
  return own().ec_quotient(curve, dividend, divisor, out);
}
Result<Point, CryptoError> ThreadedEngine::ec_encode_point(Curve curve, ByteView number) {
  return own().ec_encode_point(curve, number);
}
Result<PlainSignature, CryptoError> ThreadedEngine::ecdsa_sign(Curve curve, ByteView scalar, ByteView digest) {
  return own().ecdsa_sign(curve, scalar, digest);
}
Outcome ThreadedEngine::ecdsa_verify(Curve curve, ByteView point, ByteView digest, ByteView signature) {
  return own().ecdsa_verify(curve, point, digest, signature);
}

}  // namespace crypto
