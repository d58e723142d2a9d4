// SPDX-License-Identifier: Apache-2.0
#include "crypto/openssl_engine.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <limits>

#include "crypto/openssl_cmac.hpp"
#include "crypto/openssl_point_encoding.hpp"

namespace crypto {

namespace {

using openssl::CurvePoint;
using openssl::failure;
using openssl::Handle;
using openssl::KeyContextHandle;
using openssl::KeyHandle;
using openssl::Number;

using Digest = Handle<EVP_MD, EVP_MD_free>;
using Cipher = Handle<EVP_CIPHER, EVP_CIPHER_free>;
using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using Signature = Handle<ECDSA_SIG, ECDSA_SIG_free>;

constexpr std::array kDigestNames{"SHA1", "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512"};  // by HashAlgorithm
constexpr std::array kCbcNames{"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"};
constexpr const char* kTripleDesName = "DES-EDE-CBC";                   // two keys
constexpr std::size_t kMaxChunk = std::numeric_limits<int>::max() / 2;  // OpenSSL counts in int

std::optional<std::size_t> aes_index(ByteView key) {
  if (key.size() != 16 && key.size() != 24 && key.size() != 32) return std::nullopt;
  return key.size() / 8 - 2;
}

// CBC without padding; bad_length unless iv and data fit the cipher's block.
Engine::Outcome cbc(EVP_CIPHER_CTX* context, const EVP_CIPHER* cipher, Direction direction, ByteView key, ByteView iv,
                    ByteView in, ByteSpan out) {
  if (context == nullptr || cipher == nullptr) return failure();
  const auto block = static_cast<std::size_t>(EVP_CIPHER_get_block_size(cipher));
  if (iv.size() != block || in.size() % block != 0 || in.size() != out.size() || in.size() > kMaxChunk)
    return unexpected(CryptoError::bad_length);
  int written = 0;
  const bool good = EVP_CipherInit_ex2(context, cipher, key.data(), iv.data(), direction == Direction::encrypt ? 1 : 0,
                                       nullptr) == 1 &&
                    EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
                    EVP_CipherUpdate(context, out.data(), &written, in.data(), static_cast<int>(in.size())) == 1 &&
                    static_cast<std::size_t>(written) == out.size();
  EVP_CIPHER_CTX_reset(context);  // wipes the key schedule
  if (!good) return failure();
  return {};
}

constexpr std::size_t kMaxDerSignature = 3 + 2 * (2 + 1 + kMaxFieldSize);

// ECDSA-Sig-Value of r || s; empty on failure.
ByteView write_der_signature(ByteView plain, std::span<Byte, kMaxDerSignature> memory) {
  const auto half = static_cast<int>(plain.size() / 2);
  const Signature signature(ECDSA_SIG_new());
  Number r(BN_bin2bn(plain.data(), half, nullptr));
  Number s(BN_bin2bn(plain.data() + half, half, nullptr));
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());  // the signature owns both now
  static_cast<void>(s.release());
  Byte* at = memory.data();
  const int size = i2d_ECDSA_SIG(signature.get(), &at);
  return size > 0 ? ByteView(memory).first(static_cast<std::size_t>(size)) : ByteView();
}

}  // namespace

struct OpensslEngine::Handles {
  Handles() {
    for (std::size_t i = 0; i < digests.size(); ++i) digests[i].reset(EVP_MD_fetch(nullptr, kDigestNames[i], nullptr));
    for (std::size_t i = 0; i < ciphers.size(); ++i) {
      ciphers[i].reset(EVP_CIPHER_fetch(nullptr, kCbcNames[i], nullptr));
      macs[i] = openssl::make_cmac(kCbcNames[i]);
    }
    triple_des.reset(EVP_CIPHER_fetch(nullptr, kTripleDesName, nullptr));
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = openssl::make_group(i);
    ERR_clear_error();
  }

  // Null when the curve is none of ours, or when OpenSSL was built without it.
  [[nodiscard]] const EC_GROUP* group(Curve curve) const {
    const auto index = openssl::index_of(curve);
    return index ? groups[*index].get() : nullptr;
  }

  // Refuses everything but 04 || X || Y on the curve; OpenSSL checks coordinates below p and the curve's equation.
  [[nodiscard]] Result<CurvePoint, CryptoError> point_on(const EC_GROUP* group, Curve curve, ByteView octets) const {
    if (octets.size() != point_size(curve) || octets[0] != POINT_CONVERSION_UNCOMPRESSED)
      return unexpected(CryptoError::bad_point);
    CurvePoint point(EC_POINT_new(group));
    if (!point) return failure();
    if (EC_POINT_oct2point(group, point.get(), octets.data(), octets.size(), numbers.get()) != 1)
      return failure(CryptoError::bad_point);
    return point;
  }

