// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/passport_fields.hpp"

#include <catch2/catch.hpp>

#include "personalize/order/order_document.hpp"

using namespace personalize;
using namespace std::chrono_literals;

namespace {

reader::PassportFacts passport() {
  reader::PassportFacts facts;
  facts.mrz =
      patent::decode_mrz("P<TJKSHARIPOV<<FARRUKH<<<<<<<<<<<<<<<<<<<<<<4023456789TJK9005123M3105113<<<<<<<<<<<<<<06")
          .value();
  facts.birth_date = patent::BirthDate{1990, 5, 12};
  facts.expires = 2031y / 5 / 11;
  facts.portrait = patent::FaceImage{patent::ImageFormat::jpeg2000, 413, 531, {0xFF, 0x4F, 0xFF, 0x51}};
  return facts;
}

std::optional<FieldOutcome> outcome(const PassportFilling& filled, const std::string& pointer) {
  const auto found = std::ranges::find(filled.fields, pointer, &PassportField::pointer);
  return found == filled.fields.end() ? std::nullopt : std::optional{found->outcome};
}

Json::Value draft(const std::string& name, const Json::Value& value) {
  Json::Value out;
  out["holder"][name] = value;
  return out;
}

FieldOutcome compared(const std::string& name, const std::string& ours, const reader::PassportFacts& facts) {
  const auto filled = fill_from_passport(draft(name, ours), facts);
  CHECK(filled.order["holder"][name] == ours);  // nothing is overwritten
  return outcome(filled, "/holder/" + name).value();
}

}  // namespace

TEST_CASE("an empty draft takes what the document says, and no more") {
  const auto filled = fill_from_passport(Json::objectValue, passport());
  const auto& holder = filled.order["holder"];
  CHECK(holder["surname_latin"] == "SHARIPOV");
  CHECK(holder["given_names_latin"] == "FARRUKH");
  CHECK(holder["sex"] == "M");
  CHECK(holder["birth_date"] == "1990-05-12");
  CHECK(holder["citizenship"] == "TJK");
  CHECK(holder["identity_document"]["type"] == "PASSPORT");
  CHECK(holder["identity_document"]["number"] == "402345678");
  CHECK(holder["identity_document"]["expires"] == "2031-05-11");
  CHECK_FALSE(holder["identity_document"].isMember("issued"));
  CHECK(outcome(filled, "/holder/identity_document/issued") == FieldOutcome::missing);
  CHECK_FALSE(holder.isMember("surname"));
  CHECK(filled.order["face"]["format"] == "jpeg2000");
  CHECK(filled.order["face"]["data"] == "/0//UQ==");
  CHECK_FALSE(filled.differs());
}

TEST_CASE("what the state writes in Cyrillic is shown for the translation, not copied") {
  auto facts = passport();
  facts.surname = "ШАРИФОВ";
  const auto filled = fill_from_passport(Json::objectValue, facts);
  CHECK(outcome(filled, "/holder/surname") == FieldOutcome::to_copy);
  CHECK_FALSE(filled.order["holder"].isMember("surname"));
  CHECK_FALSE(outcome(fill_from_passport(draft("surname", "ШАРИПОВ"), facts), "/holder/surname"));
}

TEST_CASE("what stands in the draft is compared and stays") {
  const auto facts = passport();
  CHECK(compared("surname_latin", "SHARIPOV", facts) == FieldOutcome::same);
  CHECK(compared("surname_latin", "SHARIPOVA", facts) == FieldOutcome::differs);
  CHECK(compared("birth_date", "1990-05-13", facts) == FieldOutcome::differs);
  CHECK(compared("sex", "F", facts) == FieldOutcome::differs);
  CHECK(compared("citizenship", "UZB", facts) == FieldOutcome::differs);
  CHECK(fill_from_passport(draft("sex", 7), facts).differs());
  CHECK(fill_from_passport(draft("identity_document", "P"), facts).differs());
  Json::Value strange;
  strange["holder"] = 5;
  CHECK(fill_from_passport(strange, facts).differs());
  Json::Value taken;
  taken["face"]["data"] = "AAAA";
  CHECK(fill_from_passport(taken, facts).order["face"]["data"] == "AAAA");
}

