// SPDX-License-Identifier: Apache-2.0
// Owns the comparison of the machine readable zone, as somebody read it off the print, with the chip's.
#pragma once

#include <string_view>

#include "reader/include/patent/verdict.hpp"
#include "reader/inspect/evidence.hpp"

namespace reader {

// `printed`: the zone's lines, joined. What opens a chip are three fields of it; every character must be the chip's.
void compare_zone(std::string_view printed, const Evidence& evidence, Verdict& verdict);

}  // namespace reader
