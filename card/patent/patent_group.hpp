// SPDX-License-Identifier: Apache-2.0
// Owns the reading of data group 13 by itself (docs/file-layout.md, 3); its writing is encode_dg13.
#pragma once

#include "card/patent/data_groups.hpp"

namespace patent {

// Which part of the Cyrillic name the holder does not have: a single name stands first in DG11.
enum class AbsentName : std::uint8_t { none = 0, surname = 1, given = 2 };

struct PatentGroup {
  Patent patent;  // without what DG1, DG11 and DG12 alone carry
  AbsentName absent = AbsentName::none;
  bool has_latin_names = false;  // the MRZ cannot give them back
};
Decoded<PatentGroup> decode_dg13(ByteView file);

AbsentName absent_name(const Patent& patent);

}  // namespace patent
