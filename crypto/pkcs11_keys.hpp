// SPDX-License-Identifier: Apache-2.0
// Owns keys inside a PKCS#11 token, as the vault's port hands them out.
#pragma once

#include <mutex>

#include "crypto/ecdsa_verifier.hpp"
#include "crypto/pkcs11_object.hpp"

namespace crypto::pkcs11 {

// CKM_ECDSA over a digest; every signature is verified in software before it leaves.
class TokenSigningKey final : public SigningKey {
public:
  // `id`: CKA_ID of the key pair, whose public half the token keeps too.
  static Result<std::unique_ptr<SigningKey>, CryptoError> open(std::shared_ptr<Token> token, Bytes id);
  TokenSigningKey(std::shared_ptr<Token> token, Bytes id, Curve curve, const Point& point, PublicKey public_key);

  [[nodiscard]] PublicKey public_key() const override { return public_key_; }
  [[nodiscard]] Curve curve() const override { return curve_; }
  Result<Bytes, CryptoError> sign_digest(ByteView digest) const override;

private:
  // Made for the first signature: many a key is opened only to be shown.
  const Result<EcdsaVerifier, CryptoError>& verifier() const;

  std::shared_ptr<Token> token_;
  KeyObject object_;
  Curve curve_;
  Point point_;
  PublicKey public_key_;
  mutable std::once_flag first_;
  mutable Result<EcdsaVerifier, CryptoError> verifier_ = unexpected(CryptoError::bad_state);
};

// counter_kdf by CKM_AES_CMAC, the check value by CKM_AES_ECB.
class TokenMasterKey final : public MasterKey {
public:
  TokenMasterKey(std::shared_ptr<Token> token, Bytes id)
      : token_(std::move(token)), object_(CKO_SECRET_KEY, std::move(id)) {}

  Result<Secret, CryptoError> derive(ByteView label, ByteView context, std::size_t length) const override;
  Result<Buffer<3>, CryptoError> check_value() const override;

private:
  std::shared_ptr<Token> token_;
  KeyObject object_;
};

}  // namespace crypto::pkcs11
