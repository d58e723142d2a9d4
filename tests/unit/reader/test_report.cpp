// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <json/json.h>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <valijson/adapters/jsoncpp_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "reader/judge/reasons.hpp"
#include "reader/report/report.hpp"
#include "tests/unit/reader/issuing_house.hpp"

using namespace reader;

namespace {

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

Json::Value parsed(const std::string& text) {
  Json::Value root;
  std::string faults;
  const std::unique_ptr<Json::CharReader> reader(Json::CharReaderBuilder().newCharReader());
  REQUIRE(reader->parse(text.data(), text.data() + text.size(), &root, &faults));
  return root;
}

bool fits(const Json::Value& document, const std::string& schema_file) {
  const auto schema_json = parsed(content_of(std::string(TESTS_DIR "/../") + schema_file));
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::JsonCppAdapter(schema_json), schema);
  return valijson::Validator().validate(schema, valijson::adapters::JsonCppAdapter(document), nullptr);
}

Verdict sample() {
  return verify(testing::Specimen{}.evidence(), testing::house().trust(), {}, testing::at("2026-03-10T09:00:00Z"));
}

}  // namespace

TEST_CASE("every reason and every check has words in every language") {
  for (const auto language : {Language::russian, Language::english}) {
    const auto& words = catalogue(language);
    CHECK(words.sentences.size() == reason_rules().size());
    for (const auto& rule : reason_rules()) {
      INFO(rule.name);
      CHECK_FALSE(sentence(words, rule.reason).empty());
      const auto text = to_text(Finding{.reason = rule.reason}, {.language = language});
      CHECK(text.find('{') == std::string::npos);
    }
    for (const auto& [check, state] : sample().checks) {
      INFO(name_of(check));
      CHECK(std::ranges::find(words.checks, check, &CheckWord::check) != words.checks.end());
    }
  }
}

TEST_CASE("every reason has advice for the officer and a line for the holder, every condition words") {
  CHECK(kReasonAdvice.size() == reason_rules().size());
  for (const auto& rule : reason_rules())
    CHECK(std::ranges::count(kReasonAdvice, rule.reason, &ReasonAdvice::reason) == 1);
  for (const auto language : {Language::russian, Language::english}) {
    for (const auto& row : kDecisionTable) CHECK_FALSE(word(catalogue(language), row.condition).empty());
    for (const auto& row : kReasonAdvice) CHECK_FALSE(word(catalogue(language), row.officer).empty());
  }
}

// {date}, {text} ... as they follow each other, sorted.
std::multiset<std::string> placeholders(std::string_view text) {
  std::multiset<std::string> out;
  for (auto at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1))
    out.emplace(text.substr(at, text.find('}', at) - at));
  return out;
}

TEST_CASE("every language tells the officer and the holder the same things") {
  for (const auto& rule : reason_rules()) {
    INFO(rule.name);
    CHECK(placeholders(sentence(kRussian, rule.reason)) == placeholders(sentence(kEnglish, rule.reason)));
  }
  std::set<std::string_view> codes, texts;
  for (const auto* const words : holder_languages()) {
    CHECK(codes.insert(words->code).second);
    CHECK(holder_words(words->code) == words);
    for (std::size_t i = 0; i < words->lines.size(); ++i) {
      INFO(words->code << " line " << i);
      CHECK(words->lines[i].line == static_cast<HolderLine>(i));
      CHECK(texts.insert(words->lines[i].text).second);
      CHECK(placeholders(words->lines[i].text) == placeholders(kHolderEnglish.lines[i].text));
    }
    for (const auto& rule : reason_rules()) {
      const auto line = holder_line(std::array{Finding{.reason = rule.reason}}, *words);
      CHECK_FALSE(line.empty());
      CHECK(line.find('{') == std::string::npos);
    }
  }
  for (const auto* code : {"ru", "en", "uz", "uz-Cyrl", "tg", "az", "ro", "uk", "ky"}) CHECK(codes.contains(code));
  CHECK(holder_words("fr") == nullptr);
  CHECK(holder_line(sample().findings, kHolderRussian) == "Патент оплачен по 09.06.2026.");
}

TEST_CASE("the catalogue of reason codes says what the code says") {
  const auto catalogue_text = content_of(TESTS_DIR "/../docs/reason-codes.md");
  for (const auto& rule : reason_rules()) {
    INFO(rule.name);
    const auto row =
        fmt::format("| {} | {} | {} | ", static_cast<unsigned>(rule.reason), rule.name, name_of(rule.outcome));
    CHECK(catalogue_text.find(row) != std::string::npos);
    for (const auto language : {Language::russian, Language::english})
      CHECK(catalogue_text.find(sentence(catalogue(language), rule.reason)) != std::string::npos);
  }
  std::size_t rows = 0;
  for (auto at = catalogue_text.find("\n| "); at != std::string::npos; at = catalogue_text.find("\n| ", at + 1)) ++rows;
  CHECK(rows == reason_rules().size() + 1);  // and the head of the table
}

