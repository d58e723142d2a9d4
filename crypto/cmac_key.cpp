// SPDX-License-Identifier: Apache-2.0
#include "crypto/cmac_key.hpp"

#include "crypto/openssl_cmac.hpp"

namespace crypto {

// Wiped by OpenSSL when it is freed.
struct CmacKey::State {
  openssl::MacContextHandle context;
};

CmacKey::CmacKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
CmacKey::CmacKey(CmacKey&& other) noexcept = default;
CmacKey& CmacKey::operator=(CmacKey&& other) noexcept = default;
CmacKey::~CmacKey() = default;

Result<CmacKey, CryptoError> CmacKey::make(const Secret& key) {
  if (key.size() != 32) return unexpected(CryptoError::bad_length);
  auto state = std::make_unique<State>(State{openssl::make_cmac("AES-256-CBC")});
  const bool made = state->context && EVP_MAC_init(state->context.get(), key.view().data(), key.size(), nullptr) == 1;
  if (!made) return openssl::failure();
  return CmacKey(std::move(state));
}

Result<std::array<Byte, kAesBlock>, CryptoError> CmacKey::mac(std::span<const ByteView> parts) {
  EVP_MAC_CTX* const context = state_->context.get();
  std::array<Byte, kAesBlock> out{};
  std::size_t written = 0;
  bool good = EVP_MAC_init(context, nullptr, 0, nullptr) == 1;  // the same key again
  for (const ByteView part : parts) good = good && EVP_MAC_update(context, part.data(), part.size()) == 1;
  good = good && EVP_MAC_final(context, out.data(), &written, out.size()) == 1 && written == out.size();
  if (!good) return openssl::failure();
  return out;
}

}  // namespace crypto
