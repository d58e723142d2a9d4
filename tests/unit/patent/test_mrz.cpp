// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "card/patent/mrz.hpp"
#include "random_patent.hpp"
#include "tests/seed.hpp"
#include "vectors.hpp"

using namespace patent;

namespace {

std::string joined(const Json::Value& lines) {
  std::string zone;
  for (const auto& line : lines) zone += line.asString();
  return zone;
}
std::string joined(const MrzLines& lines) { return lines[0] + lines[1] + lines[2]; }

Mrz sample() {
  Mrz mrz;
  mrz.document_code = "IW";
  mrz.issuer = "RUS";
  mrz.document_number = "P00000017";
  mrz.optional1 = "772100123456";
  mrz.birth_date = "900512";
  mrz.sex = 'M';
  mrz.expiry_date = "220421";
  mrz.nationality = "TJK";
  mrz.primary = "SHARIPOV";
  mrz.secondary = "FARRUKH RUSTAMOVICH";
  return mrz;
}

std::string encoded(const Mrz& mrz) {
  const auto lines = encode_td1(mrz);
  REQUIRE(lines);
  return joined(*lines);
}

void check_fields(const Mrz& mrz, const Json::Value& row) {
  CHECK(mrz.document_code == row["code"].asString());
  CHECK(mrz.issuer == row["issuer"].asString());
  CHECK(mrz.document_number == row["number"].asString());
  CHECK(mrz.optional1 == row["optional1"].asString());
  CHECK(mrz.birth_date == row["birth"].asString());
  CHECK(std::string(1, mrz.sex) == row["sex"].asString());
  CHECK(mrz.expiry_date == row["expiry"].asString());
  CHECK(mrz.nationality == row["nationality"].asString());
  CHECK(mrz.primary == row["primary"].asString());
  CHECK(mrz.secondary == row["secondary"].asString());
}

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kAll = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

std::string random_names(Random& random, std::size_t most) {
  std::string out;
  for (std::size_t i = random.below(most) + 1; i > 0; --i) {
    if (!out.empty()) out += ' ';
    out += random.text(1, 12, kLetters);
  }
  return out;
}

Mrz random_mrz(Random& random) {
  Mrz mrz = sample();
  const auto number = random.below(4) == 0 ? random.text(10, 14, kAll) : random.text(1, 9, kAll);
  mrz.document_number = number;
  mrz.optional1 = random.text(0, number.size() > 9 ? 7 : 15, kAll);
  mrz.optional2 = random.text(0, 11, kAll);
  mrz.sex = "MF<"[random.below(3)];
  mrz.birth_date = std::vector<std::string>{"900512", "9005<<", "90<<<<", "<<<<<<"}[random.below(4)];
  mrz.primary = random_names(random, 4);
  mrz.secondary = random.below(5) == 0 ? "" : random_names(random, 5);
  return mrz;
}

}  // namespace

TEST_CASE("check digits are those of the standard") {
  for (const auto& row : vectors("mrz.json")["check_digits"]) {
    INFO(row[2].asString());
    CHECK(check_digit(row[0].asString()) == row[1].asString()[0]);
  }
  CHECK(check_digit("") == '0');
  CHECK_FALSE(check_digit("AB 1"));
  CHECK_FALSE(check_digit("ab"));
  CHECK_FALSE(check_digit("\xD0\x90"));
}

TEST_CASE("TD1 specimens are read and written back") {
  const auto rows = vectors("mrz.json")["td1"];
  REQUIRE(rows.size() == 4);
  for (const auto& row : rows) {
    INFO(row["where"].asString());
    const auto mrz = decode_td1(joined(row["lines"]));
    REQUIRE(mrz);
    check_fields(*mrz, row);
    CHECK(encoded(*mrz) == joined(row["lines"]));
    CHECK(mrz_information(joined(row["lines"])) == row["information"].asString());
  }
}

TEST_CASE("zones of the sizes TD2 and TD3 are read") {
  const auto rows = vectors("mrz.json")["td2_td3"];
  REQUIRE(rows.size() == 5);
  for (const auto& row : rows) {
    INFO(row["where"].asString());
    const auto zone = joined(row["lines"]);
    const auto mrz = decode_mrz(zone);
    REQUIRE(mrz);
    check_fields(*mrz, row);
    CHECK(mrz_information(zone) == row["information"].asString());
    CHECK(decode_td1(zone).error() == DecodeError::bad_value);
    CHECK_FALSE(decode_mrz(zone.substr(1)));
    CHECK_FALSE(decode_mrz(zone + '<'));
  }
}

