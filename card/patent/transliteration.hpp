// SPDX-License-Identifier: Apache-2.0
// Owns the transliteration of Cyrillic names to A-Z (ICAO Doc 9303-3, 6.B) and the national letters outside its table.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patent {

struct Transliteration {
  std::string latin;      // upper case A-Z, space, hyphen; apostrophes and dots are omitted (4.6)
  bool icao_only = true;  // false when a letter outside ICAO's table was needed (Tajik, Uzbek, Kyrgyz, Azeri)
};

// `citizenship` selects the national exceptions of the table (UKR, BLR, ...). Nothing when a character has no rule.
// Only for holders whose passport has no Latin name: Latin names are copied from the passport, never derived.
std::optional<Transliteration> transliterate(std::string_view utf8, std::string_view citizenship = {});

}  // namespace patent
