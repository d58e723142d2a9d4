// SPDX-License-Identifier: Apache-2.0
// Owns the guard between strangers' text and a terminal.
#pragma once

#include <string>
#include <string_view>

namespace reader {

// What stands on a chip or in an order is data: it may not steer the terminal that shows it. Control characters, those
// of ISO/IEC 6429's second set too (in UTF-8, C2 80 to C2 9F), become `instead`.
inline std::string shown(std::string_view text, char instead) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool second = at(i) == 0xC2 && i + 1 < text.size() && at(i + 1) >= 0x80 && at(i + 1) < 0xA0;
    out += second || at(i) < 0x20 || at(i) == 0x7F ? instead : text[i];
    i += second ? 1 : 0;
  }
  return out;
}

}  // namespace reader