  // One return value only, built in place: it may be a shared secret, of which no copy shall stay on the stack.
  [[nodiscard]] Result<Point, CryptoError> octets_of(const EC_GROUP* group, Curve curve, const EC_POINT* point) const {
    Result<Point, CryptoError> out(tl::in_place);
    const std::size_t size = point_size(curve);
    if (EC_POINT_is_at_infinity(group, point) != 0)
      out = failure(CryptoError::bad_point);
    else if (!out->resize(size) || EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out->span().data(),
                                                      size, numbers.get()) != size)
      out = failure();
    return out;
  }

  std::array<Digest, kDigestNames.size()> digests;
  std::array<Cipher, kCbcNames.size()> ciphers;
  std::array<openssl::MacContextHandle, kCbcNames.size()> macs;
  Cipher triple_des;
  std::array<openssl::Group, kCurves.size()> groups;
  openssl::DigestContextHandle digest_context{EVP_MD_CTX_new()};
  CipherContext cipher_context{EVP_CIPHER_CTX_new()};
  openssl::NumberContext numbers{BN_CTX_secure_new()};
};

OpensslEngine::OpensslEngine() : handles_(new Handles) {}
OpensslEngine::~OpensslEngine() { delete handles_; }

Engine::Outcome OpensslEngine::random(ByteSpan out) {
  if (out.size() > kMaxChunk) return unexpected(CryptoError::bad_length);
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) return failure();
  return {};
}

Engine::Outcome OpensslEngine::hash(HashAlgorithm algorithm, std::span<const ByteView> parts, ByteSpan out) {
  if (hash_size(algorithm) == 0) return unexpected(CryptoError::unsupported);
  if (out.size() != hash_size(algorithm)) return unexpected(CryptoError::bad_length);
  EVP_MD_CTX* const context = handles_->digest_context.get();
  bool good = context != nullptr &&
              EVP_DigestInit_ex2(context, handles_->digests[static_cast<std::size_t>(algorithm)].get(), nullptr) == 1;
  for (const ByteView part : parts) good = good && EVP_DigestUpdate(context, part.data(), part.size()) == 1;
  good = good && EVP_DigestFinal_ex(context, out.data(), nullptr) == 1;
  EVP_MD_CTX_reset(context);  // what was hashed may be a secret: OpenSSL wipes the state here
  if (!good) return failure();
  return {};
}

Engine::Outcome OpensslEngine::aes_cbc(Direction direction, ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  const auto index = aes_index(key);
  if (!index) return unexpected(CryptoError::bad_length);
  return cbc(handles_->cipher_context.get(), handles_->ciphers[*index].get(), direction, key, iv, in, out);
}

Engine::Outcome OpensslEngine::triple_des_cbc(Direction direction, ByteView key, ByteView iv, ByteView in,
                                              ByteSpan out) {
  if (key.size() != 2 * kDesBlock) return unexpected(CryptoError::bad_length);
  return cbc(handles_->cipher_context.get(), handles_->triple_des.get(), direction, key, iv, in, out);
}

Engine::Outcome OpensslEngine::aes_cmac(ByteView key, std::span<const ByteView> parts, ByteSpan out) {
  const auto index = aes_index(key);
  if (!index || out.size() != kAesBlock) return unexpected(CryptoError::bad_length);
  EVP_MAC_CTX* const context = handles_->macs[*index].get();
  if (context == nullptr) return failure();
  std::size_t written = 0;
  bool good = EVP_MAC_init(context, key.data(), key.size(), nullptr) == 1;
  for (const ByteView part : parts) good = good && EVP_MAC_update(context, part.data(), part.size()) == 1;
  good = good && EVP_MAC_final(context, out.data(), &written, out.size()) == 1 && written == out.size();
  // A MAC context cannot be reset; a key of zeros overwrites the key schedule.
  constexpr std::array<Byte, 32> kZeros{};
  good = EVP_MAC_init(context, kZeros.data(), key.size(), nullptr) == 1 && good;
  if (!good) return failure();
  return {};
}

Engine::Outcome OpensslEngine::ec_random_scalar(Curve curve, Secret& out) {
  const EC_GROUP* const group = handles_->group(curve);
  if (group == nullptr) return unexpected(CryptoError::unsupported);
  const Number scalar(BN_secure_new());
  if (!scalar || BN_priv_rand_range(scalar.get(), EC_GROUP_get0_order(group)) != 1) return failure();
  if (BN_is_zero(scalar.get())) return failure();  // once in 2^256 calls: a broken generator
  const ByteSpan octets = out.prepare(field_size(curve));
  if (BN_bn2binpad(scalar.get(), octets.data(), static_cast<int>(octets.size())) < 0) return failure();
  return {};
}