TEST_CASE("the text begins with the verdict and its reason, and shows what an officer compares") {
  const auto text = to_text(sample(), nullptr, {.language = Language::russian});
  CHECK(text.starts_with("ДЕЙСТВИТЕЛЕН\n  Оплачен по 09.06.2026 (осталось 91 день).\n"));
  for (const auto* part : {"ШАРИПОВ ФАРРУХ РУСТАМОВИЧ", "12.05.1990", "TJK", "77 № 2600123456", "г. Москва",
                           "подсобный рабочий", "10.03.2026 09:00", "подпись документа"})
    CHECK(text.find(part) != std::string::npos);
  CHECK(text.find("не подтверждены") == std::string::npos);
  CHECK(to_text(sample(), nullptr, {.language = Language::english}).starts_with("VALID\n  Paid until 09.06.2026"));
}

TEST_CASE("unconfirmed data are shown as such") {
  auto evidence = testing::Specimen{}.evidence();
  testing::file_of(evidence, testing::FileId::dg2).back() ^= 1;
  const auto verdict = verify(evidence, testing::house().trust(), {}, testing::at("2026-03-10T09:00:00Z"));
  const auto text = to_text(verdict, nullptr, {.language = Language::english});
  CHECK(text.starts_with("INVALID\n  Forged"));
  CHECK(text.find("not confirmed") != std::string::npos);
}

TEST_CASE("what a document says cannot steer the terminal") {
  auto verdict = sample();
  verdict.facts.surname = "\x1B[2J\nVALID";
  const auto text = to_text(verdict, nullptr, {});
  CHECK(text.find('\x1B') == std::string::npos);
  CHECK(text.find("\nVALID") == std::string::npos);
}

TEST_CASE("days are counted as Russian counts them") {
  const std::map<std::int64_t, std::string> words{{0, "0 дней"},   {1, "1 день"},     {2, "2 дня"},    {5, "5 дней"},
                                                  {11, "11 дней"}, {14, "14 дней"},   {21, "21 день"}, {22, "22 дня"},
                                                  {91, "91 день"}, {111, "111 дней"}, {364, "364 дня"}};
  for (const auto& [count, word] : words) CHECK(catalogue(Language::russian).days(count) == word);
}

TEST_CASE("verdict and evidence are of their published schemas") {
  const Traffic traffic{19, 600, 22000, std::chrono::microseconds{50000}};
  auto verdict = parsed(to_json(sample(), &traffic));
  CHECK(verdict["headline"] == "OK");
  CHECK(verdict["document"]["paid_until"] == "2026-06-09");
  CHECK(fits(verdict, "reader/report/verdict.schema.json"));
  auto with_lists = sample();
  with_lists.lists = {{"states", "https://status.example/0", testing::at("2026-03-10T00:00:00Z")}};
  const auto for_holder = parsed(to_json(with_lists, nullptr, &kHolderKyrgyz));
  CHECK(fits(for_holder, "reader/report/verdict.schema.json"));
  CHECK(for_holder["lists"][0]["as_of"] == "2026-03-10T00:00:00Z");
  CHECK(for_holder["holder"]["language"] == "ky");
  verdict["outcome"] = "MAYBE";
  CHECK_FALSE(fits(verdict, "reader/report/verdict.schema.json"));

  Evidence nothing;
  nothing.access = AccessOutcome::wrong_password;
  CHECK(fits(parsed(to_json(verify(nothing, testing::house().trust(), {}, {}), nullptr)),
             "reader/report/verdict.schema.json"));

  auto read = testing::Specimen{}.evidence();
  CHECK(fits(parsed(to_json(read)), "reader/inspect/evidence.schema.json"));
  read.pace = crypto::PaceParameters{.mapping = crypto::Mapping::chip_authentication};
  read.chip_mapping.emplace();
  read.chip_authentication = KeyAgreement{crypto::Curve::secp256r1, {4}, true};
  read.active_authentication.emplace();
  auto evidence = parsed(to_json(read));
  CHECK(fits(evidence, "reader/inspect/evidence.schema.json"));
  evidence["can"] = "123456";
  CHECK_FALSE(fits(evidence, "reader/inspect/evidence.schema.json"));
}
