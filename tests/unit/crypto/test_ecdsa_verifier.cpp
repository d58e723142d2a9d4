// SPDX-License-Identifier: Apache-2.0
// Signatures under one key, verified by its multiples; Wycheproof's are in test_engine.cpp.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "crypto/ecdsa_verifier.hpp"
#include "crypto/openssl_engine.hpp"

using namespace crypto;

namespace {

struct Key {
  Secret scalar;
  Point point;
};
Key new_key(OpensslEngine& engine, Curve curve) {
  Key key;
  REQUIRE(engine.ec_random_scalar(curve, key.scalar));
  key.point = engine.ec_multiply(curve, key.scalar.view(), {}).value();
  return key;
}

}  // namespace

TEST_CASE("the verifier of a key says what the engine says, of good signatures and of spoilt ones") {
  OpensslEngine engine;
  for (const Curve curve : kCurves) {
    CAPTURE(static_cast<int>(curve));
    const Key key = new_key(engine, curve);
    const auto verifier = EcdsaVerifier::make(curve, key.point.view());
    REQUIRE(verifier);
    for (const std::size_t size : {1U, 20U, 32U, 48U, 64U}) {
      Bytes digest(size);
      REQUIRE(engine.random(digest));
      const auto signature = engine.ecdsa_sign(curve, key.scalar.view(), digest).value();
      CHECK(verifier->holds(digest, signature.view()));
      for (const std::size_t at : {std::size_t{0}, signature.size() / 2 - 1, signature.size() - 1}) {
        Bytes spoilt(signature.view().begin(), signature.view().end());
        spoilt[at] ^= 0x01;
        CHECK_FALSE(verifier->holds(digest, spoilt));
      }
      digest[0] ^= 0x01;
      CHECK_FALSE(verifier->holds(digest, signature.view()));
    }
    const auto signature = engine.ecdsa_sign(curve, key.scalar.view(), Bytes(20, 0x5A)).value();
    CHECK_FALSE(EcdsaVerifier::make(curve, new_key(engine, curve).point.view())->holds(Bytes(20, 0x5A), signature));
    CHECK_FALSE(verifier->holds({}, signature));
    CHECK_FALSE(verifier->holds(Bytes(20, 0x5A), signature.view().subspan(1)));
    CHECK_FALSE(verifier->holds(Bytes(20, 0x5A), Bytes(signature.size())));
    CHECK_FALSE(verifier->holds(Bytes(20, 0x5A), Bytes(signature.size(), 0xFF)));
    Bytes off(key.point.view().begin(), key.point.view().end());
    off.back() ^= 0x01;
    CHECK(EcdsaVerifier::make(curve, off).error() == CryptoError::bad_point);
    CHECK(EcdsaVerifier::make(curve, Bytes{0x00}).error() == CryptoError::bad_point);
    CHECK(EcdsaVerifier::make(curve, {}).error() == CryptoError::bad_point);
  }
}

TEST_CASE("many threads verify by one key's multiples") {
  OpensslEngine engine;
  const Key key = new_key(engine, Curve::secp256r1);
  const auto verifier = EcdsaVerifier::make(Curve::secp256r1, key.point.view());
  REQUIRE(verifier);
  const Bytes digest(32, 0x5A);
  const auto signature = engine.ecdsa_sign(Curve::secp256r1, key.scalar.view(), digest).value();
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i) good += verifier->holds(digest, signature.view()) ? 1 : 0;
      });
  }
  CHECK(good == 4 * 100);
}
