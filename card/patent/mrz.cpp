// SPDX-License-Identifier: Apache-2.0
#include "card/patent/mrz.hpp"

#include <algorithm>
#include <vector>

namespace patent {

namespace {

constexpr std::size_t kLine = 30;
constexpr std::size_t kNumber = 9;      // characters of the document number field
constexpr std::size_t kOptional1 = 15;  // and of the fields for optional data
constexpr std::size_t kOptional2 = 11;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }

bool letters(std::string_view text) { return std::ranges::all_of(text, is_letter); }
bool letters_and_digits(std::string_view text) { return std::ranges::all_of(text, is_letter_or_digit); }
bool optional_data(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == ' '; }) &&
         (text.empty() || (text.front() != ' ' && text.back() != ' '));
}

// Doc 9303-5, note k) of 4.2.2.3.
bool document_code(std::string_view code) {
  if (code.empty() || code.size() > 2 || !letters(code)) return false;
  return (code[0] == 'A' || code[0] == 'C' || code[0] == 'I') && (code.size() == 1 || code[1] != 'V') && code != "AI" &&
         code != "AC";
}

// Two digits within a range, or two fillers where the part may be unknown (Doc 9303-3, 4.8).
bool date_part(std::string_view two, int low, int high, bool may_be_unknown) {
  if (two == "<<") return may_be_unknown;
  if (!is_digit(two[0]) || !is_digit(two[1])) return false;
  const int value = (two[0] - '0') * 10 + (two[1] - '0');
  return low <= value && value <= high;
}

bool date_field(std::string_view text, bool may_be_unknown) {
  return text.size() == 6 && date_part(text.substr(0, 2), 0, 99, may_be_unknown) &&
         date_part(text.substr(2, 2), 1, 12, may_be_unknown) && date_part(text.substr(4, 2), 1, 31, may_be_unknown);
}

bool sex_field(char c) { return c == 'M' || c == 'F' || c == '<'; }

std::string filled(std::string text, std::size_t size) {
  std::ranges::replace(text, ' ', '<');
  text.resize(size, '<');
  return text;
}

std::string_view without_fillers(std::string_view field) {
  return field.substr(0, field.find_last_not_of('<') + 1);  // npos + 1 == 0
}

std::string spaced(std::string_view field) {
  std::string text(without_fillers(field));
  std::ranges::replace(text, '<', ' ');
  return text;
}

std::string with_check_digit(std::string field) {
  const auto digit = check_digit(field);
  field += digit.value_or('<');
  return field;
}

using Components = std::vector<std::string_view>;

