// SPDX-License-Identifier: Apache-2.0
// Owns the guard between strangers' text and a terminal.
#pragma once

#include <string>
#include <string_view>

namespace crypto {

// What stands on a chip, in an order or in a reader's name is data: it may neither steer the terminal that shows it nor
// the eye. Control characters of both sets of ISO/IEC 6429, separators of lines and paragraphs, what turns the
// direction of reading round (UAX #9: embeddings, overrides, isolates), and octets that are no UTF-8 become `instead`.
std::string shown(std::string_view text, char instead);

}  // namespace crypto
