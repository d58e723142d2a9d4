// SPDX-License-Identifier: Apache-2.0
// Published seals and characters, and every way in which octets are no seal.
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "card/patent/c40.hpp"
#include "card/patent/text.hpp"
#include "card/patent/visible_seal.hpp"
#include "crypto/key_vault.hpp"
#include "crypto/signature.hpp"
#include "vectors.hpp"

using namespace patent;

namespace {

VisibleSeal small_seal() {
  using namespace std::chrono;
  VisibleSeal seal;
  seal.header = {"RUS", "RUPS", "73D6D549DA", 2026y / 3 / 10, 2026y / 3 / 9, 1, 0x50};
  seal.features = {{1, {0xAA}}, {0, {}}, {254, Bytes(200, 7)}};
  return seal;
}
Bytes small_octets() { return encode_seal(encode_seal_content(small_seal()), Bytes(64, 0x55)); }

// The error of these octets; there must be one.
SealError error_of(ByteView octets) {
  const auto read = decode_seal(octets);
  REQUIRE_FALSE(read);
  return read.error();
}
SealError error_with(Bytes octets, std::size_t place, crypto::Byte value) {
  octets.at(place) = value;
  return error_of(octets);
}

bool holds(const Json::Value& key, const SignedSeal& read) {
  const auto engine_key = EVP_EC_gen(key["curve"].asCString());
  REQUIRE(engine_key != nullptr);
  const auto point = hex(key["point"].asString());
  REQUIRE(EVP_PKEY_set1_encoded_public_key(engine_key, point.data(), point.size()) == 1);
  const auto signature = crypto::ecdsa_plain_to_der(read.signature);
  const bool held =
      signature && crypto::verify(engine_key, {.hash = crypto::HashAlgorithm::sha256}, read.content, *signature);
  EVP_PKEY_free(engine_key);
  return held;
}

}  // namespace

TEST_CASE("C40 and dates are as Doc 9303-13 has them") {
  const auto known = vectors("visible_seals.json");
  for (const auto& one : known["c40"]) {
    CHECK(encode_c40(one["text"].asString()) == hex(one["octets"].asString()));
    CHECK(decode_c40(hex(one["octets"].asString())) == one["text"].asString());
  }
  for (const auto& one : known["dates"])
    CHECK(encode_seal_date(one["year"].asInt(), one["month"].asUInt(), one["day"].asUInt()) ==
          hex(one["octets"].asString()));
  CHECK(encode_c40("A<B") == encode_c40("A B"));
  CHECK(encode_c40("a").empty());
  CHECK(encode_c40("").empty());
}

TEST_CASE("C40 is read in the one form that is written") {
  for (const auto* const bad : {"", "EB", "EB04EB", "0000", "FA01", "FE45EB04", "FE62", "FE01", "0001"}) {
    INFO(bad);
    CHECK_FALSE(decode_c40(hex(bad)));
  }
  // A pair that ends in Shift 1 stands last, or nowhere.
  CHECK(decode_c40(hex("66A9")) == "CD");
  CHECK_FALSE(decode_c40(hex("66A9EB04")));
  std::size_t read = 0;
  for (unsigned packed = 0; packed <= 0xFFFF; ++packed) {
    const Bytes octets{static_cast<crypto::Byte>(packed >> 8), static_cast<crypto::Byte>(packed)};
    const auto text = decode_c40(octets);
    if (!text) continue;
    ++read;
    REQUIRE(encode_c40(*text) == octets);
  }
  CHECK(read == 37 * 37 * 37 + 37 * 37 + 37);
}

TEST_CASE("published seals are read, and their signatures hold") {
  const auto known = vectors("visible_seals.json");
  for (const auto& one : known["seals"]) {
    INFO(one["octets"].asString());
    const auto octets = hex(one["octets"].asString());
    const auto read = decode_seal(octets);
    REQUIRE(read);
    const auto& header = read->seal.header;
    CHECK(header.state == one["state"].asString());
    CHECK(header.signer == one["signer"].asString());
    CHECK(header.certificate == one["certificate"].asString());
    CHECK(date_text(header.issued) == one["issued"].asString());
    CHECK(date_text(header.signed_on) == one["signed_on"].asString());
    CHECK(header.feature_definition == one["feature_definition"].asUInt());
    CHECK(header.document_category == one["document_category"].asUInt());
    for (const auto& tag : one["c40"].getMemberNames()) {
      const auto found = std::ranges::find(read->seal.features, std::stoi(tag), &SealFeature::tag);
      REQUIRE(found != read->seal.features.end());
      CHECK(decode_c40(found->value) == one["c40"][tag].asString());
    }
    CHECK(holds(known["public_key"], *read) == one["signature_holds"].asBool());
    if (octets[1] == 0x03) CHECK(encode_seal(encode_seal_content(read->seal), read->signature) == octets);
    auto other = *read;
    other.content.back() ^= 1;
    CHECK_FALSE(holds(known["public_key"], other));
  }
}

