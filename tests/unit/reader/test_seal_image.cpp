// SPDX-License-Identifier: Apache-2.0
// Pictures and scanned octets from strangers: bounded, and each refusal has a name.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "crypto/base64.hpp"
#include "reader/seal/seal_image.hpp"

namespace {

using namespace reader;

Bytes data(const std::string& name) {
  std::ifstream in(TESTS_DIR "/data/" + name, std::ios::binary);
  Bytes octets{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  REQUIRE_FALSE(octets.empty());
  return octets;
}
Bytes octets(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace

TEST_CASE("a photographed seal and a drawn one are read") {
  const auto expected = crypto::from_hex(std::string_view("DC0300112233445566778899AABBCCDDEEFF"));
  CHECK(read_picture(data("seal.png")) == *expected);
  CHECK(read_picture(data("seal.jpg")) == *expected);  // turned, blurred, and with noise
}

TEST_CASE("what is no picture of a code is refused by name") {
  CHECK(read_picture(data("face.jpg")).error() == ImageError::no_code);
  CHECK(read_picture({}).error() == ImageError::unknown_format);
  CHECK(read_picture(octets("GIF89a")).error() == ImageError::unknown_format);
  for (const auto* const name : {"seal.png", "seal.jpg"}) {
    const auto whole = data(name);
    for (const std::size_t size : {std::size_t{8}, whole.size() / 2}) {
      INFO(name << ' ' << size);
      const auto read = read_picture(crypto::ByteView(whole).first(size));
      REQUIRE_FALSE(read);
      CHECK(read.error() == ImageError::damaged);
    }
  }
  CHECK(read_picture(Bytes(kMaxPictureFile + 1, 0xFF)).error() == ImageError::too_large);
  auto wide = data("seal.png");  // the width in IHDR; its check sum is looked at first or later, and nothing is made
  wide[16] = 0x7F;
  const auto error = read_picture(wide).error();
  CHECK((error == ImageError::too_large || error == ImageError::damaged));
}

TEST_CASE("scanned octets come raw, hexadecimal or in base64") {
  const Bytes seal{0xDC, 0x03, 0xFF, 0x00};
  CHECK(seal_octets(seal) == seal);
  CHECK(seal_octets(octets("dc03ff00\n")) == seal);
  CHECK(seal_octets(octets("DC 03 FF 00")) == seal);
  CHECK(seal_octets(octets(crypto::to_base64(seal) + "\r\n")) == seal);
  CHECK(seal_octets({}).error() == ImageError::unknown_format);
  CHECK(seal_octets(octets("what is this?")).error() == ImageError::unknown_format);
  CHECK(seal_octets(Bytes(5000, 0xDC)).error() == ImageError::unknown_format);
  CHECK(seal_octets(data("face.jpg")).error() == ImageError::no_code);
}
