// SPDX-License-Identifier: Apache-2.0
// Owns the key vault's form in a PKCS#11 token: keys are made and used inside, and cannot leave it (docs/hsm.md).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "crypto/file_key_vault.hpp"

namespace crypto {

struct Pkcs11Token {
  std::filesystem::path module;  // the vendor's library, by its whole path
  std::string label;             // of the token; its slot's number may change
};

namespace pkcs11 {
class Token;
}

class Pkcs11KeyVault final : public KeyVault {
public:
  // Logs in at the first use of a key, once: a wrong PIN is `locked`, and is not shown again in this process (a token
  // counts them). Sessions are pooled, one a thread that uses a key at the same time. unavailable: module or token are
  // not there. A session that was lost is opened again once, and what can be done twice is; else `unavailable`.
  Pkcs11KeyVault(Pkcs11Token token, Passphrase pin);

  // CKA_SENSITIVE, never CKA_EXTRACTABLE; CKA_LABEL is the name, CKA_ID random. Signing keys: CKM_ECDSA over a digest,
  // each signature verified. Master keys: AES; derive() is counter_kdf with CKM_AES_CMAC inside the token.
  Result<std::unique_ptr<SigningKey>, CryptoError> make_signing_key(std::string_view name, Curve curve) override;
  Result<std::unique_ptr<SigningKey>, CryptoError> signing_key(std::string_view name) override;
  Result<std::unique_ptr<MasterKey>, CryptoError> make_master_key(std::string_view name, AesKey length) override;
  Result<std::unique_ptr<MasterKey>, CryptoError> import_master_key(std::string_view name, Secret key) override;
  Result<std::unique_ptr<MasterKey>, CryptoError> master_key(std::string_view name) override;
  Result<std::vector<KeyEntry>, CryptoError> list() override;
  Result<bool, CryptoError> has(std::string_view name, KeyKind kind) override;
  Result<void, CryptoError> rename(std::string_view name, std::string_view new_name) override;
  Result<void, CryptoError> destroy(std::string_view name, KeyKind kind) override;
  [[nodiscard]] std::filesystem::path place(std::string_view name, KeyKind kind) const override;  // RFC 7512

  // CKA_ID ties the halves of a pair, whatever they are called; each that this process makes begins with its mark.
  static Result<Bytes, CryptoError> mark();
  Result<Bytes, CryptoError> id_of(std::string_view name, KeyKind kind);
  // All objects of this CKA_ID, also where only a public half is left; not_found when there are none.
  Result<void, CryptoError> destroy_objects(KeyKind kind, ByteView id);

  // What the token says of itself, and of a key, for a ceremony's protocol: a name and a value each.
  using Facts = std::vector<std::pair<std::string, std::string>>;
  Result<Facts, CryptoError> token_facts();
  Result<Facts, CryptoError> key_facts(std::string_view name, KeyKind kind);

private:
  // A new object's CKA_ID; already_exists when the name is taken, or another program makes one of it just now.
  template <class Make>
  Result<Bytes, CryptoError> make(std::string_view name, KeyKind kind, Make make_it);

  std::shared_ptr<pkcs11::Token> token_;  // the keys hold it too
};

}  // namespace crypto