TEST_CASE("every changed character of the lower line of TD2 and TD3 is found, but for those without a check digit") {
  for (const auto& row : vectors("mrz.json")["td2_td3"]) {
    const auto good = joined(row["lines"]);
    const std::size_t line = good.size() / 2;
    for (std::size_t i = 0; i < line; ++i) {
      const bool unprotected = (i >= 10 && i < 13) || i == 20;  // nationality, sex
      std::string bad = good;
      bad[line + i] = good[line + i] == '1' ? '2' : '1';
      INFO(i << " " << bad);
      if (unprotected)
        CHECK(decode_mrz(bad).error() == DecodeError::bad_value);
      else
        CHECK_FALSE(decode_mrz(bad));
    }
  }
}

TEST_CASE("visas, cards that claim to be passports and misprinted specimens are no documents") {
  for (const auto& row : vectors("mrz.json")["not_documents"]) {
    INFO(row["where"].asString());
    CHECK_FALSE(decode_mrz(joined(row["lines"])));
    CHECK_FALSE(mrz_information(joined(row["lines"])));
  }
  for (const auto& row : vectors("mrz.json")["td2_td3"]) {
    auto zone = joined(row["lines"]);
    zone[0] = zone[0] == 'P' ? 'I' : 'P';
    CHECK(decode_mrz(zone).error() == DecodeError::bad_value);
  }
}

TEST_CASE("the misprinted specimen of 9303-10 is refused until its digit is repaired") {
  for (const auto& row : vectors("mrz.json")["td1_refused"]) {
    std::string text = joined(row["lines"]);
    CHECK(decode_td1(text).error() == DecodeError::bad_check_digit);
    text[59] = row["repaired_digit"].asString()[0];
    REQUIRE(decode_td1(text));
    CHECK(decode_td1(text)->names_truncated);
  }
}

TEST_CASE("names are truncated as 9303-5 allows") {
  for (const auto& row : vectors("mrz.json")["names"]) {
    Mrz mrz = sample();
    mrz.primary = row["primary"].asString();
    mrz.secondary = row["secondary"].asString();
    INFO(row["where"].asString());
    CHECK(encode_td1(mrz)->at(2) == row["line"].asString());
  }
}

TEST_CASE("a truncated name ends in a letter and keeps an initial of every name that fits") {
  const std::uint32_t seed = test_seed();
  INFO("seed " << seed);
  Random random(seed);
  for (int i = 0; i < 2000; ++i) {
    const Mrz mrz = random_mrz(random);
    const std::string text = encoded(mrz);
    const auto read = decode_td1(text);
    INFO(mrz.primary << " / " << mrz.secondary << " / " << text);
    REQUIRE(read);
    Mrz expected = mrz;
    expected.names_truncated = read->names_truncated;
    if (mrz.primary.size() + mrz.secondary.size() + (mrz.secondary.empty() ? 0 : 2) > 30) {
      CHECK(read->names_truncated);
      CHECK(read->primary.front() == mrz.primary.front());
      CHECK(read->secondary.empty() == mrz.secondary.empty());
      CHECK(std::ranges::count(read->secondary, ' ') == std::ranges::count(mrz.secondary, ' '));
      expected.primary = read->primary;
      expected.secondary = read->secondary;
    }
    CHECK(*read == expected);
    CHECK(encoded(*read) == text);
  }
}

TEST_CASE("more names than the line has room for still give a line") {
  Mrz mrz = sample();
  mrz.primary = "A B C D E F G H I J K L M N";
  mrz.secondary = "O P Q R S T";
  CHECK(encode_td1(mrz)->at(2) == "A<B<C<D<E<F<G<H<I<J<K<L<M<N<<O");
  mrz.primary += " O P Q";
  CHECK(encode_td1(mrz)->at(2) == "A<B<C<D<E<F<G<H<I<J<K<L<M<N<<O");
}

