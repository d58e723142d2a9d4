// SPDX-License-Identifier: Apache-2.0
#include "crypto/pki/protocol.hpp"

#include <fmt/format.h>
#include <json/writer.h>

#include "crypto/domain_files.hpp"
#include "crypto/domain_vault.hpp"
#include "crypto/guarded_file.hpp"
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

}  // namespace

Result<Json::Value, DomainFailure> Protocol::facts(const TrustDomain& domain,
                                                   const std::vector<CeremonyKey>& keys) const {
  Json::Value out;
  out["at"] = time_text(begun_);
  out["host"] = tool::host_name();
  out["domain"] = fs::absolute(domain.folder()).string();
  for (const Custodian& custodian : custodians_) {
    Json::Value one;
    one["name"] = custodian.name;
    one["gave_part_by"] = custodian.source.substr(0, custodian.source.find(':'));
    out["custodians"].append(one);
  }
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
  const std::string payload = json.toStyledString();
  const fs::path signer_file = certificate_file(domain.folder(), kStatusSignerKey);
  PATENT_TRY(const Certificate signer, domain.certificate(kStatusSignerKey));
  PATENT_TRY(const auto key, domain.signing_key(kStatusSignerKey));
  PATENT_TRY(const std::string token, sign_token(kProtocolType, payload, signer, *key).map_error(in_file(signer_file)));

  const fs::path folder = domain.folder() / "ceremonies";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return unexpected(DomainFailure{CryptoError::storage, folder});
  std::string name = time_text(begun_);
  std::erase(name, ':');
  for (const auto& [suffix, content] :
       {std::pair{".json", payload}, std::pair{".txt", text_of(json)}, std::pair{".jws", token}}) {
    const fs::path file = folder / (name + suffix);
    PATENT_TRY_VOID(write_file(file, as_bytes(content), Readers::everybody, Overwrite::no).map_error(in_file(file)));
  }
  return folder / name;
}

}  // namespace crypto::pki