TEST_CASE("a seal is read as it was written") {
  const auto octets = small_octets();
  const auto read = decode_seal(octets);
  REQUIRE(read);
  CHECK(read->seal == small_seal());
  CHECK(read->content == encode_seal_content(small_seal()));
  CHECK(read->signature == Bytes(64, 0x55));
  CHECK(seal_frame_size(small_seal().header, 64) + feature_size(1) + feature_size(0) + feature_size(200) ==
        octets.size());
}

TEST_CASE("what is no seal is refused by name") {
  using enum SealError;
  const auto octets = small_octets();
  for (std::size_t size = 0; size < octets.size(); ++size) {
    const auto error = error_of(ByteView(octets).first(size));
    CHECK((error == truncated || error == bad_reference));
  }
  auto longer = octets;
  longer.push_back(0);
  CHECK(error_of(longer) == trailing_data);
  CHECK(error_of(Bytes(kMaxSealOctets + 1, 0xDC)) == too_long);
  CHECK(error_with(octets, 0, 0xDD) == not_a_seal);
  for (const crypto::Byte version : Bytes{0x00, 0x01, 0x04, 0xFF})
    CHECK(error_with(octets, 1, version) == unsupported_version);
  CHECK(error_with(octets, 2, 0xFF) == bad_text);
  for (const auto* const state : {"R", "RU"}) {  // not filled up to three letters
    auto shorter = octets;
    std::ranges::copy(encode_c40(state), shorter.begin() + 2);
    CHECK(error_of(shorter) == bad_text);
  }

  constexpr std::size_t kHeader = 24;
  CHECK(octets[kHeader] == 1);
  CHECK(error_with(octets, kHeader - 8, 0xFF) == bad_date);  // a month 166
  CHECK(error_with(octets, kHeader + 1, 0x80) == length_not_shortest);
  CHECK(error_with(octets, kHeader + 1, 0x85) == length_not_shortest);
  CHECK(error_with(octets, kHeader + 1, 0x84) == truncated);
  CHECK(error_with(octets, kHeader + 1, 0xFE) == length_not_shortest);
  const std::size_t big = kHeader + 3 + 2;
  REQUIRE(octets[big + 1] == 0x81);
  CHECK(error_with(octets, big + 2, 0x7F) == length_not_shortest);
  CHECK(error_with(octets, big + 2, 0xFF) == truncated);
  auto huge = octets;
  huge[big + 1] = 0x84;  // four digits of a length: four thousand million octets
  huge[big + 2] = 0xFF;
  CHECK(error_of(huge) == truncated);

  const auto content = encode_seal_content(small_seal());
  CHECK(error_of(encode_seal(content, {})) == bad_signature_length);
  CHECK(error_of(encode_seal(content, Bytes(63, 1))) == bad_signature_length);
}

TEST_CASE("a reference that names no certificate is refused, in making and in reading") {
  auto seal = small_seal();
  for (const auto* const bad : {"", "00000", "5b", "XY"}) {
    seal.header.certificate = bad;
    CHECK(encode_seal_content(seal).empty());
  }
  seal = small_seal();
  for (const auto* const bad : {"", "RUP", "RU S", "R1PS"}) {
    seal.header.signer = bad;
    CHECK(encode_seal_content(seal).empty());
  }
  seal = small_seal();
  seal.features.push_back({0xFF, {1}});  // would be taken for the signature
  CHECK(encode_seal_content(seal).empty());

  auto octets = small_octets();
  const auto put = [&](std::string_view reference) {
    const auto text = encode_c40(reference);
    REQUIRE(text.size() == 12);
    std::ranges::copy(text, octets.begin() + 4);
  };
  put("RUPS0A73D6D549DA");
  CHECK(decode_seal(octets));
  for (const auto* const bad : {"RUPS0A0000000000", "RUPS0A73D6D549DX", "RUPS0B73D6D549DA", "RUPS0073D6D549DA",
                                "RUPSFF73D6D549DA", "RUPS  73D6D549DA", "R PS0A73D6D549DA"}) {
    INFO(bad);
    put(bad);
    CHECK_FALSE(decode_seal(octets));
  }
}
