// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/utf8.hpp"

#include <unicode/ustring.h>

#include <algorithm>

namespace personalize {

bool is_utf8(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return static_cast<signed char>(c) >= 0; })) return true;
  UErrorCode error = U_ZERO_ERROR;  // of a conversion into no room: its length alone, or that there is none
  u_strFromUTF8(nullptr, 0, nullptr, text.data(), static_cast<std::int32_t>(text.size()), &error);
  return error == U_BUFFER_OVERFLOW_ERROR;
}

}  // namespace personalize
