// SPDX-License-Identifier: Apache-2.0
#include "card/patent/mrz_field.hpp"

#include <algorithm>

namespace patent {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }

// Two digits within a range, or two fillers where the part may be unknown.
bool date_part(std::string_view two, int low, int high, bool may_be_unknown) {
  if (two == "<<") return may_be_unknown;
  if (!is_digit(two[0]) || !is_digit(two[1])) return false;
  const int value = (two[0] - '0') * 10 + (two[1] - '0');
  return low <= value && value <= high;
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

bool letters(std::string_view text) { return std::ranges::all_of(text, is_letter); }
bool letters_and_digits(std::string_view text) { return std::ranges::all_of(text, is_letter_or_digit); }
bool sex_field(char c) { return c == 'M' || c == 'F' || c == '<'; }

bool date_field(std::string_view text, bool may_be_unknown) {
  return text.size() == 6 && date_part(text.substr(0, 2), 0, 99, may_be_unknown) &&
         date_part(text.substr(2, 2), 1, 12, may_be_unknown) && date_part(text.substr(4, 2), 1, 31, may_be_unknown);
}

bool card_code(std::string_view code) {
  if (code.empty() || code.size() > 2 || !letters(code)) return false;
  return (code[0] == 'A' || code[0] == 'C' || code[0] == 'I') && (code.size() == 1 || code[1] != 'V') && code != "AI" &&
         code != "AC";
}

std::string filled(std::string text, std::size_t size) {
  std::ranges::replace(text, ' ', '<');
  text.resize(size, '<');
  return text;
}

std::string with_check_digit(std::string field) {
  const auto digit = check_digit(field);
  field += digit.value_or('<');
  return field;
}

std::string_view without_fillers(std::string_view field) {
  return field.substr(0, field.find_last_not_of('<') + 1);  // npos + 1 == 0
}

std::optional<NameComponents> split_name(std::string_view name) {
  NameComponents components;
  while (!name.empty()) {
    const auto end = std::min(name.find(' '), name.size());
    const auto component = name.substr(0, end);
    if (component.empty() || !letters(component) || end + 1 == name.size()) return std::nullopt;
    components.push_back(component);
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return components;
}

}  // namespace patent
