// SPDX-License-Identifier: Apache-2.0
// Owns the key vault port: keys are used through it by name; private and master keys do not come out of it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/engine.hpp"
#include "crypto/kdf.hpp"

namespace crypto {

// A public key as DER SubjectPublicKeyInfo.
struct PublicKey {
  Bytes spki;
};

// A private key that signs. It may live in a file's memory or in an HSM: only signatures leave it.
class SigningKey {
public:
  SigningKey() = default;
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  virtual ~SigningKey() = default;

  [[nodiscard]] virtual PublicKey public_key() const = 0;
  [[nodiscard]] virtual Curve curve() const = 0;
  // ECDSA over an already computed digest, as plain r || s of 2 * field_size octets (what every HSM gives).
  virtual Result<Bytes, CryptoError> sign_digest(ByteView digest) const = 0;
};

// DER ECDSA-Sig-Value of plain r || s and back.
Result<Bytes, CryptoError> ecdsa_plain_to_der(ByteView plain);
Result<Bytes, CryptoError> ecdsa_der_to_plain(ByteView der, Curve curve);

// A symmetric master key that derives; only derived keys leave it.
class MasterKey {
public:
  MasterKey() = default;
  MasterKey(const MasterKey&) = delete;
  MasterKey& operator=(const MasterKey&) = delete;
  virtual ~MasterKey() = default;
  // crypto::counter_kdf under the master key; `length` octets.
  virtual Result<Secret, CryptoError> derive(ByteView label, ByteView context, std::size_t length) const = 0;
  // GlobalPlatform key check value: the first three octets of AES-ECB(key, 16 x 01).
  virtual Result<Buffer<3>, CryptoError> check_value() const = 0;
};

enum class KeyKind : std::uint8_t { signing, master };
struct KeyEntry {
  std::string name;
  KeyKind kind = KeyKind::signing;
};

[[nodiscard]] bool valid_key_name(std::string_view name);
[[nodiscard]] inline bool is_aes_key(ByteView key) { return key.size() == 16 || key.size() == 24 || key.size() == 32; }

// Names are [a-z0-9][a-z0-9.-]{0,63}; anything else is not_found on use and bad_encoding on making. A key is never
// overwritten: making one of an existing name is already_exists.
class KeyVault {
public:
  KeyVault() = default;
  KeyVault(const KeyVault&) = delete;
  KeyVault& operator=(const KeyVault&) = delete;
  virtual ~KeyVault() = default;

  virtual Result<std::unique_ptr<SigningKey>, CryptoError> make_signing_key(std::string_view name, Curve curve) = 0;
  virtual Result<std::unique_ptr<SigningKey>, CryptoError> signing_key(std::string_view name) = 0;
  virtual Result<std::unique_ptr<MasterKey>, CryptoError> make_master_key(std::string_view name, AesKey length) = 0;
  // A key that came in components from elsewhere, of 16, 24 or 32 octets.
  virtual Result<std::unique_ptr<MasterKey>, CryptoError> import_master_key(std::string_view name, Secret key) = 0;
  virtual Result<std::unique_ptr<MasterKey>, CryptoError> master_key(std::string_view name) = 0;
  // Sorted by name.
  virtual Result<std::vector<KeyEntry>, CryptoError> list() = 0;
  virtual Result<bool, CryptoError> has(std::string_view name, KeyKind kind) = 0;
  // Renames a key, as a roll-over does; already_exists when the new name is taken.
  virtual Result<void, CryptoError> rename(std::string_view name, std::string_view new_name) = 0;
  // Ends a key for ever; not_found when there is none of that name.
  virtual Result<void, CryptoError> destroy(std::string_view name, KeyKind kind) = 0;
  // Where the key of this name is, or would be, kept: to be said in messages.
  [[nodiscard]] virtual std::filesystem::path place(std::string_view name, KeyKind kind) const = 0;
};

}  // namespace crypto
