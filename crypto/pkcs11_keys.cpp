// SPDX-License-Identifier: Apache-2.0
#include "crypto/pkcs11_keys.hpp"

#include "crypto/kdf.hpp"
#include "crypto/openssl_curve.hpp"

namespace crypto::pkcs11 {

namespace {

using openssl::failure;

CK_MECHANISM plain_mechanism(CK_MECHANISM_TYPE type) { return {type, nullptr, 0}; }

// `made` is filled with what the token makes of `input`; its size must be the one expected.
Result<void, CryptoError> sign_inside(const Session& session, CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE type,
                                      ByteView input, ByteSpan made) {
  CK_MECHANISM mechanism = plain_mechanism(type);
  PATENT_TRY_VOID(outcome(session->C_SignInit(session.handle, &mechanism, key)));
  CK_ULONG size = made.size();
  auto* const octets = const_cast<Byte*>(input.data());  // only read
  PATENT_TRY_VOID(outcome(session->C_Sign(session.handle, octets, input.size(), made.data(), &size)));
  if (size != made.size()) return unexpected(CryptoError::bad_length);
  return {};
}

Result<void, CryptoError> counter_kdf_inside(const Session& session, CK_OBJECT_HANDLE key, CounterMessage& message,
                                             ByteSpan out) {
  Secret block;
  for (std::uint32_t i = 1; !out.empty(); ++i) {
    Bytes input;
    for (const ByteView part : message.block(i)) input.insert(input.end(), part.begin(), part.end());
    PATENT_TRY_VOID(sign_inside(session, key, CKM_AES_CMAC, input, block.prepare(kAesBlock)));
    const ByteView used = block.view().first(std::min(kAesBlock, out.size()));
    std::ranges::copy(used, out.begin());
    out = out.subspan(used.size());
  }
  return {};
}

struct PublicHalf {
  Curve curve;
  Point point;
};

Result<PublicHalf, CryptoError> read_public_half(const Session& session, const Bytes& id) {
  PATENT_TRY(const CK_OBJECT_HANDLE object,
             find_one(session, Attributes().set(CKA_CLASS, CKO_PUBLIC_KEY).set(CKA_ID, ByteView(id))));
  PATENT_TRY(const Bytes parameters, read(session, object, CKA_EC_PARAMS));
  PATENT_TRY(const Bytes encoded, read(session, object, CKA_EC_POINT));
  PATENT_TRY(const Curve curve, curve_of(parameters));
  PATENT_TRY(const Point point, point_of(encoded, curve));
  return PublicHalf{curve, point};
}

}  // namespace

TokenSigningKey::TokenSigningKey(std::shared_ptr<Token> token, Bytes id, Curve curve, const Point& point,
                                 PublicKey public_key)
    : token_(std::move(token)),
      object_(CKO_PRIVATE_KEY, std::move(id)),
      curve_(curve),
      point_(point),
      public_key_(std::move(public_key)) {}

Result<std::unique_ptr<SigningKey>, CryptoError> TokenSigningKey::open(std::shared_ptr<Token> token, Bytes id) {
  PATENT_TRY(const PublicHalf half,
             token->use(Repeat::yes, [&](const Session& session) { return read_public_half(session, id); }));
  const openssl::KeyHandle key = openssl::public_key(half.curve, half.point);
  if (!key) return failure(CryptoError::bad_point);
  PublicKey spki{openssl::write_der(i2d_PUBKEY, static_cast<const EVP_PKEY*>(key.get()))};
  return std::make_unique<TokenSigningKey>(std::move(token), std::move(id), half.curve, half.point, std::move(spki));
}

const Result<EcdsaVerifier, CryptoError>& TokenSigningKey::verifier() const {
  std::call_once(first_, [this] { verifier_ = EcdsaVerifier::make(curve_, point_.view()); });
  return verifier_;
}

Result<Bytes, CryptoError> TokenSigningKey::sign_digest(ByteView digest) const {
  if (digest.empty() || digest.size() > kMaxHashSize) return unexpected(CryptoError::bad_length);
  // A longer digest counts with its first octets (FIPS 186-5, 6.4.1); not every token cuts it itself.
  const ByteView counting = digest.first(std::min(digest.size(), field_size(curve_)));
  Bytes signature(2 * field_size(curve_));
  PATENT_TRY_VOID(token_->use(Repeat::yes, [&](const Session& session) -> Result<void, CryptoError> {
    PATENT_TRY(const CK_OBJECT_HANDLE key, object_.in(session));
    return sign_inside(session, key, CKM_ECDSA, counting, signature);
  }));
  const auto& known = verifier();
  if (!known) return unexpected(known.error());
  if (!known->holds(counting, signature)) return unexpected(CryptoError::bad_signature);
  return signature;
}

Result<Secret, CryptoError> TokenMasterKey::derive(ByteView label, ByteView context, std::size_t length) const {
  Secret derived;
  const ByteSpan out = derived.prepare(length);
  if (out.size() != length || length == 0) return unexpected(CryptoError::bad_length);
  CounterMessage message(label, context, length);
  PATENT_TRY_VOID(token_->use(Repeat::yes, [&](const Session& session) -> Result<void, CryptoError> {
    PATENT_TRY(const CK_OBJECT_HANDLE key, object_.in(session));
    return counter_kdf_inside(session, key, message, out);
  }));
  return derived;
}

Result<Buffer<3>, CryptoError> TokenMasterKey::check_value() const {
  return token_->use(Repeat::yes, [&](const Session& session) -> Result<Buffer<3>, CryptoError> {
    PATENT_TRY(const CK_OBJECT_HANDLE key, object_.in(session));
    CK_MECHANISM mechanism = plain_mechanism(CKM_AES_ECB);
    PATENT_TRY_VOID(outcome(session->C_EncryptInit(session.handle, &mechanism, key)));
    std::array<Byte, kAesBlock> ones{}, block{};
    ones.fill(0x01);
    CK_ULONG size = block.size();
    PATENT_TRY_VOID(outcome(session->C_Encrypt(session.handle, ones.data(), ones.size(), block.data(), &size)));
    Buffer<3> value;
    if (size != block.size() || !value.assign(ByteView(block).first(3))) return unexpected(CryptoError::bad_length);
    return value;
  });
}

}  // namespace crypto::pkcs11
