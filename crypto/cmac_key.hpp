// SPDX-License-Identifier: Apache-2.0
// Owns AES-CMAC (SP 800-38B) under one key that is set up once.
#pragma once

#include <memory>

#include "crypto/engine.hpp"

namespace crypto {

// One thread's.
class CmacKey {
public:
  // bad_length: the key has not 32 octets.
  static Result<CmacKey, CryptoError> make(const Secret& key);
  CmacKey(CmacKey&& other) noexcept;
  CmacKey& operator=(CmacKey&& other) noexcept;
  ~CmacKey();

  Result<std::array<Byte, kAesBlock>, CryptoError> mac(std::span<const ByteView> parts);

private:
  struct State;
  explicit CmacKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crypto
