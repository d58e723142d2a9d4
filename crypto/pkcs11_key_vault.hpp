// SPDX-License-Identifier: Apache-2.0
// Owns the key vault's form in a PKCS#11 token: keys are made and used inside, and cannot leave it (docs/hsm.md).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "crypto/file_key_vault.hpp"

namespace crypto {

struct Pkcs11Token {
  std::filesystem::path module;  // the vendor's library
  std::string label;             // of the token; its slot's number may change
};

class Pkcs11KeyVault final : public KeyVault {
public:
  // Logs in at the first use of a key, once: a wrong PIN is `locked`, and is not tried again by itself (a token counts
  // them). Sessions are pooled, one a thread that uses a key at the same time. unavailable: module or token are
  // not there.
  Pkcs11KeyVault(Pkcs11Token token, Passphrase pin);
  ~Pkcs11KeyVault() override;

  // CKA_SENSITIVE, never CKA_EXTRACTABLE, CKA_LABEL and CKA_ID from the name. Signing keys: CKM_ECDSA over a digest.
  // Master keys: AES; derive() is counter_kdf with CKM_AES_CMAC inside the token.
  Result<std::unique_ptr<SigningKey>, CryptoError> make_signing_key(std::string_view name, Curve curve) override;
  Result<std::unique_ptr<SigningKey>, CryptoError> signing_key(std::string_view name) override;
  Result<std::unique_ptr<MasterKey>, CryptoError> make_master_key(std::string_view name, AesKey length) override;
  Result<std::unique_ptr<MasterKey>, CryptoError> master_key(std::string_view name) override;
  Result<std::vector<KeyEntry>, CryptoError> list() override;
  Result<void, CryptoError> rename(std::string_view name, std::string_view new_name) override;

  struct Token;  // shared with the keys, which outlive nothing

private:
  std::shared_ptr<Token> token_;
};

}  // namespace crypto
