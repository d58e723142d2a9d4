// SPDX-License-Identifier: Apache-2.0
// Owns the access conditions a file can have, as data.
#pragma once

#include <cstdint>

namespace layout {

enum class Access : std::uint8_t {
  never,         // nobody
  always,        // without authentication
  pace,          // inside secure messaging opened by PACE
  dg3_right,     // PACE, chip authentication and a terminal certificate with the DG3 right (EAC)
  append_right,  // PACE, chip authentication and a terminal certificate with the append right
  personalizer,  // inside SCP03 before the card is PERSONALIZED
};

}  // namespace layout
