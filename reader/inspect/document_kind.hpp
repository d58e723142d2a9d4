// SPDX-License-Identifier: Apache-2.0
// Owns the kinds of documents that are read: our own, and what their holders come with.
#pragma once

#include <cstdint>

namespace reader {

enum class DocumentKind : std::uint8_t {
  patent,
  passport,  // a passport or identity card of any state (ICAO Doc 9303)
  seal,      // a patent's visible seal, without the chip
};

}  // namespace reader
