// SPDX-License-Identifier: Apache-2.0
// Owns the correspondence of the three-letter codes in the MRZ with the two-letter ones in certificates (ISO 3166-1;
// Doc 9303-3, 5).
#pragma once

#include <string_view>

namespace reader {

// Empty when the table does not know the code.
std::string_view alpha2_of(std::string_view issuer);

}  // namespace reader
