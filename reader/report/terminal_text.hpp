// SPDX-License-Identifier: Apache-2.0
// Owns the guard between strangers' text and a terminal.
#pragma once

#include <algorithm>
#include <string>

namespace reader {

// What stands on a chip or in an order is data: it may not steer the terminal that shows it. Control characters become
// `instead`.
inline std::string shown(std::string text, char instead) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, instead);
  return text;
}

}  // namespace reader
