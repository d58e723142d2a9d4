// SPDX-License-Identifier: Apache-2.0
#include "crypto/domain_vault.hpp"

#include <json/value.h>

#include "crypto/domain_files.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/strict_json.hpp"

namespace crypto {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxVaultFile = 4096;
constexpr char kPkcs11[] = "pkcs11", kModule[] = "module", kToken[] = "token";

std::optional<Pkcs11Token> parse_token(ByteView text) {
  const auto json = parse_strict_json({reinterpret_cast<const char*>(text.data()), text.size()});
  if (!json || !json->isObject() || json->size() != 1 || !(*json)[kPkcs11].isObject()) return std::nullopt;
  const Json::Value& named = (*json)[kPkcs11];
  if (named.size() != 2 || !named[kModule].isString() || !named[kToken].isString()) return std::nullopt;
  Pkcs11Token token{named[kModule].asString(), named[kToken].asString()};
  if (!token.module.is_absolute() || token.label.empty()) return std::nullopt;
  return token;
}

}  // namespace

Result<std::optional<Pkcs11Token>, DomainFailure> vault_token(const fs::path& domain) {
  const fs::path file = domain / kVaultFile;
  if (!file_exists(file)) return std::optional<Pkcs11Token>();
  PATENT_TRY(const Bytes text, read_private_file(file, kMaxVaultFile).map_error(in_file(file)));
  auto token = parse_token(text);
  if (!token) return unexpected(DomainFailure{CryptoError::bad_encoding, file});
  return token;
}

Result<void, DomainFailure> write_vault_token(const fs::path& domain, const Pkcs11Token& token) {
  const fs::path file = domain / kVaultFile;
  Json::Value json;
  json[kPkcs11][kModule] = token.module.string();
  json[kPkcs11][kToken] = token.label;
  return write_file(file, as_bytes(json.toStyledString()), Readers::owner, Overwrite::no).map_error(in_file(file));
}

Result<std::unique_ptr<KeyVault>, DomainFailure> open_vault(const fs::path& domain, Passphrase passphrase) {
  PATENT_TRY(auto token, vault_token(domain));
  if (token) return std::make_unique<Pkcs11KeyVault>(*std::move(token), std::move(passphrase));
  const bool sample = file_exists(sample_passphrase_file(domain));
  return std::make_unique<FileKeyVault>(domain / kKeysFolder, std::move(passphrase),
                                        std::string(sample ? kSamplePrefix : ""));
}

}  // namespace crypto
