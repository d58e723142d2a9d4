// SPDX-License-Identifier: Apache-2.0
// Owns the check of the letters in an order's texts: scripts, normal form, look-alikes (Unicode UAX 15 and 24).
#pragma once

#include <string_view>

namespace personalize {

// Cyrillic letters (the national ones included), single spaces, hyphen, apostrophe, dot. Empty is allowed.
bool is_cyrillic_name(std::string_view utf8);
// A-Z, single spaces, hyphen, apostrophe. Empty is allowed.
bool is_latin_name(std::string_view utf8);
// Valid UTF-8, normal form C, no control characters.
bool is_clean_text(std::string_view utf8);

}  // namespace personalize
