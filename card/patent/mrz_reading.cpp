// SPDX-License-Identifier: Apache-2.0
// The zones of the three sizes of documents, read by one table of where their fields stand (Doc 9303-4, -5, -6; 4.2).
#include <algorithm>

#include "card/patent/mrz_field.hpp"

namespace patent {

namespace {

struct Field {
  std::size_t at, size;
  [[nodiscard]] std::string_view of(std::string_view zone) const { return zone.substr(at, size); }
};

// Offsets in the joined lines. A check digit stands behind its field.
struct Zone {
  std::size_t size;
  bool card;  // or a passport
  Field names, number, optional1, birth, expiry, nationality, optional2;
  std::size_t sex;
  std::size_t composite;
  std::array<Field, 4> composed;  // what the composite check digit is over
};
constexpr std::array kZones{
    Zone{90,
         true,
         {60, 30},
         {5, 9},
         {15, 15},
         {30, 6},
         {38, 6},
         {45, 3},
         {48, 11},
         37,
         59,
         {{{5, 25}, {30, 7}, {38, 7}, {48, 11}}}},
    Zone{72,
         true,
         {5, 31},
         {36, 9},
         {64, 7},
         {49, 6},
         {57, 6},
         {46, 3},
         {0, 0},
         56,
         71,
         {{{36, 10}, {49, 7}, {57, 14}, {0, 0}}}},
    Zone{88,
         false,
         {5, 39},
         {44, 9},
         {72, 14},
         {57, 6},
         {65, 6},
         {54, 3},
         {0, 0},
         64,
         87,
         {{{44, 10}, {57, 7}, {65, 22}, {0, 0}}}},
};

std::string spaced(std::string_view field) {
  std::string text(without_fillers(field));
  std::ranges::replace(text, '<', ' ');
  return text;
}

bool digit_holds(std::string_view field, char digit) { return check_digit(field) == digit; }
bool digit_holds(std::string_view zone, const Field& field) {
  return digit_holds(field.of(zone), zone[field.at + field.size]);
}

auto wrong_digit() { return crypto::unexpected(DecodeError::bad_check_digit); }

// A card's long number goes on in the optional data, its check digit and a filler behind it (Doc 9303-5, note j).
Decoded<void> decode_number(std::string_view zone, const Zone& form, Mrz& mrz) {
  const auto field = form.number.of(zone);
  const auto optional = form.optional1.of(zone);
  mrz.document_number = without_fillers(field);
  mrz.optional1 = spaced(optional);
  const bool goes_on = form.card && zone[form.number.at + field.size()] == '<' && field.back() != '<';
  if (goes_on) {
    const auto end = std::min(optional.find('<'), optional.size());
    if (end < 2) return wrong_digit();
    mrz.document_number.append(optional.substr(0, end - 1));
    mrz.optional1 = spaced(optional.substr(std::min(end + 1, optional.size())));
    if (!digit_holds(mrz.document_number, optional[end - 1])) return wrong_digit();
  } else if (!digit_holds(zone, form.number)) {
    return wrong_digit();
  }
  if (mrz.document_number.empty() || !letters_and_digits(mrz.document_number))
    return crypto::unexpected(DecodeError::bad_value);
  return {};
}

// A passport's optional data have a check digit of their own: a filler or zero where there are none (9303-4, 4.2.2.2).
bool optional_holds(std::string_view zone, const Zone& form) {
  if (form.card) return true;
  const bool none = without_fillers(form.optional1.of(zone)).empty();
  return (none && zone[form.optional1.at + form.optional1.size] == '<') || digit_holds(zone, form.optional1);
}

bool composite_holds(std::string_view zone, const Zone& form) {
  std::string input;
  for (const auto& field : form.composed) input.append(field.of(zone));
  return digit_holds(input, zone[form.composite]);
}

Decoded<void> decode_names(std::string_view line, Mrz& mrz) {
  const auto names = without_fillers(line);
  const auto separator = names.find("<<");
  mrz.primary = spaced(names.substr(0, separator));
  mrz.secondary = separator == std::string_view::npos ? "" : spaced(names.substr(separator + 2));
  mrz.names_truncated = names.size() == line.size();
  if (mrz.primary.empty() || !split_name(mrz.primary) || !split_name(mrz.secondary))
    return crypto::unexpected(DecodeError::bad_value);
  return {};
}

bool code_fits(const Zone& form, std::string_view code) {
  return form.card ? card_code(code) : code.starts_with('P') && letters(code);
}

Decoded<Mrz> decode(std::string_view zone, const Zone& form) {
  if (!check_digit(zone)) return crypto::unexpected(DecodeError::bad_value);
  Mrz mrz;
  mrz.document_code = without_fillers(zone.substr(0, 2));
  mrz.issuer = without_fillers(zone.substr(2, 3));
  mrz.birth_date = form.birth.of(zone);
  mrz.sex = zone[form.sex];
  mrz.expiry_date = form.expiry.of(zone);
  mrz.nationality = without_fillers(form.nationality.of(zone));
  mrz.optional2 = spaced(form.optional2.of(zone));
  PATENT_TRY_VOID(decode_number(zone, form, mrz));
  if (!digit_holds(zone, form.birth) || !digit_holds(zone, form.expiry) || !optional_holds(zone, form) ||
      !composite_holds(zone, form))
    return wrong_digit();
  if (!code_fits(form, mrz.document_code) || mrz.issuer.empty() || !letters(mrz.issuer) || mrz.nationality.empty() ||
      !letters(mrz.nationality) || !sex_field(mrz.sex) || !date_field(mrz.birth_date, true) ||
      !date_field(mrz.expiry_date, false))
    return crypto::unexpected(DecodeError::bad_value);
  PATENT_TRY_VOID(decode_names(form.names.of(zone), mrz));
  return mrz;
}

}  // namespace

Decoded<Mrz> decode_mrz(std::string_view zone) {
  const auto* const form = std::ranges::find(kZones, zone.size(), &Zone::size);
  if (form == kZones.end()) return crypto::unexpected(DecodeError::bad_value);
  return decode(zone, *form);
}

Decoded<Mrz> decode_td1(std::string_view ninety_characters) {
  if (ninety_characters.size() != 90) return crypto::unexpected(DecodeError::bad_value);
  return decode_mrz(ninety_characters);
}

Decoded<std::string> mrz_information(std::string_view zone) {
  PATENT_TRY(const Mrz mrz, decode_mrz(zone));
  const std::size_t size = std::max(kNumberField, mrz.document_number.size());
  return with_check_digit(filled(mrz.document_number, size)) + with_check_digit(mrz.birth_date) +
         with_check_digit(mrz.expiry_date);
}

}  // namespace patent
