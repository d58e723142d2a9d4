// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>

#include "crypto/tlv.hpp"
#include "tests/seed.hpp"

using namespace crypto;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

TlvError error_of(std::string_view text, TlvForm form = TlvForm::der) {
  const Bytes data = hex(text);
  TlvReader reader(data, form);
  const auto object = reader.next();
  REQUIRE_FALSE(object.has_value());
  CHECK(reader.rest().size() == data.size());  // nothing is consumed
  return object.error();
}

struct Written {
  std::uint32_t tag;
  Bytes value;
};

std::uint32_t any_tag(std::mt19937& random) {
  const std::uint32_t first = std::uniform_int_distribution<std::uint32_t>(1, 0xFF)(random);
  if ((first & 0x1F) != 0x1F) return first;
  const std::uint32_t low = std::uniform_int_distribution<std::uint32_t>(0, 0x7F)(random);
  if (random() % 2 == 0) return first << 8 | low;
  return first << 16 | std::uniform_int_distribution<std::uint32_t>(0x81, 0xFF)(random) << 8 | low;
}

std::vector<Written> any_objects(std::mt19937& random) {
  constexpr std::array<std::size_t, 8> kLengths{0, 1, 0x7E, 0x7F, 0x80, 0xFF, 0x100, 0x10000};
  std::vector<Written> objects(random() % 6);
  for (auto& [tag, value] : objects) {
    tag = any_tag(random);
    value.resize(random() % 3 == 0 ? kLengths[random() % kLengths.size()] : random() % 300);
    for (Byte& octet : value) octet = static_cast<Byte>(random());
  }
  return objects;
}

}  // namespace

TEST_CASE("What is written is read again", "[tlv]") {
  const std::uint32_t seed = test_seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int run = 0; run < 300; ++run) {
    const auto objects = any_objects(random);
    Bytes grown;
    std::size_t size = 0;
    for (const auto& [tag, value] : objects) {
      append_tlv(grown, tag, value);
      size += tlv_header_size(tag, value.size()) + value.size();
    }
    REQUIRE(grown.size() == size);

    Bytes memory(size);
    TlvWriter writer(memory);
    for (const auto& [tag, value] : objects) writer.put(tag, value);
    const auto written = writer.finish();
    REQUIRE(written.has_value());
    REQUIRE(std::ranges::equal(*written, grown));

    for (const TlvForm form : {TlvForm::der, TlvForm::ber}) {
      TlvReader reader(grown, form);
      for (const auto& [tag, value] : objects) {
        REQUIRE(tlv_total_size(reader.rest()) == tlv_header_size(tag, value.size()) + value.size());
        const auto object = reader.next();
        REQUIRE(object.has_value());
        REQUIRE(object->tag == tag);
        REQUIRE(std::ranges::equal(object->value, value));
        REQUIRE(std::ranges::equal(object->whole, tlv(tag, value)));
      }
      REQUIRE(reader.finish().has_value());
      REQUIRE(reader.next().error() == TlvError::truncated);
    }
    if (size == 0) continue;
    TlvWriter narrow(ByteSpan(memory).first(size - 1));
    for (const auto& [tag, value] : objects) narrow.put(tag, value);
    REQUIRE(narrow.finish().error() == TlvError::out_of_space);
  }
}

TEST_CASE("Every cut of an object is truncated, and never read past its end", "[tlv]") {
  for (const std::size_t length : {0U, 1U, 0x7FU, 0x80U, 0x100U}) {
    const Bytes whole = tlv(0x7F49, Bytes(length, 0xAA));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));  // its own memory, for ASan
      REQUIRE(TlvReader(cut).next().error() == TlvError::truncated);
    }
    REQUIRE(TlvReader(whole).next().has_value());
  }
}

TEST_CASE("Tags are read as ISO/IEC 7816-4 has them", "[tlv]") {
  CHECK(error_of("") == TlvError::truncated);
  CHECK(error_of("00") == TlvError::bad_tag);
  CHECK(error_of("0000") == TlvError::bad_tag);
  CHECK(error_of("5F") == TlvError::truncated);
  CHECK(error_of("5F80") == TlvError::bad_tag);
  CHECK(error_of("5F8001") == TlvError::bad_tag);
  CHECK(error_of("5F81") == TlvError::truncated);
  CHECK(error_of("5F8181") == TlvError::bad_tag);
  CHECK(error_of("5F81820100") == TlvError::bad_tag);
  CHECK(error_of("5F8101") == TlvError::truncated);
  CHECK(TlvReader(hex("5F810100")).next().value().tag == 0x5F8101);
  CHECK(TlvReader(hex("5F0100")).next().value().tag == 0x5F01);  // EF.COM's LDS version number
  CHECK(TlvReader(hex("7F6600")).next().value().constructed());
  CHECK_FALSE(TlvReader(hex("5F3600")).next().value().constructed());
  CHECK(TlvReader(hex("3000")).next().value().constructed());
  CHECK_FALSE(TlvReader(hex("0400")).next().value().constructed());
}

