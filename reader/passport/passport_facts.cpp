// SPDX-License-Identifier: Apache-2.0
#include "reader/passport/passport_facts.hpp"

#include <algorithm>
#include <tuple>

#include "card/patent/face.hpp"
#include "card/patent/listed_objects.hpp"
#include "card/patent/text.hpp"

namespace reader {
namespace {

using patent::DecodeError;

// Doc 9303-10, 4.7.11 and 4.7.12.
constexpr std::uint32_t kFullName = 0x5F0E, kBirthPlace = 0x5F11, kBirthDate = 0x5F2B, kIssueDate = 0x5F26;
constexpr std::size_t kPlaceCharacters = 120;
constexpr std::uint8_t kDg11 = 0x6B, kDg12 = 0x6C;

int year_of(patent::Date date) { return static_cast<int>(date.year()); }

// Two digits of a field of a zone; 0 for fillers.
unsigned two_digits(std::string_view field, std::size_t at) {
  if (field[at] == '<') return 0;
  return static_cast<unsigned>(field[at] - '0') * 10 + static_cast<unsigned>(field[at + 1] - '0');
}

std::optional<patent::BirthDate> birth_date(std::string_view field, patent::Date today) {
  if (field.starts_with('<')) return std::nullopt;
  patent::BirthDate date{2000 + static_cast<int>(two_digits(field, 0)), two_digits(field, 2), two_digits(field, 4)};
  const auto now = std::tuple(year_of(today), static_cast<unsigned>(today.month()), static_cast<unsigned>(today.day()));
  if (std::tuple(date.year, date.month, date.day) > now) date.year -= 100;
  return date;
}

patent::Date expiry_date(std::string_view field, patent::Date today) {
  constexpr int kLongest = 50;  // years
  const int year = 2000 + static_cast<int>(two_digits(field, 0));
  return patent::Date{std::chrono::year{year > year_of(today) + kLongest ? year - 100 : year},
                      std::chrono::month{two_digits(field, 2)}, std::chrono::day{two_digits(field, 4)}};
}

std::string with_spaces(std::string text) {
  std::ranges::replace(text, '<', ' ');
  return text;
}

void read_names(const std::string& full_name, PassportFacts& facts) {
  const auto separator = full_name.find("<<");
  const auto surname = with_spaces(full_name.substr(0, separator));
  const auto given = separator == std::string::npos ? std::string() : with_spaces(full_name.substr(separator + 2));
  if (patent::is_name(surname)) facts.surname = surname;
  if (patent::is_name(given)) facts.given_names = given;
}

// What is there and well formed is taken; nothing of it is needed.
void read_dg11(ByteView file, PassportFacts& facts) {
  const auto objects = patent::decode_listed(file, kDg11);
  if (!objects) return;
  if (const auto name = patent::listed_text(*objects, kFullName)) read_names(*name, facts);
  if (const auto place = patent::listed_text(*objects, kBirthPlace))
    if (auto text = with_spaces(*place); patent::is_text(text, kPlaceCharacters)) facts.birth_place = std::move(text);
  // With its century, where it is the zone's own date.
  const auto digits = patent::listed_date(*objects, kBirthDate);
  const auto date = digits ? patent::parse_birth_date(*digits) : std::nullopt;
  if (date && facts.birth_date && date->year % 100 == facts.birth_date->year % 100 &&
      date->month == facts.birth_date->month && date->day == facts.birth_date->day)
    facts.birth_date = date;
}

void read_dg12(ByteView file, PassportFacts& facts) {
  const auto objects = patent::decode_listed(file, kDg12);
  if (!objects) return;
  if (const auto digits = patent::listed_date(*objects, kIssueDate)) facts.issued = patent::parse_date(*digits);
}

}  // namespace

patent::Decoded<PassportFacts> passport_facts(const PassportGroups& groups, patent::Date today) {
  PassportFacts facts;
  PATENT_TRY(const auto zone, patent::decode_dg1(groups.dg1));
  PATENT_TRY(facts.mrz, patent::decode_mrz(zone));
  facts.birth_date = birth_date(facts.mrz.birth_date, today);
  facts.expires = expiry_date(facts.mrz.expiry_date, today);
  if (!facts.expires.ok() || (facts.birth_date && !patent::is_birth_date(*facts.birth_date)))
    return crypto::unexpected(DecodeError::bad_value);
  PATENT_TRY(auto face, patent::decode_dg2(groups.dg2));
  facts.portrait = std::move(face.image);
  if (groups.dg11) read_dg11(*groups.dg11, facts);
  if (groups.dg12) read_dg12(*groups.dg12, facts);
  return facts;
}

}  // namespace reader
