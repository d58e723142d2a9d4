// SPDX-License-Identifier: Apache-2.0
#include "crypto/session_cipher.hpp"

namespace crypto {

namespace {

// Single DES is 3DES with equal keys; on the last block E(K1) D(K2) E(K1) is 3DES itself.
class RetailMac {
public:
  RetailMac(Engine& engine, ByteView key) : engine_(engine), key_(key) {
    const ByteSpan both = first_key_twice_.prepare(2 * kDesBlock);
    std::ranges::copy(key.first(kDesBlock), both.begin());
    std::ranges::copy(key.first(kDesBlock), both.begin() + kDesBlock);
  }
  RetailMac(const RetailMac&) = delete;
  RetailMac& operator=(const RetailMac&) = delete;
  ~RetailMac() {  // states of the cipher between the blocks
    wipe(buffer_);
    wipe(chained_);
  }

  // Keeps back what may be the last block.
  Engine::Outcome update(ByteView part) {
    while (!part.empty()) {
      if (filled_ == buffer_.size()) PATENT_TRY_VOID(chain(first_key_twice_.view()));
      const ByteView now = part.first(std::min(part.size(), buffer_.size() - filled_));
      std::ranges::copy(now, buffer_.begin() + static_cast<std::ptrdiff_t>(filled_));
      filled_ += now.size();
      part = part.subspan(now.size());
    }
    return {};
  }

  Result<SessionMac, CryptoError> finish() {
    if (filled_ == 0 || filled_ % kDesBlock != 0) return unexpected(CryptoError::bad_length);
    SessionMac last{};
    std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(filled_ - kDesBlock), kDesBlock, last.begin());
    filled_ -= kDesBlock;
    if (filled_ != 0) PATENT_TRY_VOID(chain(first_key_twice_.view()));
    std::ranges::copy(last, buffer_.begin());
    filled_ = kDesBlock;
    PATENT_TRY_VOID(chain(key_));
    return chained_;
  }

private:
  Engine::Outcome chain(ByteView key) {
    const ByteSpan blocks = ByteSpan(buffer_).first(filled_);
    PATENT_TRY_VOID(engine_.triple_des_cbc(Direction::encrypt, key, chained_, blocks, blocks));
    std::ranges::copy(blocks.last(kDesBlock), chained_.begin());
    filled_ = 0;
    return {};
  }

  Engine& engine_;
  ByteView key_;
  Secret first_key_twice_;
  SessionMac chained_{};
  std::array<Byte, 32 * kDesBlock> buffer_{};
  std::size_t filled_ = 0;
};

}  // namespace

Engine::Outcome session_cbc(Engine& engine, SmCipher cipher, Direction direction, ByteView key, ByteView iv,
                            ByteView in, ByteSpan out) {
  if (cipher == SmCipher::triple_des) return engine.triple_des_cbc(direction, key, iv, in, out);
  return engine.aes_cbc(direction, key, iv, in, out);
}

Result<SessionMac, CryptoError> session_mac(Engine& engine, SmCipher cipher, ByteView key,
                                            std::span<const ByteView> parts) {
  if (cipher == SmCipher::triple_des) return retail_mac(engine, key, parts);
  std::array<Byte, kAesBlock> whole{};
  PATENT_TRY_VOID(engine.aes_cmac(key, parts, whole));
  SessionMac mac{};
  std::copy_n(whole.begin(), mac.size(), mac.begin());
  return mac;
}

Result<SessionMac, CryptoError> retail_mac(Engine& engine, ByteView key, std::span<const ByteView> parts) {
  if (key.size() != 2 * kDesBlock) return unexpected(CryptoError::bad_length);
  RetailMac mac(engine, key);
  for (const ByteView part : parts) PATENT_TRY_VOID(mac.update(part));
  return mac.finish();
}

}  // namespace crypto
