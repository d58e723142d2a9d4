// SPDX-License-Identifier: Apache-2.0
// Owns what a terminal signs in Terminal Authentication version 1 (ICAO Doc 9303-11, 7.1; BSI TR-03110-1, 3.5), for
// chip and terminal. No APDU here, no heap.
#pragma once

#include "crypto/engine.hpp"

namespace crypto {

inline constexpr std::size_t kTerminalChallengeSize = 8;

struct TerminalChallenge {
  ByteView chip_id;    // ID_PICC: compressed(PACE's ephemeral key of the chip); after BAC the document number with its
                       // check digit
  ByteView challenge;  // r_PICC, what GET CHALLENGE answered
  ByteView terminal_key;  // compressed(PK_PCD): the terminal's ephemeral key of Chip Authentication, or of PACE-CAM
};

// Comp (TR-03110-3, A.2.2.3): the X coordinate of 04 || X || Y.
[[nodiscard]] inline ByteView compressed(ByteView point) {
  return point.empty() ? point : point.subspan(1, point.size() / 2);
}

// The hash, by the algorithm of the terminal's certificate, that the signature of EXTERNAL AUTHENTICATE is over.
// bad_length unless each part is there and the challenge has its size.
Result<Buffer<kMaxHashSize>, CryptoError> terminal_digest(Engine& engine, HashAlgorithm algorithm,
                                                          const TerminalChallenge& signed_parts);

}  // namespace crypto
