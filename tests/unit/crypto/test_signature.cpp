// SPDX-License-Identifier: Apache-2.0
// Signatures as X.509 and CMS name them: published ones, and what is no key or no algorithm.
#include "crypto/signature.hpp"

#include <catch2/catch.hpp>

#include "crypto/der.hpp"
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

TEST_CASE("The salt of RSA-PSS is as long as it is said to be, or the signature is none", "[signature]") {
  const auto salted = [](const Bytes& length) {
    const Bytes hash = hash_identifier(HashAlgorithm::sha256);
    const Bytes mask = der::sequence({der::object_identifier("1.2.840.113549.1.1.8"), hash});
    const Bytes parameters = der::sequence({tlv(0xA0, hash), tlv(0xA1, mask), tlv(0xA2, tlv(der::kInteger, length))});
    const Bytes whole = der::sequence({der::object_identifier("1.2.840.113549.1.1.10"), parameters});
    return read_signature_identifier(whole, HashAlgorithm::sha256);
  };
  CHECK(salted({32})->salt_length == 32);
  for (const Bytes& wrong : {Bytes{0xFF}, Bytes{0x7F, 0xFF}, Bytes{1, 0, 0, 0, 32}, Bytes(9, 1)})
    CHECK(salted(wrong).error() == CryptoError::bad_encoding);
}

TEST_CASE("A key that can be searched is no key to verify with", "[signature]") {
  const auto describe = [](const char* spki) {
    return describe_key(openssl::read_der<openssl::KeyHandle>(d2i_PUBKEY, from_hex(spki).value()).get());
  };
  constexpr auto kSecp112r1 =
      "3032301006072a8648ce3d020106052b81040006031e00049a0ef51e9e14c129c6c03bab67de32d82d946b8e7314f4132ea19959";
  CHECK(describe(kSecp112r1).empty());
}
