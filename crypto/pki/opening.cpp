// SPDX-License-Identifier: Apache-2.0
#include "crypto/pki/opening.hpp"

#include "crypto/domain_files.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/json_text.hpp"
#include "crypto/signature.hpp"
#include "crypto/strict_json.hpp"

namespace crypto::pki {

namespace {

constexpr std::size_t kMaxOpening = std::size_t{1} << 20;
constexpr char kBefore[] = "keys_before", kSigning[] = "signing", kMaster[] = "master";

Result<std::string, CryptoError> identity_of(KeyVault& vault, const KeyEntry& entry) {
  if (entry.kind == KeyKind::master) {
    PATENT_TRY(const auto key, vault.master_key(entry.name));
    PATENT_TRY(const auto value, key->check_value());
    return to_hex(value.view());
  }
  PATENT_TRY(const auto key, vault.signing_key(entry.name));
  PATENT_TRY(const Bytes fingerprint, digest(HashAlgorithm::sha256, key->public_key().spki));
  return to_hex(fingerprint);
}

std::optional<KnownKey> known_key(const Json::Value& json) {
  if (!json.isObject() || !json["name"].isString() || !json["identity"].isString()) return std::nullopt;
  const bool master = json["kind"] == kMaster;
  if (!master && json["kind"] != kSigning) return std::nullopt;
  return KnownKey{json["name"].asString(), master ? KeyKind::master : KeyKind::signing, json["identity"].asString()};
}

}  // namespace

Result<std::vector<KnownKey>, DomainFailure> known_keys(KeyVault& vault) {
  PATENT_TRY(const auto listed, vault.list().map_error(in_file(vault.place("", KeyKind::signing))));
  std::vector<KnownKey> keys;
  for (const KeyEntry& entry : listed) {
    PATENT_TRY(auto identity, identity_of(vault, entry).map_error(in_file(vault.place(entry.name, entry.kind))));
    keys.push_back({entry.name, entry.kind, std::move(identity)});
  }
  return keys;
}

Json::Value as_json(const std::vector<KnownKey>& keys) {
  Json::Value out(Json::arrayValue);
  for (const KnownKey& key : keys) {
    Json::Value one;
    one["name"] = key.name;
    one["kind"] = key.kind == KeyKind::master ? kMaster : kSigning;
    one["identity"] = key.identity;
    out.append(one);
  }
  return out;
}

Result<Opening, DomainFailure> write_opening(const std::filesystem::path& file, Json::Value said,
                                             std::vector<KnownKey> before) {
  said[kBefore] = as_json(before);
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  PATENT_TRY_VOID(
      write_file(file, as_bytes(json_lines(said)), Readers::everybody, Overwrite::no).map_error(in_file(file)));
  return Opening{file, std::move(said), std::move(before)};
}

Result<Opening, DomainFailure> read_opening(const std::filesystem::path& file) {
  PATENT_TRY(const Bytes octets, read_file(file, kMaxOpening).map_error(in_file(file)));
  const auto json = parse_strict_json({reinterpret_cast<const char*>(octets.data()), octets.size()});
  const auto malformed = unexpected(DomainFailure{CryptoError::bad_encoding, file});
  if (!json || !json->isObject() || !(*json)[kBefore].isArray() || !(*json)["at"].isString()) return malformed;
  Opening opening{file, *json, {}};
  for (const Json::Value& one : (*json)[kBefore]) {
    auto key = known_key(one);
    if (!key) return malformed;
    opening.before.push_back(*std::move(key));
  }
  return opening;
}

Result<std::vector<KnownKey>, DomainFailure> made_since(const Opening& opening, KeyVault& vault) {
  PATENT_TRY(auto keys, known_keys(vault));
  std::erase_if(keys, [&](const KnownKey& key) {
    return std::ranges::any_of(
        opening.before, [&](const KnownKey& old) { return old.kind == key.kind && old.identity == key.identity; });
  });
  return keys;
}

}  // namespace crypto::pki
