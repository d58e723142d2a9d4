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
constexpr char kBefore[] = "keys_before", kSigning[] = "signing", kMaster[] = "master", kId[] = "cka_id";
constexpr char kMark[] = "cka_ids_begin", kDestroys[] = "destroys";

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
  if (json.isMember(kId) && !json[kId].isString()) return std::nullopt;
  return KnownKey{json["name"].asString(), master ? KeyKind::master : KeyKind::signing, json["identity"].asString(),
                  json[kId].asString()};
}

Result<std::vector<KnownKey>, CryptoError> keys_in(const Json::Value& json) {
  if (!json.isArray()) return unexpected(CryptoError::bad_encoding);
  std::vector<KnownKey> keys;
  for (const Json::Value& one : json) {
    auto key = known_key(one);
    if (!key) return unexpected(CryptoError::bad_encoding);
    keys.push_back(*std::move(key));
  }
  return keys;
}

Result<Json::Value, DomainFailure> read_object(const std::filesystem::path& file) {
  PATENT_TRY(const Bytes octets, read_file(file, kMaxOpening).map_error(in_file(file)));
  auto json = parse_strict_json({reinterpret_cast<const char*>(octets.data()), octets.size()});
  if (!json || !json->isObject()) return unexpected(DomainFailure{CryptoError::bad_encoding, file});
  return *std::move(json);
}

std::filesystem::path destruction_of(const Opening& opening) {
  return std::filesystem::path(opening.file).replace_extension(".destroys.json");
}

// Nothing for a key that is called otherwise by now: another program is at work in the token.
Result<std::string, CryptoError> cka_id_of(KeyVault& vault, const KeyEntry& entry) {
  auto* const token = dynamic_cast<Pkcs11KeyVault*>(&vault);
  if (token == nullptr) return std::string();
  return token->id_of(entry.name, entry.kind).transform([](const Bytes& id) { return to_hex(id); });
}

Result<std::vector<KnownKey>, DomainFailure> keys_marked(KeyVault& vault, std::string_view mark) {
  PATENT_TRY(const auto listed, vault.list().map_error(in_file(vault.place("", KeyKind::signing))));
  std::vector<KnownKey> keys;
  for (const KeyEntry& entry : listed) {
    const auto failed = in_file(vault.place(entry.name, entry.kind));
    auto id = cka_id_of(vault, entry);
    if (!id && id.error() == CryptoError::not_found) continue;  // renamed meanwhile, by another program
    if (!id) return unexpected(failed(id.error()));
    if (!id->empty() && !id->starts_with(mark)) continue;
    PATENT_TRY(auto identity, identity_of(vault, entry).map_error(failed));
    keys.push_back({entry.name, entry.kind, std::move(identity), *std::move(id)});
  }
  return keys;
}

}  // namespace

Result<std::vector<KnownKey>, DomainFailure> known_keys(KeyVault& vault) { return keys_marked(vault, ""); }

Json::Value as_json(const std::vector<KnownKey>& keys) {
  Json::Value out(Json::arrayValue);
  for (const KnownKey& key : keys) {
    Json::Value one;
    one["name"] = key.name;
    one["kind"] = key.kind == KeyKind::master ? kMaster : kSigning;
    one["identity"] = key.identity;
    if (!key.cka_id.empty()) one[kId] = key.cka_id;
    out.append(one);
  }
  return out;
}

Result<Opening, DomainFailure> write_opening(const std::filesystem::path& file, Json::Value said,
                                             std::vector<KnownKey> before) {
  PATENT_TRY(const Bytes mark, Pkcs11KeyVault::mark().map_error(in_file(file)));
  said[kBefore] = as_json(before);
  said[kMark] = to_hex(mark);
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  PATENT_TRY_VOID(
      write_file(file, as_bytes(json_lines(said)), Readers::everybody, Overwrite::no).map_error(in_file(file)));
  return Opening{file, std::move(said), std::move(before)};
}

Result<Opening, DomainFailure> read_opening(const std::filesystem::path& file) {
  PATENT_TRY(Json::Value json, read_object(file));
  if (!json["at"].isString() || !json.get(kMark, "").isString())
    return unexpected(DomainFailure{CryptoError::bad_encoding, file});
  PATENT_TRY(auto before, keys_in(json[kBefore]).map_error(in_file(file)));
  return Opening{file, std::move(json), std::move(before)};
}

Result<std::vector<KnownKey>, DomainFailure> made_since(const Opening& opening, KeyVault& vault) {
  PATENT_TRY(auto keys, keys_marked(vault, opening.said[kMark].asString()));
  std::erase_if(keys, [&](const KnownKey& key) {
    return std::ranges::any_of(
        opening.before, [&](const KnownKey& old) { return old.kind == key.kind && old.identity == key.identity; });
  });
  return keys;
}

Result<void, DomainFailure> write_destruction(const Opening& opening, const std::vector<KnownKey>& keys) {
  const auto file = destruction_of(opening);
  Json::Value json;
  json[kDestroys] = as_json(keys);
  return write_file(file, as_bytes(json_lines(json)), Readers::everybody, Overwrite::yes).map_error(in_file(file));
}

Result<std::vector<KnownKey>, DomainFailure> read_destruction(const Opening& opening) {
  const auto file = destruction_of(opening);
  if (!file_exists(file)) return std::vector<KnownKey>();
  PATENT_TRY(const Json::Value json, read_object(file));
  return keys_in(json[kDestroys]).map_error(in_file(file));
}

Result<void, DomainFailure> remove_opening(const Opening& opening) {
  for (const auto& file : {destruction_of(opening), opening.file})
    if (file_exists(file)) PATENT_TRY_VOID(remove_file(file).map_error(in_file(file)));
  return {};
}

}  // namespace crypto::pki
