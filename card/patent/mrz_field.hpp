// SPDX-License-Identifier: Apache-2.0
// Owns the fields of a machine readable zone (ICAO Doc 9303-3, 4): which characters they take, how they are filled.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "card/patent/mrz.hpp"

namespace patent {

inline constexpr std::size_t kNumberField = 9;  // characters of the document number

bool letters(std::string_view text);
bool letters_and_digits(std::string_view text);
bool sex_field(char c);
// YYMMDD; unknown parts are fillers (4.8).
bool date_field(std::string_view text, bool may_be_unknown);
// Doc 9303-5, note k) of 4.2.2.3, and 9303-6: of a card, not of a passport.
bool card_code(std::string_view code);

std::string filled(std::string text, std::size_t size);
std::string with_check_digit(std::string field);
std::string_view without_fillers(std::string_view field);

using NameComponents = std::vector<std::string_view>;
// Nothing for an empty component or a character other than A-Z.
std::optional<NameComponents> split_name(std::string_view name);

}  // namespace patent
