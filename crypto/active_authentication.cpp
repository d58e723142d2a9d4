// SPDX-License-Identifier: Apache-2.0
#include "crypto/active_authentication.hpp"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "crypto/der.hpp"
#include "crypto/signature.hpp"

namespace crypto {

namespace {

// ecdsa-plain-signatures, 0.4.0.127.0.7.1.1.4.1, then the hash (TR-03111, 5.2.1.1).
struct PlainEcdsa {
  HashAlgorithm hash;
  std::array<Byte, 10> oid;
};
constexpr std::array<PlainEcdsa, 4> kPlainEcdsa{{
    {HashAlgorithm::sha224, {0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x02}},
    {HashAlgorithm::sha256, {0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x03}},
    {HashAlgorithm::sha384, {0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x04}},
    {HashAlgorithm::sha512, {0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x05}},
}};

// ISO/IEC 9796-2, trailer option 1 is one octet and means SHA-1 here, option 2 names its hash (Doc 9303-11, 6.1.2.2).
constexpr Byte kTrailerSha1 = 0xBC;
constexpr Byte kTrailerNamed = 0xCC;
struct Trailer {
  Byte name;
  HashAlgorithm hash;
};
constexpr std::array<Trailer, 4> kTrailers{{{0x38, HashAlgorithm::sha224},
                                            {0x34, HashAlgorithm::sha256},
                                            {0x36, HashAlgorithm::sha384},
                                            {0x35, HashAlgorithm::sha512}}};
// Partial recovery, and a first message part that fills what the hash leaves: no padding.
constexpr Byte kHeader = 0x6A;

struct Representative {
  ByteView recovered;  // M1
  ByteView hash_value;
  HashAlgorithm hash;
};

std::optional<Representative> split(ByteView octets, HashAlgorithm hash, std::size_t trailer) {
  if (octets.size() <= 1 + hash_size(hash) + trailer) return std::nullopt;
  const ByteView body = octets.subspan(1, octets.size() - 1 - trailer);
  const std::size_t recovered = body.size() - hash_size(hash);
  return Representative{body.first(recovered), body.subspan(recovered), hash};
}

std::optional<Representative> read_representative(ByteView octets) {
  if (octets.size() < 2 || octets[0] != kHeader) return std::nullopt;
  if (octets.back() == kTrailerSha1) return split(octets, HashAlgorithm::sha1, 1);
  if (octets.back() != kTrailerNamed) return std::nullopt;
  for (const Trailer& trailer : kTrailers)
    if (octets[octets.size() - 2] == trailer.name) return split(octets, trailer.hash, 2);
  return std::nullopt;
}

// signature^e mod n, as octets of the modulus' width.
Result<Bytes, CryptoError> open_rsa(EVP_PKEY* key, ByteView signature) {
  Bytes out(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  std::size_t size = out.size();
  const openssl::KeyContextHandle context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || EVP_PKEY_verify_recover_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) != 1)
    return openssl::failure();
  if (signature.size() != out.size() ||
      EVP_PKEY_verify_recover(context.get(), out.data(), &size, signature.data(), signature.size()) != 1 ||
      size != out.size())
    return openssl::failure(CryptoError::bad_signature);
  return out;
}

// n - number, in the same width.
Result<Bytes, CryptoError> complement(const EVP_PKEY* key, ByteView number) {
  using Number = openssl::Handle<BIGNUM, BN_free>;
  BIGNUM* modulus = nullptr;
  const bool known = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1;
  const Number difference(modulus);
  const Number subtrahend(BN_bin2bn(number.data(), static_cast<int>(number.size()), nullptr));
  Bytes out(number.size());
  if (!known || !subtrahend || BN_sub(difference.get(), difference.get(), subtrahend.get()) != 1 ||
      BN_bn2binpad(difference.get(), out.data(), static_cast<int>(out.size())) < 0)
    return openssl::failure();
  return out;
}

Engine::Outcome check_rsa(EVP_PKEY* key, ByteView challenge, ByteView signature) {
  PATENT_TRY(Bytes octets, open_rsa(key, signature));
  // A chip may have sent n - signature where that is shorter (B.4); a representative ends on nibble C, so one fits.
  if ((octets.back() & 0x0F) != 0x0C) {
    PATENT_TRY(octets, complement(key, octets));
  }
  const auto found = read_representative(octets);
  if (!found) return unexpected(CryptoError::bad_signature);
  Bytes message(found->recovered.begin(), found->recovered.end());
  message.insert(message.end(), challenge.begin(), challenge.end());
  PATENT_TRY(const Bytes expected, digest(found->hash, message));
  if (!std::ranges::equal(expected, found->hash_value)) return unexpected(CryptoError::bad_signature);
  return {};
}

Engine::Outcome check_plain_ecdsa(EVP_PKEY* key, HashAlgorithm hash, ByteView challenge, ByteView signature) {
  const std::size_t half = (static_cast<std::size_t>(EVP_PKEY_get_bits(key)) + 7) / 8;
  if (signature.size() != 2 * half) return unexpected(CryptoError::bad_signature);
  const Bytes der = der::sequence({der::integer(signature.first(half)), der::integer(signature.subspan(half))});
  return verify(key, {SignatureKind::ecdsa, hash}, challenge, der);
}

}  // namespace

ByteView plain_ecdsa_oid(HashAlgorithm hash) {
  const auto* const found = std::ranges::find(kPlainEcdsa, hash, &PlainEcdsa::hash);
  return found == kPlainEcdsa.end() ? ByteView() : ByteView(found->oid);
}

std::optional<HashAlgorithm> plain_ecdsa_hash(ByteView oid) {
  for (const PlainEcdsa& named : kPlainEcdsa)
    if (std::ranges::equal(named.oid, oid)) return named.hash;
  return std::nullopt;
}

Engine::Outcome check_active_authentication(ByteView public_key, std::optional<HashAlgorithm> ecdsa_hash,
                                            ByteView challenge, ByteView signature) {
  if (challenge.size() != kActiveChallengeSize) return unexpected(CryptoError::bad_length);
  const auto key = openssl::read_der<openssl::KeyHandle>(d2i_PUBKEY, public_key);
  if (!key) return unexpected(CryptoError::bad_encoding);
  PATENT_TRY_VOID(usable_key(key.get()));
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) return check_rsa(key.get(), challenge, signature);
  if (EVP_PKEY_is_a(key.get(), "EC") != 1 || !ecdsa_hash) return unexpected(CryptoError::unsupported);
  return check_plain_ecdsa(key.get(), *ecdsa_hash, challenge, signature);
}

}  // namespace crypto
