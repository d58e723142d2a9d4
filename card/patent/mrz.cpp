// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "card/patent/mrz_field.hpp"

namespace patent {

namespace {

constexpr std::size_t kLine = 30;
constexpr std::size_t kOptional1 = 15;  // characters of the fields for optional data
constexpr std::size_t kOptional2 = 11;

bool optional_data(std::string_view text) {
  std::string packed(text);
  std::erase(packed, ' ');
  return letters_and_digits(packed) && (text.empty() || (text.front() != ' ' && text.back() != ' '));
}

std::string joined(const NameComponents& components) {
  std::string text;
  for (const auto component : components) text.append(text.empty() ? "" : "<").append(component);
  return text;
}

std::size_t length_with_separators(const NameComponents& components) {
  std::size_t length = components.empty() ? 0 : components.size() - 1;
  for (const auto component : components) length += component.size();
  return length;
}

// The names of Doc 9303-5, 4.2.3: every component keeps its first letter, then the components are given back their
// letters from the left, so that the last position of a truncated name is a letter.
class NameLine {
public:
  NameLine(NameComponents primary, NameComponents secondary)
      : primary_(std::move(primary)), secondary_(std::move(secondary)) {}

  std::string text() {
    if (length() > kLine) truncate();
    std::string line = joined(primary_);
    if (!secondary_.empty()) line.append("<<").append(joined(secondary_));
    return filled(std::move(line), kLine);
  }

private:
  std::size_t length() const {
    const std::size_t separator = secondary_.empty() ? 0 : 2;
    return length_with_separators(primary_) + separator + length_with_separators(secondary_);
  }

  void truncate() {
    const auto full_primary = primary_;
    const auto full_secondary = secondary_;
    for (auto* components : {&primary_, &secondary_})
      for (auto& component : *components) component = component.substr(0, 1);
    while (length() > kLine) (secondary_.size() > 1 ? secondary_ : primary_).pop_back();
    std::size_t room = kLine - length();
    give_back(primary_, full_primary, room);
    give_back(secondary_, full_secondary, room);
  }

  static void give_back(NameComponents& components, const NameComponents& full, std::size_t& room) {
    for (std::size_t i = 0; i < components.size(); ++i) {
      const std::size_t more = std::min(room, full[i].size() - 1);
      components[i] = full[i].substr(0, 1 + more);
      room -= more;
    }
  }

  NameComponents primary_;
  NameComponents secondary_;
};

struct NumberFields {
  std::string number_and_digit;  // 10 characters
  std::string optional;          // 15 characters
};

// A long number goes on in the optional data, its check digit and a filler behind it (Doc 9303-5, note j).
std::optional<NumberFields> number_fields(const Mrz& mrz) {
  const auto& number = mrz.document_number;
  if (number.empty() || !letters_and_digits(number) || !optional_data(mrz.optional1)) return std::nullopt;
  NumberFields fields;
  std::string optional = mrz.optional1;
  if (number.size() <= kNumberField) {
    fields.number_and_digit = with_check_digit(filled(number, kNumberField));
  } else {
    fields.number_and_digit = number.substr(0, kNumberField) + '<';
    optional = with_check_digit(number).substr(kNumberField) + (optional.empty() ? "" : " ") + optional;
  }
  if (optional.size() > kOptional1) return std::nullopt;
  fields.optional = filled(std::move(optional), kOptional1);
  return fields;
}

std::string composite_input(std::string_view upper, std::string_view middle) {
  return std::string(upper.substr(5, 25))
      .append(middle.substr(0, 7))
      .append(middle.substr(8, 7))
      .append(middle.substr(18, 11));
}

// 9303-3, 4.6: a hyphen becomes a filler, an apostrophe is omitted.
std::string name_in_zone(std::string_view latin) {
  std::string name;
  for (const char c : latin)
    if (c != '\'') name += c == '-' ? ' ' : c;
  return name;
}

std::string two_digits(unsigned value) {
  return {static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
}

std::string birth_field(const BirthDate& date) {
  const auto part = [](unsigned value) { return value == 0 ? std::string("<<") : two_digits(value); };
  return two_digits(static_cast<unsigned>(date.year)) + part(date.month) + part(date.day);
}

std::string date_field_of(Date date) {
  return two_digits(static_cast<unsigned>(static_cast<int>(date.year()))) +
         two_digits(static_cast<unsigned>(date.month())) + two_digits(static_cast<unsigned>(date.day()));
}

}  // namespace

std::optional<MrzLines> encode_td1(const Mrz& mrz) {
  const auto number = number_fields(mrz);
  const auto primary = split_name(mrz.primary);
  const auto secondary = split_name(mrz.secondary);
  if (!number || !primary || primary->empty() || !secondary) return std::nullopt;
  if (!card_code(mrz.document_code) || !sex_field(mrz.sex)) return std::nullopt;
  if (!date_field(mrz.birth_date, true) || !date_field(mrz.expiry_date, false)) return std::nullopt;
  for (const auto& state : {mrz.issuer, mrz.nationality})
    if (state.empty() || state.size() > 3 || !letters(state)) return std::nullopt;
  if (mrz.optional2.size() > kOptional2 || !optional_data(mrz.optional2)) return std::nullopt;

  MrzLines lines;
  lines[0] = filled(mrz.document_code, 2) + filled(mrz.issuer, 3) + number->number_and_digit + number->optional;
  lines[1] = with_check_digit(mrz.birth_date) + mrz.sex + with_check_digit(mrz.expiry_date) +
             filled(mrz.nationality, 3) + filled(mrz.optional2, kOptional2);
  lines[1] += check_digit(composite_input(lines[0], lines[1])).value_or('<');
  lines[2] = NameLine(*primary, *secondary).text();
  return lines;
}

Mrz mrz_of(const Patent& patent, std::string_view document_code) {
  Mrz mrz;
  mrz.document_code = document_code;
  mrz.issuer = "RUS";
  mrz.document_number = patent.card_number;
  mrz.optional1 = patent.series + patent.number;
  mrz.birth_date = birth_field(patent.birth_date);
  mrz.sex = patent.sex == Sex::male ? 'M' : patent.sex == Sex::female ? 'F' : '<';
  mrz.expiry_date = date_field_of(patent.last_day);
  mrz.nationality = patent.citizenship;
  mrz.primary = name_in_zone(patent.surname_latin);
  mrz.secondary = name_in_zone(patent.given_latin);
  // A holder with one name has it as the primary identifier (Doc 9303-3, 4.6).
  if (mrz.primary.empty()) std::swap(mrz.primary, mrz.secondary);
  return mrz;
}

}  // namespace patent
