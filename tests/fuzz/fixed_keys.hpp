// SPDX-License-Identifier: Apache-2.0
// Owns key pairs that are the same in every run, so that what a corpus holds signed stays signed. Their private halves
// stand here for all to see: they protect nothing.
#pragma once

#include <cstdlib>

#include "crypto/key_vault.hpp"
#include "crypto/openssl_engine.hpp"

namespace fuzz {

using crypto::Byte;
using crypto::Bytes;
using crypto::ByteView;

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline crypto::OpensslEngine& engine() {
  static crypto::OpensslEngine one;
  return one;
}

inline constexpr auto kCurve = crypto::Curve::secp256r1;

enum class Owner : Byte {
  csca = 1,
  document_signer,
  status_signer,
  chip,
  answers,
  cvca,
  next_cvca,
  verifier,
  terminal
};

class FixedKey final : public crypto::SigningKey {
public:
  explicit FixedKey(Owner owner)
      : scalar_(Bytes(crypto::field_size(kCurve), static_cast<Byte>(owner))),
        point_(engine().ec_multiply(kCurve, scalar_.view(), {}).value()) {}
  [[nodiscard]] const crypto::Secret& scalar() const { return scalar_; }
  [[nodiscard]] const crypto::Point& point() const { return point_; }

  [[nodiscard]] crypto::PublicKey public_key() const override {
    auto spki = *crypto::from_hex("3059301306072A8648CE3D020106082A8648CE3D030107034200");  // RFC 5480, P-256
    spki.insert(spki.end(), point_.view().begin(), point_.view().end());
    return {spki};
  }
  [[nodiscard]] crypto::Curve curve() const override { return kCurve; }
  crypto::Result<Bytes, crypto::CryptoError> sign_digest(ByteView digest) const override {
    PATENT_TRY(const auto signature, engine().ecdsa_sign(kCurve, scalar_.view(), digest));
    return Bytes(signature.view().begin(), signature.view().end());
  }

private:
  crypto::Secret scalar_;
  crypto::Point point_;
};

inline const FixedKey& key_of(Owner owner) {
  static const std::array<FixedKey, 9> keys{
      FixedKey(Owner::csca),      FixedKey(Owner::document_signer), FixedKey(Owner::status_signer),
      FixedKey(Owner::chip),      FixedKey(Owner::answers),         FixedKey(Owner::cvca),
      FixedKey(Owner::next_cvca), FixedKey(Owner::verifier),        FixedKey(Owner::terminal)};
  return keys[static_cast<std::size_t>(owner) - 1];
}

}  // namespace fuzz
