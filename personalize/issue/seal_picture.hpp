// SPDX-License-Identifier: Apache-2.0
// Owns the drawing of a visible digital seal as a QR code (ISO/IEC 18004), for screens and for printers.
#pragma once

#include <optional>

#include "personalize/ledger/ledger.hpp"

namespace personalize {

// In 8-bit mode, level M; the SVG measures what Doc 9303-13, 2.1 recommends for a module. Nothing for more octets than
// a code takes.
std::optional<SealPicture> draw(crypto::ByteView seal);

}  // namespace personalize
