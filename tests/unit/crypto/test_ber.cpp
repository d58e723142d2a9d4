// SPDX-License-Identifier: Apache-2.0
#include "crypto/ber.hpp"

#include <catch2/catch.hpp>

using namespace crypto;

namespace {

std::string rewritten(const std::string& hex) {
  const auto out = with_definite_lengths(from_hex(hex).value());
  REQUIRE(out);
  return to_hex(*out);
}

TlvError refused(const std::string& hex) {
  const auto out = with_definite_lengths(from_hex(hex).value());
  REQUIRE_FALSE(out);
  return out.error();
}

std::string nested(std::size_t depth) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += "3080";
  for (std::size_t i = 0; i < depth; ++i) out += "0000";
  return out;
}

}  // namespace

TEST_CASE("indefinite lengths become definite", "[ber]") {
  CHECK(rewritten("30800000") == "3000");
  CHECK(rewritten("30800201050000") == "3003020105");
  CHECK(rewritten("A080308002010500000201060000") == "A0083003020105020106");
  CHECK(rewritten("300730800201050000") == "30053003020105");  // also below a definite one
}

TEST_CASE("divided octet strings become whole", "[ber]") {
  CHECK(rewritten("2480040101040202030000") == "0403010203");
  CHECK(rewritten("240704010104020203") == "0403010203");
  CHECK(rewritten("248024800401010000040202030000") == "0403010203");
  CHECK(rewritten("24800000") == "0400");
  CHECK(refused("24800201050000") == TlvError::unexpected_tag);
}

TEST_CASE("octets in definite form stay as they are, shortest or not", "[ber]") {
  for (const char* const same : {"020105", "3003020105", "30820003020105", "308200053003020105", "0400", "3000"})
    CHECK(rewritten(same) == same);
}

TEST_CASE("what does not end, goes on behind its end, or is too deep is refused", "[ber]") {
  for (const char* const cut : {"", "30", "3080", "3080020105", "308030800000", "3003020100000000"})
    CHECK_FALSE(with_definite_lengths(from_hex(cut).value()));
  CHECK(refused("308002010500") == TlvError::bad_tag);
  CHECK(refused("30030201050000") == TlvError::trailing_data);
  CHECK(refused("3080000000") == TlvError::trailing_data);
  CHECK(refused("04800401010000") == TlvError::bad_length);  // a primitive one has no indefinite length
  CHECK_FALSE(rewritten(nested(kMaxBerDepth)).empty());
  CHECK(refused(nested(kMaxBerDepth + 1)) == TlvError::too_deep);
  CHECK(refused(nested(100'000)) == TlvError::too_deep);
}

TEST_CASE("a stream may have more parts than a template has objects", "[ber]") {
  std::string stream = "2480", expected = "0482" + std::string("0800");
  for (int i = 0; i < 2048; ++i) stream += "0401AA", expected += "AA";
  CHECK(rewritten(stream + "0000") == expected);
}
