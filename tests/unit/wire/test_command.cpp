// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>

#include "card/wire/command.hpp"
#include "tests/seed.hpp"

using crypto::Bytes;
using wire::Command;
using wire::StatusWord;

namespace {

Bytes encoded(const Command& command) {
  Bytes out(wire::kMaxCommandOctets);
  const auto result = wire::encode(command, out);
  REQUIRE(result);
  REQUIRE(result->size() == wire::encoded_size(command));
  return {result->begin(), result->end()};
}

std::string hex_of(const Command& command) { return crypto::to_hex(encoded(command)); }

void check_parse(const std::string& hex, std::size_t data, std::uint32_t le, bool extended) {
  CAPTURE(hex.substr(0, 40));
  const auto apdu = crypto::from_hex(hex);
  REQUIRE(apdu);
  const auto command = wire::parse_command(*apdu);
  REQUIRE(command);
  CHECK(command->data.size() == data);
  CHECK(command->le == le);
  CHECK(command->extended == extended);
  CHECK(encoded(*command) == *apdu);
}

void check_refused(const std::string& hex) {
  CAPTURE(hex.substr(0, 40));
  const auto apdu = crypto::from_hex(hex);
  REQUIRE(apdu);
  const auto command = wire::parse_command(*apdu);
  REQUIRE_FALSE(command);
  CHECK(command.error() == StatusWord::wrong_length);
}

std::string zeros(std::size_t octets) { return std::string(2 * octets, '0'); }

}  // namespace

TEST_CASE("the four cases in short and extended form") {
  check_parse("00A40000", 0, 0, false);
  check_parse("00B0000000", 0, 256, false);
  check_parse("00B0000001", 0, 1, false);
  check_parse("00B00000FF", 0, 255, false);
  check_parse("00A4040C01AA", 1, 0, false);
  check_parse("00A4040CFF" + zeros(255), 255, 0, false);
  check_parse("00A4040001AA00", 1, 256, false);
  check_parse("00A40400FF" + zeros(255) + "01", 255, 1, false);
  check_parse("00B00000000000", 0, 65536, true);
  check_parse("00B00000000001", 0, 1, true);
  check_parse("00B0000000FFFF", 0, 65535, true);
  check_parse("00A4040C000001AA", 1, 0, true);
  check_parse("00D6000000FFFF" + zeros(65535), 65535, 0, true);
  check_parse("00A40400000001AA0000", 1, 65536, true);
  check_parse("00A40400000100" + zeros(256) + "0100", 256, 256, true);
}

TEST_CASE("lengths that are no case are refused") {
  for (const auto* hex : {"", "00", "00A4", "00A400"}) check_refused(hex);
  check_refused("00B000000000");                              // one octet of an extended Le
  check_refused("00A4040C02AA");                              // data missing
  check_refused("00A4040C01AA0000");                          // one octet too many behind a short Le
  check_refused("00A4040C000000AA");                          // extended Lc of zero
  check_refused("00A4040C000002AA");                          // extended data missing
  check_refused("00A40400000001AA00");                        // half an extended Le
  check_refused("00A40400000001AA000000");                    // an octet behind it
  check_refused("00D6000000FFFF" + zeros(65534));             // one octet short
  check_refused("00D6000000FFFF" + zeros(65535) + "000000");  // longer than any command
}

TEST_CASE("extended fields come by themselves when short ones do not do") {
  const Bytes data(256, 0x11);
  CHECK(hex_of({.cla = 0, .ins = 0xB0, .le = 257}) == "00B00000000101");
  CHECK(hex_of({.cla = 0, .ins = 0xB0, .le = 65536}) == "00B00000000000");
  CHECK(hex_of({.cla = 0, .ins = 0xD6, .data = data}).substr(0, 14) == "00D60000000100");
  CHECK(hex_of({.cla = 0, .ins = 0xA4, .extended = true}) == "00A40000");
  CHECK(hex_of({.cla = 0, .ins = 0xB0, .le = 1, .extended = true}) == "00B00000000001");
}

TEST_CASE("what cannot be said is refused") {
  Bytes out(wire::kMaxCommandOctets);
  const Bytes data(65536);
  CHECK_FALSE(wire::encode({.data = data}, out));
  CHECK_FALSE(wire::encode({.le = 65537}, out));
  CHECK_FALSE(wire::encode({.ins = 0xB0, .le = 1}, crypto::ByteSpan(out).first(4)));
  CHECK(wire::encode({.ins = 0xB0, .le = 1}, crypto::ByteSpan(out).first(5)));
}

TEST_CASE("encode(parse(x)) is x for whatever parses, and parsing never reads outside") {
  std::mt19937 random(test_seed());
  const auto octet = [&] { return static_cast<crypto::Byte>(random()); };
  std::size_t parsed = 0;
  for (int i = 0; i < 200'000; ++i) {
    Bytes apdu(random() % 24);
    for (auto& each : apdu) each = octet();
    if (apdu.size() > 4 && random() % 2 != 0) apdu[4] = 0;
    if (apdu.size() > 7 && apdu[4] == 0) apdu[5] = 0, apdu[6] = static_cast<crypto::Byte>(random() % 20);
    const auto command = wire::parse_command(apdu);
    if (!command) continue;
    ++parsed;
    REQUIRE(encoded(*command) == apdu);
  }
  CHECK(parsed > 1000);
}

TEST_CASE("parse(encode(x)) is x") {
  std::mt19937 random(test_seed());
  const Bytes material(65535, 0x5A);
  for (int i = 0; i < 3000; ++i) {
    Command command{.cla = static_cast<crypto::Byte>(random()), .ins = static_cast<crypto::Byte>(random())};
    const std::size_t size = random() % 3 == 0 ? random() % 65536 : random() % 300;
    command.data = crypto::ByteView(material).first(size);
    command.le =
        random() % 3 == 0 ? static_cast<std::uint32_t>(random() % 65537) : static_cast<std::uint32_t>(random() % 300);
    const Bytes apdu = encoded(command);
    const auto again = wire::parse_command(apdu);
    REQUIRE(again);
    REQUIRE(again->cla == command.cla);
    REQUIRE(again->ins == command.ins);
    REQUIRE(std::ranges::equal(again->data, command.data));
    REQUIRE(again->le == command.le);
  }
}
