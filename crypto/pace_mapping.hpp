// SPDX-License-Identifier: Apache-2.0
// Owns the mappings of PACE (ICAO Doc 9303-11, 4.4.3.3): from the nonce to the generator of one run. No heap.
#pragma once

#include "crypto/key_agreement.hpp"

namespace crypto {

inline constexpr std::size_t kMaxNonceSize = 32;

// Octets of the nonce s that integrated mapping demands: whole blocks, not shorter than the key.
[[nodiscard]] constexpr std::size_t integrated_nonce_size(AesKey key) {
  return (octets(key) + kAesBlock - 1) / kAesBlock * kAesBlock;
}

// 4.4.3.3.1 (and so 4.4.3.3.3): s * G + H, where H is the Diffie-Hellman point of the two mapping keys.
[[nodiscard]] SecretPoint map_generic(Engine& engine, Curve curve, const Secret& nonce, const Secret& mapping_scalar,
                                      ByteView peer_mapping_key);

// 4.4.3.3.2: the point that a pseudo-random number of both nonces encodes.
[[nodiscard]] SecretPoint map_integrated(Engine& engine, Curve curve, AesKey key, const Secret& nonce,
                                         ByteView terminal_nonce);

}  // namespace crypto
