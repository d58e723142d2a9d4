// SPDX-License-Identifier: Apache-2.0
// Owns how personal data lie in the ledger: encrypted (AES-256-GCM) under a key of the vault, bound to the row they
// belong to.
#pragma once

#include <memory>
#include <string_view>

#include "crypto/cmac_key.hpp"
#include "crypto/key_vault.hpp"
#include "crypto/sealed_octets.hpp"

namespace personalize {

// One thread's, like the database that it serves.
class PersonalData {
public:
  // The data key is derived from the vault's master key `kLedgerKey`; the master key is not needed afterwards.
  static crypto::Result<PersonalData, crypto::CryptoError> open(const crypto::MasterKey& master);
  // For who works without the key: all it does is `locked`.
  static PersonalData locked() { return PersonalData(nullptr); }
  [[nodiscard]] bool is_locked() const { return keys_ == nullptr; }

  // nonce || ciphertext || tag. `row`: what it belongs to ("order/ID/document"); it opens nowhere else.
  [[nodiscard]] crypto::Result<crypto::Bytes, crypto::CryptoError> seal(std::string_view row,
                                                                        crypto::ByteView plain) const;
  // bad_signature when it was changed, moved or is under another key.
  [[nodiscard]] crypto::Result<crypto::Bytes, crypto::CryptoError> open(std::string_view row,
                                                                        crypto::ByteView sealed) const;
  // A keyed digest (AES-CMAC, 16 octets in hexadecimal): finds the same value again without keeping it.
  [[nodiscard]] crypto::Result<std::string, crypto::CryptoError> pseudonym(std::string_view kind,
                                                                           std::string_view value) const;

private:
  struct Keys {
    crypto::SealingKey seals;
    crypto::CmacKey names;
  };
  explicit PersonalData(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
  std::unique_ptr<Keys> keys_;
};

}  // namespace personalize
