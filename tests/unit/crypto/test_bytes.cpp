// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "crypto/bytes.hpp"

using namespace crypto;

TEST_CASE("A buffer refuses what does not fit, and keeps what it has", "[bytes]") {
  Buffer<4> buffer;
  REQUIRE(buffer.append(as_bytes("abc")));
  REQUIRE_FALSE(buffer.append(as_bytes("de")));
  CHECK(to_hex(buffer) == "616263");
  REQUIRE(buffer.append(Byte{0x64}));
  REQUIRE_FALSE(buffer.append(Byte{0x65}));
  CHECK(buffer.size() == Buffer<4>::capacity());

  REQUIRE_FALSE(buffer.resize(5));
  CHECK(buffer.size() == 4);
  REQUIRE(buffer.resize(2));
  REQUIRE(buffer.resize(4));
  CHECK(to_hex(buffer) == "61620000");  // what was cut off does not come back

  REQUIRE_FALSE(buffer.assign(as_bytes("abcde")));
  CHECK(buffer.empty());
}

TEST_CASE("Integers are big-endian", "[bytes]") {
  std::array<Byte, 2> two{};
  std::array<Byte, 4> four{};
  store_be16(two, 0x8001);
  store_be32(four, 0x80020304);
  CHECK(to_hex(two) == "8001");
  CHECK(to_hex(four) == "80020304");
  CHECK(load_be16(two) == 0x8001);
  CHECK(load_be32(four) == 0x80020304);
}

TEST_CASE("Comparison sees every octet and the length", "[bytes]") {
  const Bytes a(33, 0x5A);
  CHECK(constant_time_equal(a, a));
  CHECK(constant_time_equal({}, {}));
  for (std::size_t i = 0; i < a.size(); ++i) {
    Bytes b = a;
    b[i] ^= static_cast<Byte>(1U << (i % 8));
    CHECK_FALSE(constant_time_equal(a, b));
  }
  CHECK_FALSE(constant_time_equal(a, ByteView(a).first(32)));
  CHECK_FALSE(constant_time_equal(a, {}));
}

TEST_CASE("Hexadecimal is written in upper case and read strictly", "[bytes]") {
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Byte>(i);
  CHECK(from_hex(to_hex(all)) == all);
  CHECK(to_hex(from_hex("00aBcDeF").value()) == "00ABCDEF");
  CHECK(from_hex("") == Bytes{});
  for (const char* wrong : {"0", "0g", "g0", "0x00", " 00", "00 ", "00 11", "0:", "0@", "0`", "\xC0\x80"})
    CHECK_FALSE(from_hex(wrong).has_value());
}
