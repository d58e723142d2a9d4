// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/name_script.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <cstdint>

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
  return well_spaced(utf8) &&
         std::ranges::all_of(utf8, [](char c) { return (c >= 'A' && c <= 'Z') || c == ' ' || c == '-' || c == '\''; });
}

bool is_clean_text(std::string_view utf8) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* nfc = icu::Normalizer2::getNFCInstance(status);
  return U_SUCCESS(status) &&
         every_character(utf8,
                         [](UChar32 c) { return u_charType(c) != U_CONTROL_CHAR && u_charType(c) != U_FORMAT_CHAR; }) &&
         nfc->isNormalizedUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())), status) &&
         U_SUCCESS(status);
}

}  // namespace personalize
