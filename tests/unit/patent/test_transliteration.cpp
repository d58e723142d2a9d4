// SPDX-License-Identifier: Apache-2.0
#include "card/patent/transliteration.hpp"

#include <catch2/catch.hpp>

#include "vectors.hpp"

using namespace patent;

TEST_CASE("every Cyrillic letter of ICAO's table has ICAO's Latin") {
  const auto rows = vectors("transliteration.json")["letters"];
  REQUIRE(rows.size() == 49);
  for (const auto& row : rows) {
    INFO(row[0].asString());
    const auto result = transliterate(row[0].asString());
    REQUIRE(result);
    CHECK(result->latin == row[1].asString());
    CHECK(result->icao_only);
  }
}

TEST_CASE("the national exceptions hold for their country alone") {
  for (const auto& row : vectors("transliteration.json")["exceptions"]) {
    INFO(row[0].asString() + " " + row[2].asString());
    const auto result = transliterate(row[0].asString(), row[2].asString());
    REQUIRE(result);
    CHECK(result->latin == row[1].asString());
    CHECK(result->icao_only);
    CHECK(transliterate(row[0].asString(), "RUS")->latin != row[1].asString());
  }
}

TEST_CASE("names come out as passports have them, and say when ICAO's table did not suffice") {
  for (const auto& row : vectors("transliteration.json")["names"]) {
    INFO(row[0].asString() + " " + row[2].asString());
    const auto result = transliterate(row[0].asString(), row[2].asString());
    REQUIRE(result);
    CHECK(result->latin == row[1].asString());
    CHECK(result->icao_only == row[3].asBool());
  }
}

TEST_CASE("a letter taken apart is put together first") {
  CHECK(transliterate("\u0418\u0306горь")->latin == "IGOR");
  CHECK(transliterate("\u0415\u0308лкин", "BLR")->latin == "IOLKIN");
}

TEST_CASE("a character without a rule gives no name") {
  for (const auto& text : vectors("transliteration.json")["refused"]) {
    INFO(text.asString());
    CHECK_FALSE(transliterate(text.asString()));
  }
  CHECK_FALSE(transliterate("\xD0"));
  CHECK_FALSE(transliterate(std::string(1025, 'A')));
  CHECK(transliterate("")->latin.empty());
}
