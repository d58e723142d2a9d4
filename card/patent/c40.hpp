// SPDX-License-Identifier: Apache-2.0
// Owns C40: capital letters, digits and spaces, three in two octets, as visible digital seals have them (Doc 9303-13,
// 2.6).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "card/patent/patent.hpp"

namespace patent {

// '<' is written as a space. Empty for a text with any other character, and for an empty one.
Bytes encode_c40(std::string_view text);
// Nothing but what encode_c40() writes.
std::optional<std::string> decode_c40(ByteView octets);

}  // namespace patent
