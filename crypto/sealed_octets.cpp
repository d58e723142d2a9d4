// SPDX-License-Identifier: Apache-2.0
#include "crypto/sealed_octets.hpp"

#include <openssl/rand.h>

#include <climits>

#include "crypto/openssl_handle.hpp"

namespace crypto {
namespace {

using Cipher = openssl::Handle<EVP_CIPHER, EVP_CIPHER_free>;
using CipherContext = openssl::Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::size_t kKey = 32;
constexpr std::size_t kMostOctets = INT_MAX - kSealNonce - kSealTag;  // EVP counts in int

CipherContext keyed(const EVP_CIPHER* cipher, bool encrypts, const Secret& key) {
  CipherContext context(EVP_CIPHER_CTX_new());
  if (context && EVP_CipherInit_ex2(context.get(), cipher, key.view().data(), nullptr, encrypts, nullptr) != 1)
    context.reset();
  return context;
}

// All but the tag: through the cipher into `out`, which is as long as `in`.
bool transform(EVP_CIPHER_CTX* context, ByteView nonce, ByteView place, ByteView in, Byte* out) {
  int written = 0;
  return EVP_CipherInit_ex2(context, nullptr, nullptr, nonce.data(), -1, nullptr) == 1 &&
         EVP_CipherUpdate(context, nullptr, &written, place.data(), static_cast<int>(place.size())) == 1 &&
         EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(in.size())) == 1;
}

}  // namespace

// The contexts are wiped by OpenSSL when they are freed.
struct SealingKey::State {
  CipherContext seals, opens;
  std::array<Byte, kSealNonce> nonce;

  // From a random one on (8.2.2): as unlikely to meet another process's as if each were drawn.
  ByteView next_nonce() {
    for (auto octet = nonce.rbegin(); octet != nonce.rend() && ++*octet == 0;) ++octet;
    return nonce;
  }
};

SealingKey::SealingKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
SealingKey::SealingKey(SealingKey&& other) noexcept = default;
SealingKey& SealingKey::operator=(SealingKey&& other) noexcept = default;
SealingKey::~SealingKey() = default;

Result<SealingKey, CryptoError> SealingKey::make(const Secret& key) {
  if (key.size() != kKey) return unexpected(CryptoError::bad_length);
  const Cipher cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  auto state = std::make_unique<State>(State{keyed(cipher.get(), true, key), keyed(cipher.get(), false, key), {}});
  const bool made = cipher && state->seals && state->opens && RAND_bytes(state->nonce.data(), kSealNonce) == 1;
  if (!made) return openssl::failure();
  return SealingKey(std::move(state));
}

Result<Bytes, CryptoError> SealingKey::seal(ByteView place, ByteView plain) {
  if (plain.size() > kMostOctets || place.size() > kMostOctets) return unexpected(CryptoError::bad_length);
  const auto nonce = state_->next_nonce();
  Bytes sealed(nonce.begin(), nonce.end());
  sealed.resize(kSealNonce + plain.size() + kSealTag);
  EVP_CIPHER_CTX* const context = state_->seals.get();
  Byte* const tag = sealed.data() + kSealNonce + plain.size();
  int written = 0;
  const bool done = transform(context, nonce, place, plain, sealed.data() + kSealNonce) &&
                    EVP_CipherFinal_ex(context, tag, &written) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, static_cast<int>(kSealTag), tag) == 1;
  if (!done) return openssl::failure();
  return sealed;
}

Result<Bytes, CryptoError> SealingKey::open(ByteView place, ByteView sealed) {
  if (place.size() > kMostOctets) return unexpected(CryptoError::bad_length);
  if (sealed.size() < kSealNonce + kSealTag || sealed.size() > kMostOctets)
    return unexpected(CryptoError::bad_signature);
  const auto ciphertext = sealed.subspan(kSealNonce, sealed.size() - kSealNonce - kSealTag);
  Bytes tag(sealed.end() - kSealTag, sealed.end());
  Bytes plain(ciphertext.size() + 1);  // never nullptr, which means something else to EVP
  EVP_CIPHER_CTX* const context = state_->opens.get();
  int written = 0;
  if (!transform(context, sealed.first(kSealNonce), place, ciphertext, plain.data()) ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, static_cast<int>(kSealTag), tag.data()) != 1)
    return openssl::failure();
  const bool genuine = EVP_CipherFinal_ex(context, plain.data() + ciphertext.size(), &written) == 1;
  plain.resize(ciphertext.size());
  if (genuine) return plain;
  wipe(plain);  // what is not authentic is not looked at
  return openssl::failure(CryptoError::bad_signature);
}

}  // namespace crypto
