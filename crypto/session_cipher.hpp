// SPDX-License-Identifier: Apache-2.0
// Owns the ciphers that protected sessions run on (ICAO Doc 9303-11, 9.8): AES, and the two-key 3DES of old documents.
// No heap.
#pragma once

#include <cstdint>

#include "crypto/engine.hpp"

namespace crypto {

// 3DES is there to read what others issued long ago: no card of ours offers it.
enum class SmCipher : std::uint8_t { aes, triple_des };

[[nodiscard]] constexpr std::size_t block_size(SmCipher cipher) {
  return cipher == SmCipher::aes ? kAesBlock : kDesBlock;
}

// CBC without padding; iv is one block.
Engine::Outcome session_cbc(Engine& engine, SmCipher cipher, Direction direction, ByteView key, ByteView iv,
                            ByteView in, ByteSpan out);

using SessionMac = std::array<Byte, 8>;
// AES-CMAC's leftmost eight octets, or the retail MAC; the parts are one message.
Result<SessionMac, CryptoError> session_mac(Engine& engine, SmCipher cipher, ByteView key,
                                            std::span<const ByteView> parts);

// ISO/IEC 9797-1, MAC algorithm 3 with DES, a zero IV and no padding: the parts, as one message, are whole blocks and
// at least one. Key 16 octets.
Result<SessionMac, CryptoError> retail_mac(Engine& engine, ByteView key, std::span<const ByteView> parts);

}  // namespace crypto