// Nothing for an empty component or a character other than A-Z.
std::optional<Components> split_name(std::string_view name) {
  Components components;
  while (!name.empty()) {
    const auto end = std::min(name.find(' '), name.size());
    const auto component = name.substr(0, end);
    if (component.empty() || !letters(component) || end + 1 == name.size()) return std::nullopt;
    components.push_back(component);
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return components;
}

std::string joined(const Components& components) {
  std::string text;
  for (const auto component : components) text.append(text.empty() ? "" : "<").append(component);
  return text;
}

std::size_t length_with_separators(const Components& components) {
  std::size_t length = components.empty() ? 0 : components.size() - 1;
  for (const auto component : components) length += component.size();
  return length;
}

// The names of Doc 9303-5, 4.2.3: every component keeps its first letter, then the components are given back their
// letters from the left, so that the last position of a truncated name is a letter.
class NameLine {
public:
  NameLine(Components primary, Components secondary) : primary_(std::move(primary)), secondary_(std::move(secondary)) {}

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

  static void give_back(Components& components, const Components& full, std::size_t& room) {
    for (std::size_t i = 0; i < components.size(); ++i) {
      const std::size_t more = std::min(room, full[i].size() - 1);
      components[i] = full[i].substr(0, 1 + more);
      room -= more;
    }
  }

  Components primary_;
  Components secondary_;
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
  if (number.size() <= kNumber) {
    fields.number_and_digit = with_check_digit(filled(number, kNumber));
  } else {
    fields.number_and_digit = number.substr(0, kNumber) + '<';
    optional = with_check_digit(number).substr(kNumber) + (optional.empty() ? "" : " ") + optional;
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

bool digit_holds(std::string_view field, char digit) { return check_digit(field) == digit; }

Decoded<void> decode_number(std::string_view upper, Mrz& mrz) {
  const auto field = upper.substr(5, kNumber);
  const auto optional = upper.substr(15);
  mrz.document_number = without_fillers(field);
  mrz.optional1 = spaced(optional);
  const char digit = upper[14];
  if (digit == '<' && field.back() != '<') {
    const auto end = std::min(optional.find('<'), optional.size());
    if (end < 2) return crypto::unexpected(DecodeError::bad_check_digit);
    mrz.document_number.append(optional.substr(0, end - 1));
    mrz.optional1 = spaced(optional.substr(std::min(end + 1, optional.size())));
    if (!digit_holds(mrz.document_number, optional[end - 1])) return crypto::unexpected(DecodeError::bad_check_digit);
  } else if (!digit_holds(field, digit)) {
    return crypto::unexpected(DecodeError::bad_check_digit);
  }
  if (mrz.document_number.empty() || !letters_and_digits(mrz.document_number))
    return crypto::unexpected(DecodeError::bad_value);
  return {};
}

Decoded<void> decode_names(std::string_view line, Mrz& mrz) {
  const auto names = without_fillers(line);
  const auto separator = names.find("<<");
  mrz.primary = spaced(names.substr(0, separator));
  mrz.secondary = separator == std::string_view::npos ? "" : spaced(names.substr(separator + 2));
  mrz.names_truncated = names.size() == kLine;
  if (mrz.primary.empty() || !split_name(mrz.primary) || !split_name(mrz.secondary))
    return crypto::unexpected(DecodeError::bad_value);
  return {};
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

std::optional<char> check_digit(std::string_view field) {
  constexpr std::array kWeights{7, 3, 1};
  int sum = 0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const char c = field[i];
    if (!is_letter_or_digit(c) && c != '<') return std::nullopt;
    const int value = c == '<' ? 0 : is_digit(c) ? c - '0' : c - 'A' + 10;
    sum = (sum + value * kWeights[i % 3]) % 10;
  }
  return static_cast<char>('0' + sum);
}

std::optional<MrzLines> encode_td1(const Mrz& mrz) {
  const auto number = number_fields(mrz);
  const auto primary = split_name(mrz.primary);
  const auto secondary = split_name(mrz.secondary);
  if (!number || !primary || primary->empty() || !secondary) return std::nullopt;
  if (!document_code(mrz.document_code) || !sex_field(mrz.sex)) return std::nullopt;
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

Decoded<Mrz> decode_td1(std::string_view ninety_characters) {
  if (ninety_characters.size() != 3 * kLine || !check_digit(ninety_characters))
    return crypto::unexpected(DecodeError::bad_value);
  const auto upper = ninety_characters.substr(0, kLine);
  const auto middle = ninety_characters.substr(kLine, kLine);

  Mrz mrz;
  mrz.document_code = without_fillers(upper.substr(0, 2));
  mrz.issuer = without_fillers(upper.substr(2, 3));
  mrz.birth_date = middle.substr(0, 6);
  mrz.sex = middle[7];
  mrz.expiry_date = middle.substr(8, 6);
  mrz.nationality = without_fillers(middle.substr(15, 3));
  mrz.optional2 = spaced(middle.substr(18, kOptional2));
  PATENT_TRY_VOID(decode_number(upper, mrz));
  if (!digit_holds(mrz.birth_date, middle[6]) || !digit_holds(mrz.expiry_date, middle[14]) ||
      !digit_holds(composite_input(upper, middle), middle[29]))
    return crypto::unexpected(DecodeError::bad_check_digit);
  if (!document_code(mrz.document_code) || mrz.issuer.empty() || !letters(mrz.issuer) || mrz.nationality.empty() ||
      !letters(mrz.nationality) || !sex_field(mrz.sex) || !date_field(mrz.birth_date, true) ||
      !date_field(mrz.expiry_date, false))
    return crypto::unexpected(DecodeError::bad_value);
  PATENT_TRY_VOID(decode_names(ninety_characters.substr(2 * kLine), mrz));
  return mrz;
}

Decoded<std::string> mrz_information(std::string_view ninety_characters) {
  PATENT_TRY(const Mrz mrz, decode_td1(ninety_characters));
  const std::size_t size = std::max(kNumber, mrz.document_number.size());
  return with_check_digit(filled(mrz.document_number, size)) + with_check_digit(mrz.birth_date) +
         with_check_digit(mrz.expiry_date);
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
