// SPDX-License-Identifier: Apache-2.0
// Owns what text a patent can carry: UTF-8 in NFC, no control characters, counted in characters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "card/patent/patent.hpp"

namespace patent {

// Valid UTF-8 in normalization form C, 1 to `most` characters, no control character, no '<' (the separator of Doc
// 9303), and no space at either end.
bool is_text(std::string_view utf8, std::size_t most);
// The same, at most 60 characters, single spaces only: so that '<' can stand for a space.
bool is_name(std::string_view utf8);
// 1 to 39 of A-Z, space, hyphen, apostrophe; single spaces only.
bool is_latin_name(std::string_view text);

// YYYYMMDD.
std::string date_text(Date date);
std::optional<Date> parse_date(std::string_view eight_digits);
// YYYY-MM-DD (ISO 8601), and nothing else.
std::string iso_date(Date date);
std::optional<Date> parse_iso_date(std::string_view text);
// Unknown month and day are 00 (Doc 9303-10, 4.7.11.1).
std::string birth_date_text(const BirthDate& date);
std::optional<BirthDate> parse_birth_date(std::string_view eight_digits);
bool is_birth_date(const BirthDate& date);

}  // namespace patent
