// SPDX-License-Identifier: Apache-2.0
// Owns the check of the letters in an order's texts: scripts, normal form, look-alikes (Unicode UAX 15 and 24).
#pragma once

#include <string_view>

namespace personalize {

// Cyrillic letters (the national ones included), single spaces, hyphen, apostrophe, dot. Empty is allowed.
bool is_cyrillic_name(std::string_view utf8);
// A-Z, single spaces, hyphen, apostrophe, and a letter in each part. Empty is allowed.
bool is_latin_name(std::string_view utf8);
// Capital letters, digits, single spaces.
bool is_blank_number(std::string_view utf8);
// What a data group takes: valid UTF-8, normal form C, no control characters, no '<', no space at the ends. Empty is
// allowed.
bool is_clean_text(std::string_view utf8);

}  // namespace personalize
