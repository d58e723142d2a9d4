// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "card/patent/identifiers.hpp"
#include "vectors.hpp"

using namespace patent;

namespace {

void check_all(const Json::Value& texts, bool (*rule)(std::string_view), bool expected) {
  REQUIRE_FALSE(texts.empty());
  for (const auto& text : texts) {
    INFO(text.asString());
    CHECK(rule(text.asString()) == expected);
  }
}

}  // namespace

TEST_CASE("the check digits of INN and SNILS hold") {
  const auto v = vectors("identifiers.json");
  check_all(v["inn"], is_inn, true);
  check_all(v["inn_refused"], is_inn, false);
  check_all(v["snils"], is_snils, true);
  check_all(v["snils_refused"], is_snils, false);
}

TEST_CASE("any single wrong digit of an INN is found") {
  const std::string good = "775123456798";
  for (std::size_t i = 0; i < good.size(); ++i)
    for (char c = '0'; c <= '9'; ++c) {
      std::string other = good;
      other[i] = c;
      INFO(other);
      if (c == good[i])
        CHECK(is_inn(other));
      else if (i >= 10)  // modulo 11 modulo 10 lets a few pairs in the number itself pass
        CHECK_FALSE(is_inn(other));
    }
}

TEST_CASE("an identity document's number has no Cyrillic look-alike") {
  const auto v = vectors("identifiers.json");
  check_all(v["identity_documents"], is_identity_document, true);
  check_all(v["identity_documents_refused"], is_identity_document, false);
}

TEST_CASE("passport forms only warn, and only for countries that are known") {
  const auto v = vectors("identifiers.json");
  for (const auto& row : v["passports"]) CHECK(looks_like_passport(row[0].asString(), row[1].asString()));
  for (const auto& row : v["passports_doubtful"]) {
    INFO(row[0].asString() + " " + row[1].asString());
    CHECK_FALSE(looks_like_passport(row[0].asString(), row[1].asString()));
  }
}

TEST_CASE("the numbers of a patent have their printed forms") {
  CHECK(is_patent_series("77"));
  CHECK_FALSE(is_patent_series("7"));
  CHECK_FALSE(is_patent_series("7A"));
  CHECK(is_patent_number("2100123456"));
  CHECK_FALSE(is_patent_number("210012345"));
  CHECK_FALSE(is_patent_number("21001234567"));
  CHECK(is_card_number("P00000017"));
  CHECK_FALSE(is_card_number("p00000017"));
  CHECK_FALSE(is_card_number("P0000001"));
  CHECK_FALSE(is_card_number("P0000001<"));
  CHECK(is_oktmo("45000000"));
  CHECK(is_oktmo("45000000000"));
  CHECK_FALSE(is_oktmo("450000000"));
  CHECK(is_issuer_code("770-001"));
  CHECK_FALSE(is_issuer_code("770001"));
  CHECK_FALSE(is_issuer_code("7700-01"));
  CHECK_FALSE(is_issuer_code("77A-001"));
}
