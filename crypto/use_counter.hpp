// SPDX-License-Identifier: Apache-2.0
// Owns the durable count of a signing key's uses, and the key that counts.
#pragma once

#include <filesystem>
#include <mutex>

#include "crypto/key_vault.hpp"

namespace crypto {

// Processes reserve uses in blocks before they use any, so that a crash counts some too many and none too few.
inline constexpr std::uint64_t kUsesAtOnce = 64;

// 0 for a file that is not there.
Result<std::uint64_t, CryptoError> read_use_count(const std::filesystem::path& file);

class UseCounter {
public:
  UseCounter(std::filesystem::path file, std::uint64_t limit) : file_(std::move(file)), limit_(limit) {}
  // Before each use. expired: as many as may be are counted; storage: the count cannot be kept, so nothing is used.
  Result<void, CryptoError> take();

private:
  Result<void, CryptoError> reserve();

  std::filesystem::path file_;
  std::uint64_t limit_;
  std::mutex mutex_;
  std::uint64_t left_ = 0;  // of the block reserved last
};

class CountedKey final : public SigningKey {
public:
  CountedKey(std::unique_ptr<SigningKey> key, std::filesystem::path file, std::uint64_t limit)
      : key_(std::move(key)), counter_(std::move(file), limit) {}

  [[nodiscard]] PublicKey public_key() const override { return key_->public_key(); }
  [[nodiscard]] Curve curve() const override { return key_->curve(); }
  Result<Bytes, CryptoError> sign_digest(ByteView digest) const override {
    PATENT_TRY_VOID(counter_.take());
    return key_->sign_digest(digest);
  }

private:
  std::unique_ptr<SigningKey> key_;
  mutable UseCounter counter_;
};

}  // namespace crypto
