// SPDX-License-Identifier: Apache-2.0
// Owns what a list may be called: a URI's characters (RFC 3986, 2), as many as fit on a card.
#pragma once

#include <algorithm>
#include <string_view>

namespace patent {

inline constexpr std::size_t kMaxListUri = 120;

[[nodiscard]] inline bool is_list_uri(std::string_view text) {
  return !text.empty() && text.size() <= kMaxListUri &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace patent
