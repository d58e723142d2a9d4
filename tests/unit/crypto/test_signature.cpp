// SPDX-License-Identifier: Apache-2.0
// Signatures as X.509 and CMS name them: published ones.
#include "crypto/signature.hpp"

#include <catch2/catch.hpp>

#include "tests/vectors.hpp"

using namespace crypto;

TEST_CASE("Wycheproof's good RSA-PSS signatures hold, its wrong ones do not", "[signature]") {
  const Json::Value vectors = read_vectors("wycheproof_rsa_pss");
  const auto key = openssl::read_der<openssl::KeyHandle>(d2i_PUBKEY, octets_at(vectors["key"]));
  REQUIRE(key);
  const SignatureScheme scheme{SignatureKind::rsa_pss, HashAlgorithm::sha256, HashAlgorithm::sha256, 32};
  const auto holds = [&](const Json::Value& row) {
    CAPTURE(row[0].asInt());
    const auto outcome = verify(key.get(), scheme, octets_at(row[1]), octets_at(row[2]));
    if (!outcome) CHECK(outcome.error() == CryptoError::bad_signature);
    return outcome.has_value();
  };
  REQUIRE(vectors["good"].size() == 63);
  for (const auto& row : vectors["good"]) CHECK(holds(row));
  REQUIRE(vectors["wrong"].size() == 45);
  for (const auto& row : vectors["wrong"]) CHECK_FALSE(holds(row));
}
