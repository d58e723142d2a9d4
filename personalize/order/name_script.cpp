// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/name_script.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "card/patent/text.hpp"

namespace personalize {
namespace {

// Whether all characters are allowed. Broken UTF-8 reads as U+FFFD, which never is.
template <class Allowed>
bool every_character(std::string_view utf8, Allowed allowed) {
  const auto text = icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1))
    if (text.char32At(i) == 0xFFFD || !allowed(text.char32At(i))) return false;
  return true;
}

bool well_spaced(std::string_view text) {
  return !text.starts_with(' ') && !text.ends_with(' ') && text.find("  ") == std::string_view::npos;
}

}  // namespace

bool is_cyrillic_name(std::string_view utf8) {
  return well_spaced(utf8) && is_clean_text(utf8) && every_character(utf8, [](UChar32 c) {
           UErrorCode status = U_ZERO_ERROR;
           return c == ' ' || c == '-' || c == '\'' || c == '.' ||
                  (u_isalpha(c) && uscript_getScript(c, &status) == USCRIPT_CYRILLIC);
         });
}

bool is_latin_name(std::string_view utf8) {
  const bool letters =
      std::ranges::all_of(utf8, [](char c) { return (c >= 'A' && c <= 'Z') || c == ' ' || c == '-' || c == '\''; });
  // In the zone a hyphen is a filler and an apostrophe is nothing (Doc 9303-3, 4.6): each part keeps a letter.
  std::string zone(utf8);
  std::erase(zone, '\'');
  std::ranges::replace(zone, '-', ' ');
  return letters && well_spaced(utf8) && well_spaced(zone) && zone.empty() == utf8.empty();
}

bool is_blank_number(std::string_view utf8) {
  return well_spaced(utf8) &&
         every_character(utf8, [](UChar32 c) { return c == ' ' || (c >= '0' && c <= '9') || u_isupper(c); });
}

bool is_clean_text(std::string_view utf8) { return utf8.empty() || patent::is_text(utf8, utf8.size()); }

}  // namespace personalize
