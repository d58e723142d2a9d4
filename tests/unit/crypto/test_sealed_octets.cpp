// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <set>

#include "crypto/sealed_octets.hpp"

using namespace crypto;

namespace {

SealingKey key(std::string_view hex) { return SealingKey::make(Secret(*from_hex(hex))).value(); }
const std::string_view kKey = "FEFFE9928665731C6D6A8F9467308308FEFFE9928665731C6D6A8F9467308308";
const Bytes kPlain{1, 2, 3, 4, 5};
const ByteView kPlace = as_bytes("order/1/document");

}  // namespace

// McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16.
TEST_CASE("Sealed octets are AES-256-GCM, the nonce ahead and the tag behind") {
  const auto sealed = *from_hex(
      "CAFEBABEFACEDBADDECAF888"
      "522DC1F099567D07F47F37A32A84427D643A8CDCBFE5C0C97598A2BD2555D1AA8CB08E48590DBB3DA7B08B1056828838C5F61E6393BA7A0A"
      "BCC9F662"
      "76FC6ECE0F4E1768CDDF8853BB2D551B");
  const auto opened = key(kKey).open(*from_hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"), sealed);
  REQUIRE(opened);
  CHECK(
      to_hex(*opened) ==
      "D9313225F88406E5A55909C5AFF5269A86A7A9531534F7DA2E4C303D8A318A721C3C0C95956809532FCF0E2449A6B525B16AEDF5AA0DE657"
      "BA637B39");
}

TEST_CASE("What was sealed opens with the key and at the place, and is never sealed twice alike") {
  auto one = key(kKey), other = key(kKey);
  const auto sealed = one.seal(kPlace, kPlain);
  REQUIRE(sealed);
  CHECK(sealed->size() == kPlain.size() + kSealNonce + kSealTag);
  CHECK(other.open(kPlace, *sealed) == kPlain);
  CHECK(one.open({}, *one.seal({}, {})) == Bytes{});
  std::set<Bytes> nonces;
  for (int i = 0; i < 700; ++i)  // over the end of an octet
    for (auto* const key : {&one, &other}) {
      const auto again = key->seal(kPlace, kPlain).value();
      CHECK(nonces.emplace(again.begin(), again.begin() + kSealNonce).second);
    }
}

TEST_CASE("No octet of it can be changed, and it opens nowhere else") {
  auto secret = key(kKey);
  const auto sealed = *secret.seal(kPlace, kPlain);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] ^= 1;
    CHECK(secret.open(kPlace, changed).error() == CryptoError::bad_signature);
    CHECK(secret.open(kPlace, ByteView(sealed).first(i)).error() == CryptoError::bad_signature);
  }
  CHECK(secret.open(as_bytes("order/2/document"), sealed).error() == CryptoError::bad_signature);
  CHECK(secret.open(kPlace, sealed) == kPlain);  // after all that
  auto other = *from_hex(kKey);
  other[31] ^= 1;
  CHECK(SealingKey::make(Secret(other))->open(kPlace, sealed).error() == CryptoError::bad_signature);
  CHECK(SealingKey::make(Secret(ByteView(other).first(16))).error() == CryptoError::bad_length);
}