// Generator and point go through separate calls on purpose: OpenSSL's double-scalar multiplication is not
// constant-time.
Result<Point, CryptoError> OpensslEngine::ec_multiply(Curve curve, ByteView scalar, ByteView point) {
  const EC_GROUP* const group = handles_->group(curve);
  if (group == nullptr) return unexpected(CryptoError::unsupported);
  if (scalar.empty() || scalar.size() > field_size(curve)) return unexpected(CryptoError::bad_length);
  const Number factor = openssl::secret_number(scalar);
  const CurvePoint product(EC_POINT_new(group));
  if (!factor || !product) return failure();

  BN_CTX* const numbers = handles_->numbers.get();
  bool good = false;
  if (point.empty()) {
    good = EC_POINT_mul(group, product.get(), factor.get(), nullptr, nullptr, numbers) == 1;
  } else {
    PATENT_TRY(const CurvePoint base, handles_->point_on(group, curve, point));
    good = EC_POINT_mul(group, product.get(), nullptr, base.get(), factor.get(), numbers) == 1;
  }
  if (!good) return failure();
  return handles_->octets_of(group, curve, product.get());
}

Result<Point, CryptoError> OpensslEngine::ec_add(Curve curve, ByteView p, ByteView q) {
  const EC_GROUP* const group = handles_->group(curve);
  if (group == nullptr) return unexpected(CryptoError::unsupported);
  PATENT_TRY(const CurvePoint first, handles_->point_on(group, curve, p));
  PATENT_TRY(const CurvePoint second, handles_->point_on(group, curve, q));
  const CurvePoint sum(EC_POINT_new(group));
  if (!sum || EC_POINT_add(group, sum.get(), first.get(), second.get(), handles_->numbers.get()) != 1) return failure();
  return handles_->octets_of(group, curve, sum.get());
}

Engine::Outcome OpensslEngine::ec_quotient(Curve curve, ByteView dividend, ByteView divisor, Secret& out) {
  const EC_GROUP* const group = handles_->group(curve);
  if (group == nullptr) return unexpected(CryptoError::unsupported);
  PATENT_TRY(const Number number, openssl::scalar_below_order(group, dividend));
  PATENT_TRY(const Number inverse, openssl::scalar_below_order(group, divisor));
  const BIGNUM* const order = EC_GROUP_get0_order(group);
  BN_CTX* const numbers = handles_->numbers.get();
  if (BN_mod_inverse(inverse.get(), inverse.get(), order, numbers) == nullptr ||
      BN_mod_mul(number.get(), number.get(), inverse.get(), order, numbers) != 1)
    return failure();
  const ByteSpan octets = out.prepare(field_size(curve));
  if (BN_bn2binpad(number.get(), octets.data(), static_cast<int>(octets.size())) < 0) return failure();
  return {};
}

Result<Point, CryptoError> OpensslEngine::ec_encode_point(Curve curve, ByteView number) {
  const EC_GROUP* const group = handles_->group(curve);
  if (group == nullptr) return unexpected(CryptoError::unsupported);
  if (number.size() > kMaxChunk) return unexpected(CryptoError::bad_length);
  const Number element = openssl::secret_number(number);
  if (!element) return failure();
  PATENT_TRY(const CurvePoint point, openssl::encode_point(group, element.get(), handles_->numbers.get()));
  return handles_->octets_of(group, curve, point.get());
}

Result<PlainSignature, CryptoError> OpensslEngine::ecdsa_sign(Curve curve, ByteView scalar, ByteView digest) {
  const EC_GROUP* const group = handles_->group(curve);
  if (group == nullptr) return unexpected(CryptoError::unsupported);
  PATENT_TRY(const Number number, openssl::scalar_below_order(group, scalar));
  const KeyHandle key = openssl::private_key(curve, number.get());
  const KeyContextHandle context(key ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr);
  std::array<Byte, kMaxDerSignature> der{};
  std::size_t size = der.size();
  if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_sign(context.get(), der.data(), &size, digest.data(), digest.size()) != 1)
    return failure();
  const auto signature = openssl::read_der<Signature>(d2i_ECDSA_SIG, ByteView(der).first(size));
  const int field = static_cast<int>(field_size(curve));
  PlainSignature plain;
  if (!signature || !plain.resize(2 * field_size(curve))) return failure();
  if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), plain.span().data(), field) != field ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), plain.span().data() + field, field) != field)
    return failure();
  return plain;
}

Engine::Outcome OpensslEngine::ecdsa_verify(Curve curve, ByteView point, ByteView digest, ByteView signature) {
  const EC_GROUP* const group = handles_->group(curve);
  if (group == nullptr) return unexpected(CryptoError::unsupported);
  if (signature.size() != 2 * field_size(curve)) return unexpected(CryptoError::bad_signature);
  PATENT_TRY_VOID(handles_->point_on(group, curve, point));
  const KeyHandle key = openssl::public_key(curve, point);
  const KeyContextHandle context(key ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr);
  std::array<Byte, kMaxDerSignature> memory{};
  const ByteView der = write_der_signature(signature, memory);
  if (!context || der.empty() || EVP_PKEY_verify_init(context.get()) != 1) return failure();
  if (EVP_PKEY_verify(context.get(), der.data(), der.size(), digest.data(), digest.size()) != 1)
    return failure(CryptoError::bad_signature);
  return {};
}

}  // namespace crypto
