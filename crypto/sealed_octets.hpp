// SPDX-License-Identifier: Apache-2.0
// Owns octets at rest under AES-256-GCM (SP 800-38D), bound to the place where they lie.
#pragma once

#include "crypto/engine.hpp"

namespace crypto {

inline constexpr std::size_t kSealNonce = 12, kSealTag = 16;

// A random nonce || ciphertext || tag. `place` is authenticated, and not among them. bad_length: the key has not 32
// octets. No more than 2^32 under one key (8.3).
Result<Bytes, CryptoError> seal_octets(const Secret& key, ByteView place, ByteView plain);
// bad_signature when anything of it was changed, the place or the key is another.
Result<Bytes, CryptoError> open_sealed_octets(const Secret& key, ByteView place, ByteView sealed);

}  // namespace crypto
