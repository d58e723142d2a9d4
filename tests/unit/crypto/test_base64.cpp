// SPDX-License-Identifier: Apache-2.0
#include "crypto/base64.hpp"

#include <catch2/catch.hpp>

using namespace crypto;

TEST_CASE("base64 is that of RFC 4648, section 10") {
  const std::pair<const char*, const char*> examples[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF\xFE", "+//+"}};
  for (const auto& [octets, text] : examples) {
    CHECK(to_base64(as_bytes(octets)) == text);
    CHECK(from_base64(text) == Bytes(as_bytes(octets).begin(), as_bytes(octets).end()));
  }
  CHECK(to_base64url(as_bytes("\xFB\xFF\xFE")) == "-__-");
  CHECK(to_base64url(as_bytes("f")) == "Zg");
  CHECK_FALSE(from_base64("-__-"));
  CHECK_FALSE(from_base64url("+//+"));
}

TEST_CASE("base64 takes the canonical text only") {
  for (std::size_t size = 0; size < 10; ++size) {
    const Bytes octets(size, 0xA5);
    CHECK(from_base64(to_base64(octets)) == octets);
    CHECK(from_base64url(to_base64url(octets)) == octets);
  }
  for (const auto* text : {"A", "AA", "AAA", "AA=A", "====", "AA==AA==", "AB==", "AAB=", " AAA", "AA\nA", "АА=="})
    CHECK_FALSE(from_base64(text));
  for (const auto* text : {"A", "AA==", "AB", "AAB", "AAAAA", "AA AA"}) CHECK_FALSE(from_base64url(text));
}
