// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "crypto/cmac_key.hpp"

using namespace crypto;

// NIST's examples of CMAC-AES256 (SP 800-38B), the message in parts.
TEST_CASE("One key serves for many messages") {
  const auto secret = *from_hex("603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4");
  auto key = CmacKey::make(Secret(secret)).value();
  const auto message = *from_hex("6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411");
  const auto mac_of = [&](std::size_t size) {
    const std::array parts{ByteView(message).first(size / 3), ByteView(message).subspan(size / 3, size - size / 3)};
    return to_hex(key.mac(parts).value());
  };
  for (int twice = 0; twice < 2; ++twice) {
    CHECK(mac_of(0) == "028962F61B7BF89EFC6B551F4667D983");
    CHECK(mac_of(16) == "28A7023F452E8F82BD4BF28D8C37C35C");
    CHECK(mac_of(40) == "AAF3D8F1DE5640C232F5B169B9C911E6");
  }
  CHECK(CmacKey::make(Secret(ByteView(secret).first(16))).error() == CryptoError::bad_length);
}
