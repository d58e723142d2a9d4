// SPDX-License-Identifier: Apache-2.0
// Owns the key agreement that PACE and Chip Authentication share (ICAO Doc 9303-11, 9.6 and 9.7): a shared point and
// the session keys from it. No heap.
#pragma once

#include "crypto/engine.hpp"
#include "crypto/kdf.hpp"
#include "crypto/session_cipher.hpp"

namespace crypto {

// What both sides own when an agreement is done.
struct SessionKeys {
  Secret encryption;
  Secret mac;
  SmCipher cipher = SmCipher::aes;
  // Where a send sequence counter of 3DES starts; zero after all but BAC. AES's is a block, and starts at zero.
  std::array<Byte, kDesBlock> counter_start{};
};

// A point nobody else may learn, or why there is none: wiped where it ends.
class SecretPoint {
public:
  explicit SecretPoint(Result<Point, CryptoError> point);
  SecretPoint(const SecretPoint&) = delete;
  SecretPoint& operator=(const SecretPoint&) = delete;
  ~SecretPoint();

  [[nodiscard]] Engine::Outcome outcome() const;
  // Only after a good outcome().
  [[nodiscard]] ByteView view() const { return *point_; }
  [[nodiscard]] ByteView x() const { return view().subspan(1, view().size() / 2); }

private:
  Result<Point, CryptoError> point_;
};

// scalar * point of the peer; bad_point for an empty one, which to an Engine means the generator.
[[nodiscard]] Result<Point, CryptoError> multiply_peer_point(Engine& engine, Curve curve, ByteView scalar,
                                                             ByteView point);
// KS_enc and KS_mac of a shared point's X (9.7.1). 3DES's two keys are as long as one of AES-128, and `key` says so.
Engine::Outcome derive_session_keys(Engine& engine, const SecretPoint& shared, AesKey key, SessionKeys& out,
                                    SmCipher cipher = SmCipher::aes);

}  // namespace crypto