TEST_CASE("Latin names are compared as the zone writes them") {
  auto facts = passport();
  facts.mrz.primary = "SMITH JONES OBRIEN";
  CHECK(compared("surname_latin", "SMITH-JONES O'BRIEN", facts) == FieldOutcome::same);
  facts.mrz.names_truncated = true;
  facts.mrz.secondary = "FARRU";
  CHECK(compared("given_names_latin", "FARRUKH", facts) == FieldOutcome::same);
  CHECK(compared("given_names_latin", "FIRUZ", facts) == FieldOutcome::differs);
  facts.mrz.names_truncated = false;
  facts.mrz.secondary = "";  // one name
  CHECK(compared("given_names_latin", "", facts) == FieldOutcome::same);
  CHECK(compared("given_names_latin", "FARRUKH", facts) == FieldOutcome::differs);
  CHECK(fill_from_passport(Json::objectValue, facts).order["holder"]["given_names_latin"] == "");
}

TEST_CASE("a Cyrillic name that is not the document's is shown, and decides nothing") {
  const auto facts = passport();
  for (const auto& [name, unlike] : std::map<std::string, bool>{{"ШАРИПОВ", false}, {"ИВАНОВ", true}, {"", false}}) {
    const auto filled = fill_from_passport(draft("surname", name), facts);
    CHECK((outcome(filled, "/holder/surname") == FieldOutcome::unlike) == unlike);
    CHECK_FALSE(filled.differs());
  }
  auto whole = facts;
  whole.mrz.secondary = "FARRUKH RUSTAMOVICH";
  auto given = draft("given_names", "ФАРРУХ");
  CHECK(outcome(fill_from_passport(given, whole), "/holder/given_names") == FieldOutcome::unlike);
  given["holder"]["patronymic"] = "РУСТАМОВИЧ";
  CHECK_FALSE(outcome(fill_from_passport(given, whole), "/holder/given_names"));
  CHECK_FALSE(outcome(fill_from_passport(given, facts), "/holder/given_names"));
}

TEST_CASE("a card that is no passport, and a German, are named as orders name them") {
  auto facts = passport();
  facts.mrz.document_code = "ID";
  facts.mrz.nationality = "D";
  facts.mrz.sex = '<';
  const auto holder = fill_from_passport(Json::objectValue, facts).order["holder"];
  CHECK(holder["identity_document"]["type"] == "ID_CARD");
  CHECK(holder["citizenship"] == "DEU");
  CHECK(holder["sex"] == "X");
}

TEST_CASE("how the document was checked stands in the order, by the schema") {
  reader::PassportVerdict judged;
  judged.verdict.outcome = reader::Outcome::needs_check;
  judged.verdict.findings = {{.reason = reader::Reason::unknown_issuer}, {.reason = reader::Reason::document_expired}};
  judged.facts = passport();
  const auto check = passport_check(judged, true);
  CHECK(check["outcome"] == "NEEDS CHECK");
  CHECK(check["reasons"][0] == "UNKNOWN_ISSUER");
  CHECK(check["accepted_unproven"] == true);
  CHECK(check["issuer"] == "TJK");
  Json::Value order;
  order["passport_check"] = check;
  for (const bool good : {true, false}) {
    if (!good) order["passport_check"]["outcome"] = "INVALID";
    Findings findings;
    CHECK_FALSE(read_order_document(order.toStyledString(), findings));
    const auto all = findings.take();
    const bool blamed = std::ranges::any_of(
        all, [](const OrderFinding& finding) { return finding.pointer.starts_with("/passport_check"); });
    CHECK(blamed != good);
  }
}

TEST_CASE("every outcome of a field has its words") {
  for (const auto one : {FieldOutcome::filled, FieldOutcome::same, FieldOutcome::differs, FieldOutcome::to_copy,
                         FieldOutcome::unlike, FieldOutcome::missing}) {
    CHECK(text_of(one).outcome == one);
    CHECK_FALSE(text_of(one).ru.empty());
  }
}