TEST_CASE("fields that the zone cannot carry are not written") {
  const std::vector<void (*)(Mrz&)> faults{
      [](Mrz& m) { m.document_code = "P"; },
      [](Mrz& m) { m.document_code = "IV"; },
      [](Mrz& m) { m.document_code = "AC"; },
      [](Mrz& m) { m.document_code = "IWX"; },
      [](Mrz& m) { m.document_code = ""; },
      [](Mrz& m) { m.issuer = "RUSS"; },
      [](Mrz& m) { m.issuer = ""; },
      [](Mrz& m) { m.document_number = ""; },
      [](Mrz& m) { m.document_number = "P 1"; },
      [](Mrz& m) { m.document_number = "p00000017"; },
      [](Mrz& m) { m.document_number += "12"; },
      [](Mrz& m) { m.optional1 = "1234567890123456"; },
      [](Mrz& m) { m.optional1 = "a"; },
      [](Mrz& m) { m.optional2 = "123456789012"; },
      [](Mrz& m) { m.birth_date = "901312"; },
      [](Mrz& m) { m.birth_date = "9005"; },
      [](Mrz& m) { m.birth_date = "900532"; },
      [](Mrz& m) { m.expiry_date = "22<<<<"; },
      [](Mrz& m) { m.expiry_date = "220400"; },
      [](Mrz& m) { m.sex = 'X'; },
      [](Mrz& m) { m.nationality = "T1K"; },
      [](Mrz& m) { m.primary = ""; },
      [](Mrz& m) { m.primary = "SHARIPOV "; },
      [](Mrz& m) { m.primary = " SHARIPOV"; },
      [](Mrz& m) { m.secondary = "FARRUKH  R"; },
      [](Mrz& m) { m.secondary = "FARRUKH-R"; },
      [](Mrz& m) { m.secondary = "\xD0\x90"; },
      [](Mrz& m) { m.primary = "O'NEIL"; },
  };
  REQUIRE(encode_td1(sample()));
  for (std::size_t i = 0; i < faults.size(); ++i) {
    Mrz mrz = sample();
    faults[i](mrz);
    INFO(i);
    CHECK_FALSE(encode_td1(mrz));
  }
}

TEST_CASE("every changed character of the two data lines is found, but for the fields without a check digit") {
  const std::string good = encoded(sample());
  for (std::size_t i = 0; i < 60; ++i) {
    const bool unprotected = i < 5 || i == 37 || (i >= 45 && i < 48);  // code, issuer, sex, nationality
    std::string bad = good;
    bad[i] = good[i] == '1' ? '2' : '1';
    INFO(i << " " << bad);
    if (unprotected)
      CHECK(decode_td1(bad).error() == DecodeError::bad_value);
    else
      CHECK_FALSE(decode_td1(bad));
  }
}

TEST_CASE("hostile zones are refused") {
  const std::string good = encoded(sample());
  CHECK(decode_td1("").error() == DecodeError::bad_value);
  CHECK(decode_td1(good.substr(1)).error() == DecodeError::bad_value);
  CHECK(decode_td1(good + "<").error() == DecodeError::bad_value);
  for (const std::string names : {"<<FARRUKH", "SHARIPOV<<A<<B", "SHAR1POV<<A", "", "SHARIPOV<<<A"}) {
    std::string bad = good.substr(0, 60) + names;
    bad.resize(90, '<');
    INFO(names);
    CHECK(decode_td1(bad).error() == DecodeError::bad_value);
  }
  std::string lower = good;
  lower[65] = 'a';
  CHECK(decode_td1(lower).error() == DecodeError::bad_value);
  // A long number without its rest.
  CHECK(decode_td1("IWRUS772100123<<<<<<<<<<<<<<<<" + good.substr(30)).error() == DecodeError::bad_check_digit);
  CHECK(mrz_information(good.substr(1)).error() == DecodeError::bad_value);
}

TEST_CASE("a number shorter than its field keeps its fillers in the password") {
  Mrz mrz = sample();
  mrz.document_number = "AB2134";
  CHECK(mrz_information(encoded(mrz)) == "AB2134<<<590051232204215");
}

TEST_CASE("a patent's zone has the card number first and the patent's number beside it") {
  using namespace std::chrono_literals;
  Patent p;
  p.series = "77";
  p.number = "2100123456";
  p.card_number = "P00000017";
  p.last_day = 2022y / 4 / 21;
  p.surname_latin = "SHARIPOV";
  p.given_latin = "FARRUKH RUSTAMOVICH";
  p.sex = Sex::male;
  p.birth_date = {1990, 5, 12};
  p.citizenship = "TJK";
  CHECK(mrz_of(p) == sample());
  p.surname_latin = "D'ARTAGNAN-SMITH";
  CHECK(mrz_of(p).primary == "DARTAGNAN SMITH");
  p.surname_latin = "";
  CHECK(mrz_of(p).primary == "FARRUKH RUSTAMOVICH");
  CHECK(mrz_of(p).secondary.empty());
  p.birth_date = {1990, 0, 0};
  CHECK(mrz_of(p).birth_date == "90<<<<");
  p.sex = Sex::unspecified;
  CHECK(mrz_of(p).sex == '<');
}
