// SPDX-License-Identifier: Apache-2.0
#include "crypto/pki/protocol.hpp"

#include <fmt/format.h>
#include <json/writer.h>

#include "crypto/domain_files.hpp"
#include "crypto/domain_vault.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/opened_ceremony.hpp"
#include "crypto/pki/command.hpp"
#include "crypto/signature.hpp"
#include "crypto/signed_token.hpp"

namespace crypto::pki {

namespace {

namespace fs = std::filesystem;

// What a program can know, and what it cannot.
constexpr std::array kProved{
    "the program was given one part of the PIN or passphrase from each of two sources, and both together opened the "
    "vault",
    "each key named here was in the vault at the end, with these check values and fingerprints",
    "where a token is named, the attributes are the token's own testimony"};
constexpr std::array kNotProved{
    "who stood behind a source: the custodians' names are as they were told to the program",
    "that nobody holds both parts, or that a part was not seen by others",
    "that the token keeps what it testifies: that is its maker's and its evaluation's affair"};
constexpr std::string_view kComponents =
    "keys entered in components were put together in this program's memory, for PKCS#11 modules rarely can; it was "
    "wiped";

Json::Value as_json(const Pkcs11KeyVault::Facts& facts) {
  Json::Value out(Json::objectValue);
  for (const auto& [name, value] : facts) out[name] = value;
  return out;
}

Pkcs11KeyVault* token_of(const TrustDomain& domain) { return dynamic_cast<Pkcs11KeyVault*>(&domain.vault()); }

Result<Json::Value, DomainFailure> describe_vault(const TrustDomain& domain) {
  Pkcs11KeyVault* const token = token_of(domain);
  if (token != nullptr) return token->token_facts().transform(as_json).map_error(in_file(domain.folder() / kVaultFile));
  Json::Value out;
  out["files"] = (domain.folder() / kKeysFolder).string();
  return out;
}

Result<void, CryptoError> describe_signing(const TrustDomain& domain, const std::string& name, Json::Value& out) {
  PATENT_TRY(const auto key, domain.vault().signing_key(name));
  PATENT_TRY(const Bytes fingerprint, digest(HashAlgorithm::sha256, key->public_key().spki));
  out["public_key_sha256"] = to_hex(fingerprint);
  if (const auto certificate = domain.certificate(name)) {
    out["algorithm"] = certificate->key_description();
    out["certificate_sha256"] = to_hex(certificate->fingerprint());
    out["signs_until"] = time_text(certificate->private_key_not_after().value_or(certificate->not_after()));
  }
  return {};
}

Result<void, CryptoError> describe_master(const TrustDomain& domain, const std::string& name, Json::Value& out) {
  PATENT_TRY(const auto key, domain.vault().master_key(name));
  PATENT_TRY(const auto value, key->check_value());
  out["algorithm"] = "AES";
  out["key_check_value"] = to_hex(value.view());
  return {};
}

Result<Json::Value, DomainFailure> describe(const TrustDomain& domain, const CeremonyKey& key) {
  const auto failed = in_file(domain.vault().place(key.name, key.kind));
  Json::Value out;
  out["name"] = key.name;
  out["done"] = key.done;
  for (const std::string& value : key.component_check_values) out["component_check_values"].append(value);
  PATENT_TRY_VOID(
      (key.kind == KeyKind::signing ? describe_signing : describe_master)(domain, key.name, out).map_error(failed));
  if (Pkcs11KeyVault* const token = token_of(domain)) {
    PATENT_TRY(out["token_says"], token->key_facts(key.name, key.kind).transform(as_json).map_error(failed));
  }
  return out;
}

// Members by name, each list item apart: for a printer and two pens.
void print(const Json::Value& value, const std::string& indent, std::string& out) {
  for (const std::string& name : value.getMemberNames()) {
    const Json::Value& member = value[name];
    if (member.isObject()) {
      out += fmt::format("{}{}\n", indent, name);
      print(member, indent + "  ", out);
    } else if (member.isArray()) {
      out += fmt::format("{}{}\n", indent, name);
      for (const Json::Value& item : member) {
        if (item.isObject())
          print(item, indent + "  ", out);
        else
          out += fmt::format("{}  {}\n", indent, item.asString());
        if (item.isObject()) out += '\n';
      }
    } else {
      out += fmt::format("{}{}: {}\n", indent, name, member.asString());
    }
  }
}

std::string text_of(const Json::Value& facts) {
  std::string out = "Key ceremony\n\n";
  print(facts, "", out);
  for (const Json::Value& one : facts["custodians"])
    out += fmt::format("\n\n______________________  {}\n", one["name"].asString());
  return out;
}

// 2026-03-10T090000Z: no file of Windows bears a colon.
std::string file_name(std::string time) {
  std::erase(time, ':');
  return time;
}

fs::path file_of(const fs::path& domain, const Opening& opening, std::string_view suffix) {
  return domain / kCeremoniesFolder / (file_name(opening.said["at"].asString()) + std::string(suffix));
}

// As JSON, as text and, where somebody signs it, as JWS: the last one says that all are there.
Result<void, DomainFailure> file_all(const fs::path& name, const Json::Value& json, const TrustDomain* signs) {
  const std::string payload = json.toStyledString();
  std::vector<std::pair<std::string_view, std::string>> files{{".json", payload}, {".txt", text_of(json)}};
  if (signs != nullptr) {
    const fs::path signer_file = certificate_file(signs->folder(), kStatusSignerKey);
    PATENT_TRY(const Certificate signer, signs->certificate(kStatusSignerKey));
    PATENT_TRY(const auto key, signs->signing_key(kStatusSignerKey));
    PATENT_TRY(std::string token, sign_token(kProtocolType, payload, signer, *key).map_error(in_file(signer_file)));
    files.emplace_back(".jws", std::move(token));
  }
  std::error_code error;
  fs::create_directories(name.parent_path(), error);
  for (const auto& [suffix, content] : files) {
    fs::path file = name;
    file += suffix;
    PATENT_TRY_VOID(write_file(file, as_bytes(content), Readers::everybody, Overwrite::no).map_error(in_file(file)));
  }
  return {};
}

}  // namespace

Json::Value Protocol::head(const fs::path& domain) const {
  Json::Value out;
  out["at"] = time_text(begun_);
  out["host"] = tool::host_name();
  out["domain"] = fs::absolute(domain).string();
  for (const Custodian& custodian : custodians_) {
    Json::Value one;
    one["name"] = custodian.name;
    one["gave_part_by"] = custodian.source.substr(0, custodian.source.find(':'));
    out["custodians"].append(one);
  }
  return out;
}

fs::path Protocol::name_in(const fs::path& domain) const {
  return domain / kCeremoniesFolder / file_name(time_text(begun_));
}

Json::Value Protocol::opening(const fs::path& domain, const std::vector<std::string>& work) const {
  Json::Value out = head(domain);
  for (const std::string& one : work) out["to_do"].append(one);
  return out;
}

Result<Json::Value, DomainFailure> Protocol::facts(const TrustDomain& domain,
                                                   const std::vector<CeremonyKey>& keys) const {
  Json::Value out = head(domain.folder());
  PATENT_TRY(out["vault"], describe_vault(domain));
  bool components = false;
  for (const CeremonyKey& key : keys) {
    PATENT_TRY(const Json::Value one, describe(domain, key));
    out["keys"].append(one);
    components = components || !key.component_check_values.empty();
  }
  for (const char* const line : kProved) out["proved"].append(line);
  for (const char* const line : kNotProved) out["not_proved"].append(line);
  if (components) out["not_proved"].append(std::string(kComponents));
  return out;
}

Result<fs::path, DomainFailure> Protocol::write(const TrustDomain& domain, const std::vector<CeremonyKey>& keys) const {
  PATENT_TRY(const Json::Value json, facts(domain, keys));
  PATENT_TRY_VOID(file_all(name_in(domain.folder()), json, &domain));
  return name_in(domain.folder());
}

Result<fs::path, DomainFailure> Protocol::write_failed(const fs::path& folder, const TrustDomain* domain,
                                                       const Failure& failure) const {
  Json::Value json = head(folder);
  json["failed"] = failure.opening.said;
  json["keys_left"] = as_json(failure.left);
  json["keys_destroyed"] = as_json(failure.destroyed);
  fs::path base = domain == nullptr ? beside(folder, ".ceremony-failed") : folder / kCeremoniesFolder / "failed";
  base += '-' + file_name(failure.opening.said["at"].asString());
  // A closing that was cut off has told a part, such as what it destroyed: it stands, and this one stands beside it.
  fs::path name = base;
  for (int i = 2; file_exists(fs::path(name) += ".json"); ++i) name = fs::path(base) += fmt::format("-{}", i);
  PATENT_TRY_VOID(file_all(name, json, domain));
  return name;
}

bool is_whole(const fs::path& domain, const Opening& opening) { return file_exists(file_of(domain, opening, ".jws")); }

void clear_torn_protocol(const fs::path& domain, const Opening& opening) {
  std::error_code error;
  for (const std::string_view suffix : {".json", ".txt"}) fs::remove(file_of(domain, opening, suffix), error);
}

}  // namespace crypto::pki