TEST_CASE("Lengths are read as DER or as BER", "[tlv]") {
  for (const TlvForm form : {TlvForm::der, TlvForm::ber}) {
    CHECK(error_of("30800000", form) == TlvError::bad_length);  // indefinite
    CHECK(error_of("308500000000000000", form) == TlvError::bad_length);
    CHECK(error_of("30FF", form) == TlvError::bad_length);
    CHECK(error_of("3084FFFFFFFF", form) == TlvError::bad_length);  // four gigabytes
    CHECK(error_of("308480000000", form) == TlvError::bad_length);
    CHECK(error_of("308402000001", form) == TlvError::bad_length);  // kMaxLength + 1
    CHECK(error_of("308402000000", form) == TlvError::truncated);   // kMaxLength itself is allowed
    CHECK(error_of("3081", form) == TlvError::truncated);
    CHECK(error_of("308201", form) == TlvError::truncated);
    CHECK(error_of("3002AA", form) == TlvError::truncated);
  }
  for (const char* longer : {"3081017F", "3082000141", "308300000141", "30840000000141"}) {
    CAPTURE(longer);
    CHECK(error_of(longer) == TlvError::bad_length);
    CHECK(TlvReader(hex(longer), TlvForm::ber).next().value().value.size() == 1);
  }
  const Bytes most = tlv(0x04, Bytes(TlvLimits::kMaxLength, 0));
  CHECK(TlvReader(most).next().value().value.size() == TlvLimits::kMaxLength);
}

TEST_CASE("A template holds a bounded number of objects", "[tlv]") {
  Bytes data;
  for (std::size_t i = 0; i < TlvLimits::kMaxObjects; ++i) append_tlv(data, 0x05, {});
  CHECK_FALSE(find_tlv(data, 0x06).value().has_value());
  append_tlv(data, 0x06, {});
  CHECK(find_tlv(data, 0x06).error() == TlvError::too_many);
}

TEST_CASE("expect, accept and finish say what stands there", "[tlv]") {
  const Bytes data = hex("02010A0402BEEF");
  TlvReader reader(data);
  CHECK(reader.expect(0x04).error() == TlvError::unexpected_tag);
  CHECK_FALSE(reader.accept(0x04).value().has_value());
  CHECK(reader.rest().size() == data.size());
  CHECK(to_hex(reader.expect(0x02).value().value) == "0A");
  CHECK(reader.finish().error() == TlvError::trailing_data);
  CHECK(to_hex(reader.accept(0x04).value().value().value) == "BEEF");
  CHECK(reader.at_end());
  CHECK(reader.finish().has_value());
  CHECK_FALSE(reader.accept(0x04).value().has_value());
  CHECK(reader.expect(0x04).error() == TlvError::truncated);
  const Bytes cut = hex("0402BE");
  CHECK(TlvReader(cut).accept(0x02).error() == TlvError::truncated);  // malformed is not "absent"
}

TEST_CASE("One object alone, or one among others", "[tlv]") {
  CHECK(to_hex(read_only_tlv(hex("0401AA"), 0x04).value().value) == "AA");
  CHECK(read_only_tlv(hex("0401AA00"), 0x04).error() == TlvError::trailing_data);
  CHECK(read_only_tlv(hex("0401AA"), 0x05).error() == TlvError::unexpected_tag);
  CHECK(read_only_tlv({}, 0x04).error() == TlvError::truncated);
  CHECK(read_only_tlv(hex("048101AA"), 0x04).error() == TlvError::bad_length);
  CHECK(read_only_tlv(hex("048101AA"), 0x04, TlvForm::ber).has_value());

  const Bytes data = hex("800101810102800103");
  CHECK(to_hex(find_tlv(data, 0x80).value().value().value) == "01");
  CHECK_FALSE(find_tlv(data, 0x82).value().has_value());
  CHECK_FALSE(find_tlv({}, 0x80).value().has_value());
  CHECK(find_tlv(hex("8001018101"), 0x82).error() == TlvError::truncated);
}

TEST_CASE("A file's size is known from its first octets", "[tlv]") {
  CHECK(tlv_total_size(hex("7F61825000")).value() == 5 + 0x5000);
  CHECK(tlv_total_size(hex("6182")).error() == TlvError::truncated);
  CHECK(tlv_total_size(hex("61")).error() == TlvError::truncated);
  CHECK(tlv_total_size({}).error() == TlvError::truncated);
  CHECK(tlv_total_size(hex("6184FFFFFFFF")).error() == TlvError::bad_length);
  CHECK(tlv_total_size(hex("6180")).error() == TlvError::bad_length);
}

TEST_CASE("A writer that failed once stays failed", "[tlv]") {
  std::array<Byte, 6> memory{};
  TlvWriter writer(memory);
  writer.put(0x04, as_bytes("abc"));
  writer.put(0x04, as_bytes("abc"));
  writer.put(0x05, {});
  CHECK(writer.finish().error() == TlvError::out_of_space);

  TlvWriter wide(memory);
  wide.header(0x01000000, 0);  // no tag has four octets
  CHECK(wide.finish().error() == TlvError::out_of_space);
  TlvWriter huge(memory);
  huge.header(0x30, TlvLimits::kMaxLength + 1);  // our own reader would refuse it
  CHECK(huge.finish().error() == TlvError::out_of_space);
}
