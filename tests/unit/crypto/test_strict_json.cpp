// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <string>

#include "crypto/strict_json.hpp"

using crypto::parse_strict_json;

TEST_CASE("strict JSON is taken as RFC 8259 has it", "[strict_json]") {
  const auto value = parse_strict_json(R"({"a":[1,"two"]})");
  REQUIRE(value);
  CHECK((*value)["a"][1] == "two");
}

TEST_CASE("what only looks like JSON is refused, with a word for people", "[strict_json]") {
  for (const auto* text : {"", "{", "{}x", R"({"a":1,"a":2})", "// a\n{}", "[1,]", "{'a':1}", "\xEF\xBB\xBF{}"}) {
    CAPTURE(text);
    const auto value = parse_strict_json(text);
    REQUIRE_FALSE(value);
    CHECK_FALSE(value.error().empty());
  }
}

TEST_CASE("JSON nested beyond the bound is refused", "[strict_json]") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(parse_strict_json(nested(8), 8));
  const auto deeper = parse_strict_json(nested(9), 8);
  REQUIRE_FALSE(deeper);
  CHECK(deeper.error() == "nested deeper than 8 levels");
}
