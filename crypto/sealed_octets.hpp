// SPDX-License-Identifier: Apache-2.0
// Owns octets at rest under AES-256-GCM (SP 800-38D), bound to the place where they lie.
#pragma once

#include <memory>

#include "crypto/engine.hpp"

namespace crypto {

inline constexpr std::size_t kSealNonce = 12, kSealTag = 16;

// A key, set up once for as many octets as there are; no more than 2^32 times under one key (8.3). One thread's.
class SealingKey {
public:
  // bad_length: the key has not 32 octets.
  static Result<SealingKey, CryptoError> make(const Secret& key);
  SealingKey(SealingKey&& other) noexcept;
  SealingKey& operator=(SealingKey&& other) noexcept;
  ~SealingKey();

  // Nonce || ciphertext || tag. `place` is authenticated, and not among them.
  Result<Bytes, CryptoError> seal(ByteView place, ByteView plain);
  // bad_signature when anything of it was changed, the place or the key is another.
  Result<Bytes, CryptoError> open(ByteView place, ByteView sealed);

private:
  struct State;
  explicit SealingKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crypto
