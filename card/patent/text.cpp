// SPDX-License-Identifier: Apache-2.0
#include "card/patent/text.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace patent {

namespace {

constexpr std::size_t kNameCharacters = 60;
constexpr std::size_t kLatinCharacters = 39;

// How many characters there are; nothing where one may not stand in a patent. ICU puts U+FFFD for what is no UTF-8.
std::optional<std::size_t> count_characters(const icu::UnicodeString& text) {
  constexpr UChar32 kReplacement = 0xFFFD;
  std::size_t count = 0;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1), ++count) {
    const UChar32 c = text.char32At(i);
    if (c == kReplacement || c == '<' || u_iscntrl(c) || !u_isdefined(c)) return std::nullopt;
  }
  return count;
}

bool is_composed(const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* nfc = icu::Normalizer2::getNFCInstance(status);
  return U_SUCCESS(status) && nfc->isNormalized(text, status) && U_SUCCESS(status);
}

unsigned number(std::string_view digits) {
  unsigned value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

bool eight_decimal_digits(std::string_view text) {
  return text.size() == 8 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string date_digits(unsigned year, unsigned month, unsigned day) {
  std::string text = std::to_string(year * 10000 + month * 100 + day);
  return text.insert(0, 8 - text.size(), '0');
}

}  // namespace

bool is_text(std::string_view utf8, std::size_t most) {
  constexpr std::size_t kMaxUtf8Octets = 4;
  if (utf8.empty() || utf8.size() > most * kMaxUtf8Octets || utf8.front() == ' ' || utf8.back() == ' ') return false;
  const auto text = icu::UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())});
  const auto count = count_characters(text);
  return count && *count <= most && is_composed(text);
}

bool is_name(std::string_view utf8) {
  return is_text(utf8, kNameCharacters) && utf8.find("  ") == std::string_view::npos;
}

bool is_latin_name(std::string_view text) {
  return is_text(text, kLatinCharacters) && text.find("  ") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || c == ' ' || c == '-' || c == '\''; });
}

std::string date_text(Date date) {
  return date_digits(static_cast<unsigned>(static_cast<int>(date.year())), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<Date> parse_date(std::string_view eight_digits) {
  const auto date = parse_birth_date(eight_digits);
  if (!date || date->month == 0 || date->day == 0) return std::nullopt;
  return std::chrono::year(date->year) / std::chrono::month(date->month) / std::chrono::day(date->day);
}

std::string iso_date(Date date) {
  const auto digits = date_text(date);
  return digits.substr(0, 4) + '-' + digits.substr(4, 2) + '-' + digits.substr(6);
}

std::optional<Date> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  std::array<char, 8> digits{};
  std::ranges::copy(text.substr(0, 4), digits.begin());
  std::ranges::copy(text.substr(5, 2), digits.begin() + 4);
  std::ranges::copy(text.substr(8, 2), digits.begin() + 6);
  return parse_date({digits.data(), digits.size()});
}

std::string birth_date_text(const BirthDate& date) {
  return date_digits(static_cast<unsigned>(date.year), date.month, date.day);
}

std::optional<BirthDate> parse_birth_date(std::string_view eight_digits) {
  if (!eight_decimal_digits(eight_digits)) return std::nullopt;
  const BirthDate date{static_cast<int>(number(eight_digits.substr(0, 4))), number(eight_digits.substr(4, 2)),
                       number(eight_digits.substr(6, 2))};
  if (!is_birth_date(date)) return std::nullopt;
  return date;
}

bool is_birth_date(const BirthDate& date) {
  if (date.year < 1 || date.year > 9999 || date.month > 12) return false;
  if (date.day == 0) return true;
  return (std::chrono::year(date.year) / std::chrono::month(date.month) / std::chrono::day(date.day)).ok();
}

}  // namespace patent
