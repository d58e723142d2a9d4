// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "crypto/kdf.hpp"
#include "crypto/openssl_engine.hpp"
#include "tests/vectors.hpp"

using namespace crypto;

TEST_CASE("Doc 9303's key derivation gives the published keys", "[kdf]") {
  OpensslEngine engine;
  const Json::Value vectors = read_vectors("icao_kdf");
  REQUIRE(vectors["computed"].size() == 9);
  REQUIRE(vectors["gmrtd"].size() == 5);
  for (const char* group : {"computed", "gmrtd"}) {
    for (const auto& row : vectors[group]) {
      Secret key;
      const auto length = static_cast<AesKey>(row[0].asUInt() / 8);
      const auto counter = static_cast<KdfCounter>(row[1].asUInt());
      REQUIRE(icao_kdf(engine, octets_at(row[2]), counter, length, key).has_value());
      CHECK(to_hex(key.view()) == row[3].asString());
    }
  }
}

// Doc 9303-11, appendix G.1: K and K_pi from the MRZ of T22000129.
TEST_CASE("The MRZ becomes the PACE password", "[kdf]") {
  OpensslEngine engine;
  Secret password;
  Secret key;
  REQUIRE(mrz_password(engine, "T22000129364081251010318", password).has_value());
  CHECK(to_hex(password.view()) == "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD");
  REQUIRE(password_key(engine, password, AesKey::aes128, key).has_value());
  CHECK(to_hex(key.view()) == "89DED1B26624EC1E634C1989302849DD");

  CHECK(mrz_password(engine, "T2200012936408125101031", password).error() == CryptoError::bad_length);
  CHECK(mrz_password(engine, "", password).error() == CryptoError::bad_length);
  CHECK(mrz_password(engine, std::string(38, '0'), password).has_value());  // a long document number
  CHECK(mrz_password(engine, std::string(39, '0'), password).error() == CryptoError::bad_length);
}

TEST_CASE("The CAN is six digits and nothing else", "[kdf]") {
  Secret password;
  REQUIRE(can_password("012345", password).has_value());
  CHECK(to_hex(password.view()) == "303132333435");
  for (const char* wrong :
       {"", "12345", "1234567", "12345a", " 12345", "12345 ", "-12345", "12345\n", "\xD9\xA1\xD9\xA2\xD9\xA3"})
    CHECK(can_password(wrong, password).error() == CryptoError::bad_length);
}

TEST_CASE("SCP03's key derivation gives the published keys", "[kdf]") {
  OpensslEngine engine;
  const Json::Value vectors = read_vectors("scp03_kdf");
  REQUIRE(vectors["cases"].size() == 40);
  for (const auto& row : vectors["cases"]) {
    const Bytes expected = octets_at(row[3]);
    Bytes out(expected.size());
    REQUIRE(scp03_kdf(engine, octets_at(row[0]), octets_at(row[1]).front(), octets_at(row[2]), out).has_value());
    CHECK(to_hex(out) == row[3].asString());
  }
}

TEST_CASE("SCP03's key derivation makes the lengths SCP03 has, and binds them", "[kdf]") {
  OpensslEngine engine;
  const Bytes key(16, 0x40);
  const Bytes context(16, 0x11);
  std::string longest;
  for (const std::size_t size : {32U, 24U, 16U, 8U}) {
    Bytes out(size);
    REQUIRE(scp03_kdf(engine, key, 0x04, context, out).has_value());
    CHECK(longest.rfind(to_hex(out), 0) != 0);  // L is in the message: no length is a prefix of another
    if (longest.empty()) longest = to_hex(out);
  }
  Bytes too_long(33);
  CHECK(scp03_kdf(engine, key, 0x04, context, too_long).error() == CryptoError::bad_length);
  CHECK(scp03_kdf(engine, key, 0x04, context, {}).error() == CryptoError::bad_length);
  CHECK(scp03_kdf(engine, Bytes(15), 0x04, context, ByteSpan(too_long).first(16)).error() == CryptoError::bad_length);
}

TEST_CASE("SP 800-108 in counter mode gives the published keys", "[kdf]") {
  OpensslEngine engine;
  const Json::Value vectors = read_vectors("sp800_108_counter_cmac");
  REQUIRE(vectors["cases"].size() == 90);
  for (const auto& row : vectors["cases"]) {
    const Bytes expected = octets_at(row[3]);
    Bytes out(expected.size());
    REQUIRE(counter_kdf(engine, octets_at(row[0]), octets_at(row[1]), octets_at(row[2]), out).has_value());
    CHECK(to_hex(out) == row[3].asString());
  }
  CHECK(counter_kdf(engine, Bytes(32), {}, {}, {}).error() == CryptoError::bad_length);
}
