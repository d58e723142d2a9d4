// SPDX-License-Identifier: Apache-2.0
// Owns how personal data lie in the ledger: encrypted (AES-256-GCM) under a key of the vault, bound to the row they
// belong to.
#pragma once

#include <string_view>

#include "crypto/bytes.hpp"
#include "crypto/key_vault.hpp"

namespace personalize {

class PersonalData {
public:
  // The data key is derived from the vault's master key `kLedgerKey`; the master key is not needed afterwards.
  static crypto::Result<PersonalData, crypto::CryptoError> open(const crypto::MasterKey& master);
  // For who works without the key: all it does is `locked`.
  static PersonalData locked() { return {crypto::Secret(), crypto::Secret()}; }

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
  PersonalData(crypto::Secret seal_key, crypto::Secret name_key)
      : seal_key_(std::move(seal_key)), name_key_(std::move(name_key)) {}
  crypto::Secret seal_key_, name_key_;
};

}  // namespace personalize
