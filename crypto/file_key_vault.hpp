// SPDX-License-Identifier: Apache-2.0
// Owns the key vault's file form: a folder with one encrypted file a key (PKCS#8 with PBES2 for private keys, CMS
// AuthEnvelopedData to the same passphrase for master keys).
#pragma once

#include <filesystem>
#include <optional>

#include "crypto/key_vault.hpp"

namespace crypto {

// The passphrase, of any length; wiped when it ends. Never printed.
class Passphrase {
public:
  Passphrase() = default;
  explicit Passphrase(std::string_view text) : octets_(text.begin(), text.end()) {}
  explicit Passphrase(ByteView octets) : octets_(octets.begin(), octets.end()) {}
  Passphrase(Passphrase&&) noexcept = default;
  Passphrase& operator=(Passphrase&& other) noexcept {
    octets_.swap(other.octets_);  // what was here is wiped when `other` ends
    return *this;
  }
  Passphrase(const Passphrase&) = delete;
  Passphrase& operator=(const Passphrase&) = delete;
  ~Passphrase();
  // Asked for by name, so that copies are seen in review.
  [[nodiscard]] Passphrase clone() const { return Passphrase(view()); }
  [[nodiscard]] ByteView view() const { return octets_; }
  [[nodiscard]] bool empty() const { return octets_.empty(); }

private:
  Bytes octets_;  // no std::string: a short one leaves its letters behind when it is moved
};

// Where the passphrase comes from: never from argv, never from the environment.
// "prompt" (terminal, no echo), "fd:N", "file:PATH" (first line; refused when others can read the file), or
// "credential:NAME" (systemd's, from the folder that $CREDENTIALS_DIRECTORY names). A terminal is told `asked_for`.
Result<Passphrase, CryptoError> read_passphrase(std::string_view source,
                                                std::string_view asked_for = "Passphrase or PIN");
// Which file or pipe a source reads, whatever it is called; nothing for "prompt", and for what cannot be read.
struct SourceIdentity {
  std::uint64_t device = 0, file = 0;
  friend bool operator==(const SourceIdentity&, const SourceIdentity&) = default;
};
std::optional<SourceIdentity> identify_source(std::string_view source);

class FileKeyVault final : public KeyVault {
public:
  // `prefix` stands before every file's name ("INSECURE-SAMPLE-" in sample domains). Files: PREFIX NAME.p8 and PREFIX
  // NAME.master, mode 0600, written to a temporary name, synced and renamed.
  FileKeyVault(std::filesystem::path folder, Passphrase passphrase, std::string prefix = {});

  Result<std::unique_ptr<SigningKey>, CryptoError> make_signing_key(std::string_view name, Curve curve) override;
  Result<std::unique_ptr<SigningKey>, CryptoError> signing_key(std::string_view name) override;
  Result<std::unique_ptr<MasterKey>, CryptoError> make_master_key(std::string_view name, AesKey length) override;
  Result<std::unique_ptr<MasterKey>, CryptoError> import_master_key(std::string_view name, Secret key) override;
  Result<std::unique_ptr<MasterKey>, CryptoError> master_key(std::string_view name) override;
  Result<std::vector<KeyEntry>, CryptoError> list() override;
  Result<bool, CryptoError> has(std::string_view name, KeyKind kind) override;
  Result<void, CryptoError> rename(std::string_view name, std::string_view new_name) override;
  Result<void, CryptoError> destroy(std::string_view name, KeyKind kind) override;

  [[nodiscard]] std::filesystem::path place(std::string_view name, KeyKind kind) const override;  // its file

private:
  std::filesystem::path folder_;
  Passphrase passphrase_;
  std::string prefix_;
};

}  // namespace crypto
