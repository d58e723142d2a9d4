// SPDX-License-Identifier: Apache-2.0
#include "crypto/sealed_octets.hpp"

#include <openssl/rand.h>

#include <climits>

#include "crypto/openssl_handle.hpp"

namespace crypto {
namespace {

using CipherContext = openssl::Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::size_t kKey = 32;
constexpr std::size_t kMostOctets = INT_MAX - kSealNonce - kSealTag;  // EVP counts in int

// All but the tag: through the cipher into `out`, which is as long as `in`.
bool transform(EVP_CIPHER_CTX* context, bool encrypt, const Secret& key, ByteView nonce, ByteView place, ByteView in,
               Byte* out) {
  int written = 0;
  return EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nullptr, key.view().data(), nonce.data(), encrypt) == 1 &&
         EVP_CipherUpdate(context, nullptr, &written, place.data(), static_cast<int>(place.size())) == 1 &&
         EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(in.size())) == 1;
}

}  // namespace

Result<Bytes, CryptoError> seal_octets(const Secret& key, ByteView place, ByteView plain) {
  if (key.size() != kKey || plain.size() > kMostOctets || place.size() > kMostOctets)
    return unexpected(CryptoError::bad_length);
  Bytes sealed(kSealNonce + plain.size() + kSealTag);
  const CipherContext context(EVP_CIPHER_CTX_new());
  Byte* const tag = sealed.data() + kSealNonce + plain.size();
  int written = 0;
  const bool done = context && RAND_bytes(sealed.data(), static_cast<int>(kSealNonce)) == 1 &&
                    transform(context.get(), true, key, ByteView(sealed).first(kSealNonce), place, plain,
                              sealed.data() + kSealNonce) &&
                    EVP_CipherFinal_ex(context.get(), tag, &written) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kSealTag), tag) == 1;
  if (!done) return openssl::failure();
  return sealed;
}

Result<Bytes, CryptoError> open_sealed_octets(const Secret& key, ByteView place, ByteView sealed) {
  if (key.size() != kKey || place.size() > kMostOctets) return unexpected(CryptoError::bad_length);
  if (sealed.size() < kSealNonce + kSealTag || sealed.size() > kMostOctets)
    return unexpected(CryptoError::bad_signature);
  const auto ciphertext = sealed.subspan(kSealNonce, sealed.size() - kSealNonce - kSealTag);
  Bytes tag(sealed.end() - kSealTag, sealed.end());
  Bytes plain(ciphertext.size() + 1);  // never nullptr, which means something else to EVP
  const CipherContext context(EVP_CIPHER_CTX_new());
  int written = 0;
  if (!context || !transform(context.get(), false, key, sealed.first(kSealNonce), place, ciphertext, plain.data()) ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kSealTag), tag.data()) != 1)
    return openssl::failure();
  const bool genuine = EVP_CipherFinal_ex(context.get(), plain.data() + ciphertext.size(), &written) == 1;
  plain.resize(ciphertext.size());
  if (genuine) return plain;
  wipe(plain);  // what is not authentic is not looked at
  return openssl::failure(CryptoError::bad_signature);
}

}  // namespace crypto
