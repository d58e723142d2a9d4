// SPDX-License-Identifier: Apache-2.0
#include "card/patent/identifiers.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace patent {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }
bool digits(std::string_view text, std::size_t count) { return text.size() == count && all_digits(text); }
bool letters_and_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_digit(c) || is_letter(c); });
}

int weighted_sum(std::string_view text, std::span<const int> weights) {
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (text[i] - '0');
  return sum;
}

// The order of the Federal Tax Service on the INN (12 digits: a natural person).
constexpr std::array kInnWeights{3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};

bool inn_digit_holds(std::string_view text, std::size_t position) {
  const auto weights = std::span(kInnWeights).last(position);
  return weighted_sum(text, weights) % 11 % 10 == text[position] - '0';
}

// A form is a list of alternatives divided by '|': A stands for a letter, 9 for a digit, a small letter for that
// letter.
bool has_form(std::string_view text, std::string_view form) {
  return std::ranges::equal(text, form, [](char c, char f) {
    if (f == 'A') return is_letter(c);
    if (f == '9') return is_digit(c);
    return c == f - 'a' + 'A';
  });
}

bool has_one_form(std::string_view text, std::string_view forms) {
  for (;;) {
    const auto end = forms.find('|');
    if (has_form(text, forms.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    forms.remove_prefix(end + 1);
  }
}

struct PassportForm {
  std::string_view country;
  std::string_view forms;
};
constexpr std::array kPassportForms{
    PassportForm{"UZB", "AA9999999"},
    PassportForm{"TJK", "999999999"},
    PassportForm{"AZE", "c99999999|p9999999|aa9999999"},
    PassportForm{"MDA", "AA9999999"},
    PassportForm{"UKR", "AA999999|999999999"},
    PassportForm{"GEO", "99AA99999"},
    PassportForm{"KGZ", "ac9999999|pe9999999|id9999999"},
    PassportForm{"KAZ", "n99999999"},
    PassportForm{"ARM", "AA9999999"},
};

}  // namespace

bool is_inn(std::string_view text) {
  return digits(text, 12) && inn_digit_holds(text, 10) && inn_digit_holds(text, 11) && text != "000000000000";
}

bool is_snils(std::string_view text) {
  constexpr std::array kWeights{9, 8, 7, 6, 5, 4, 3, 2, 1};
  constexpr std::string_view kLastUnchecked = "001001998";
  if (!digits(text, 11)) return false;
  if (text.substr(0, 9) <= kLastUnchecked) return true;
  const int check = weighted_sum(text, kWeights) % 101 % 100;
  return check == (text[9] - '0') * 10 + (text[10] - '0');
}

bool is_patent_series(std::string_view text) { return digits(text, 2); }
bool is_patent_number(std::string_view text) { return digits(text, 10); }
bool is_card_number(std::string_view text) { return text.size() == 9 && letters_and_digits(text); }
bool is_oktmo(std::string_view text) { return digits(text, 8) || digits(text, 11); }
bool is_issuer_code(std::string_view text) {
  return text.size() == 7 && text[3] == '-' && all_digits(text.substr(0, 3)) && all_digits(text.substr(4));
}
bool is_state_code(std::string_view text) {
  return !text.empty() && text.size() <= 3 && std::ranges::all_of(text, is_letter);
}
bool is_list_uri(std::string_view text) {
  constexpr std::size_t kMost = 120;
  return !text.empty() && text.size() <= kMost &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F' && c != '<'; });
}
bool is_identity_document(std::string_view text) {
  return !text.empty() && text.size() <= 20 && letters_and_digits(text);
}

bool looks_like_passport(std::string_view country, std::string_view number) {
  const auto known = std::ranges::find(kPassportForms, country, &PassportForm::country);
  return known == kPassportForms.end() || has_one_form(number, known->forms);
}

}  // namespace patent
