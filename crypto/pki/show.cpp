// SPDX-License-Identifier: Apache-2.0
// patent-pki show: certificates, revocation lists and keys, for people and as JSON.
#include <fmt/format.h>
#include <json/json.h>

#include <iostream>

#include "crypto/cv_certificate_make.hpp"
#include "crypto/domain_vault.hpp"
#include "crypto/guarded_file.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/pem.hpp"
#include "crypto/pki/command.hpp"
#include "crypto/pki/protocol.hpp"
#include "crypto/signed_token.hpp"
#include "crypto/strict_json.hpp"

namespace crypto::pki {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFile = 4 * 1024 * 1024;

std::string_view role_of(const Certificate& certificate) {
  if (certificate.is_ca())
    return certificate.self_issued() && certificate.verify_signed_by(certificate) ? "country signing CA" : "CSCA link";
  if (certificate.is_status_signer()) return "status signer";
  if (certificate.is_seal_signer()) return "seal signer";
  return certificate.is_document_signer() ? "document signer" : "other";
}

Json::Value describe(const fs::path& file, const Certificate& certificate) {
  Json::Value out;
  out["file"] = file.string();
  out["role"] = std::string(role_of(certificate));
  out["subject"] = certificate.subject();
  out["issuer"] = certificate.issuer();
  out["serial"] = certificate.serial_hex();
  out["key"] = certificate.key_description();
  out["not_before"] = time_text(certificate.not_before());
  out["not_after"] = time_text(certificate.not_after());
  if (const auto until = certificate.private_key_not_after()) out["private_key_until"] = time_text(*until);
  for (const std::string& type : certificate.document_types()) out["document_types"].append(type);
  out["sha256"] = to_hex(certificate.fingerprint());
  return out;
}

std::string_view role_of(const CvCertificate& certificate) {
  switch (certificate.role) {
    case CvRole::cvca: return certificate.self_issued() ? "country verifying CA" : "CVCA link";
    case CvRole::dv_domestic: return "domestic document verifier";
    case CvRole::dv_foreign: return "foreign document verifier";
    case CvRole::terminal: break;
  }
  return "terminal";
}

std::string_view name_of(CvTemplate kind) {
  switch (kind) {
    case CvTemplate::inspection: return "inspection system";
    case CvTemplate::authentication: return "authentication terminal";
    case CvTemplate::signature: return "signature terminal";
    case CvTemplate::other: break;
  }
  return "other";
}

std::string key_text(const CvPublicKey& key) {
  constexpr std::array kHashes{"SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"};  // by HashAlgorithm
  const char* const hash = kHashes[static_cast<std::size_t>(key.hash)];
  if (key.scheme == CvScheme::ecdsa) return fmt::format("ECDSA {} bits, {}", 4 * (key.point.size() - 1), hash);
  return fmt::format("RSA {} {} bits, {}", key.scheme == CvScheme::rsa_pss ? "PSS" : "PKCS#1 v1.5",
                     8 * key.modulus.size(), hash);
}

Json::Value describe(const fs::path& file, const CvCertificate& certificate) {
  Json::Value out;
  out["file"] = file.string();
  out["role"] = std::string(role_of(certificate));
  out["template"] = std::string(name_of(certificate.kind));
  out["holder"] = std::string(certificate.holder.begin(), certificate.holder.end());
  out["authority"] = std::string(certificate.authority.begin(), certificate.authority.end());
  out["key"] = key_text(certificate.key);
  out["effective"] = time_text(certificate.effective).substr(0, 10);
  out["expires"] = time_text(certificate.expires).substr(0, 10);
  out["rights"] = Json::Value(Json::arrayValue);
  if (certificate.rights.read_fingerprints) out["rights"].append("read fingerprints (DG3)");
  if (certificate.rights.read_irises) out["rights"].append("read irises (DG4)");
  if (certificate.rights.append_records) out["rights"].append("append records");
  return out;
}

// Whether the second signature holds, the issuer finds out: he knows who may have made it.
Json::Value describe(const fs::path& file, const CvRequest& request) {
  OpensslEngine engine;
  Json::Value out;
  out["file"] = file.string();
  out["holder"] = std::string(request.holder.begin(), request.holder.end());
  if (!request.authority.empty()) out["authority"] = std::string(request.authority.begin(), request.authority.end());
  out["key"] = key_text(request.key);
  out["signed_by_its_key"] = verify_own(engine, request).has_value();
  if (request.outer)
    out["signed_once_more"] = std::string(request.outer->authority.begin(), request.outer->authority.end());
  return out;
}

Json::Value describe(const fs::path& file, const RevocationList& list) {
  Json::Value out;
  out["file"] = file.string();
  out["issuer"] = list.issuer();
  out["number"] = Json::UInt64(list.number());
  out["this_update"] = time_text(list.this_update());
  if (list.next_update()) out["next_update"] = time_text(*list.next_update());
  out["revoked"] = Json::Value(Json::arrayValue);
  for (const RevokedSerial& entry : list.entries()) {
    Json::Value one;
    one["serial"] = entry.serial_hex;
    one["since"] = time_text(entry.since);
    out["revoked"].append(one);
  }
  return out;
}

// A ceremony's, whose signature holds; whether its signer is to be believed, his certificate's chain tells.
Result<Json::Value, CryptoError> describe_protocol(const fs::path& file, ByteView octets) {
  const auto opened = open_token({reinterpret_cast<const char*>(octets.data()), octets.size()}, kProtocolType);
  if (!opened)
    return unexpected(opened.error() == TokenError::bad_signature ? CryptoError::bad_signature
                                                                  : CryptoError::bad_encoding);
  const auto payload = parse_strict_json(opened->payload);
  if (!payload || !payload->isObject()) return unexpected(CryptoError::bad_encoding);
  Json::Value out;
  out["file"] = file.string();
  out["signed_by"] = opened->signer.subject();
  out["signer_sha256"] = to_hex(opened->signer.fingerprint());
  out["at"] = (*payload)["at"].asString();
  for (const Json::Value& one : (*payload)["custodians"]) out["custodians"].append(one["name"].asString());
  for (const Json::Value& one : (*payload)["keys"])
    out["keys"].append(fmt::format("{} {}", one["name"].asString(), one["done"].asString()));
  return out;
}

// Into `out`, under the list for its kind.
std::optional<DomainFailure> add_file(const fs::path& file, Json::Value& out) {
  const auto octets = read_file(file, kMaxFile);
  if (!octets) return DomainFailure{octets.error(), file};
  if (file.extension() == ".cvcert") {
    const auto certificate = parse_cv_certificate(*octets);
    if (!certificate) return DomainFailure{certificate.error(), file};
    out["cv_certificates"].append(describe(file, *certificate));
    return std::nullopt;
  }
  if (file.extension() == ".cvreq") {
    const auto request = parse_cv_request(*octets);
    if (!request) return DomainFailure{request.error(), file};
    out["cv_requests"].append(describe(file, *request));
    return std::nullopt;
  }
  if (file.extension() == ".jws") {
    const auto protocol = describe_protocol(file, *octets);
    if (!protocol) return DomainFailure{protocol.error(), file};
    out["protocols"].append(*protocol);
    return std::nullopt;
  }
  const auto der = der_of(*octets);
  if (!der) return DomainFailure{der.error(), file};
  if (const auto certificate = Certificate::parse(*der)) {
    out["certificates"].append(describe(file, *certificate));
    return std::nullopt;
  }
  const auto list = RevocationList::parse(*der);
  if (!list) return DomainFailure{CryptoError::bad_encoding, file};
  out["revocation_lists"].append(describe(file, *list));
  return std::nullopt;
}

std::optional<DomainFailure> add_folder(const fs::path& folder, Json::Value& out) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (const fs::path kind = at->path().extension();
        kind == ".cer" || kind == ".cvcert" || kind == ".cvreq" || kind == ".crl")
      files.push_back(at->path());
  if (error) return DomainFailure{CryptoError::storage, folder};
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files)
    if (const auto failure = add_file(file, out)) return failure;
  return std::nullopt;
}

// Nothing for a key whose certificate is not there yet.
std::optional<bool> fits_certificate(const TrustDomain& domain, const std::string& name, const SigningKey& key) {
  if (const auto certificate = domain.certificate(name)) return certificate->public_key().spki == key.public_key().spki;
  const auto octets = domain.cv_certificate(name);
  if (!octets) return octets.error().error == CryptoError::not_found ? std::nullopt : std::optional(false);
  const auto own = cv_key_of(key);
  return own && std::ranges::equal(parse_cv_certificate(*octets)->key.point, own->point.view());
}

// A key's check value or curve; a key that does not open is a failure, not a gap.
std::optional<DomainFailure> add_key(const TrustDomain& domain, const KeyEntry& entry, bool open, Json::Value& out) {
  Json::Value one;
  const fs::path file = domain.vault().place(entry.name, entry.kind);
  one["name"] = entry.name;
  one["file"] = file.string();
  one["kind"] = entry.kind == KeyKind::master ? "master key" : "signing key";
  if (open && entry.kind == KeyKind::master) {
    const auto key = domain.vault().master_key(entry.name);
    const auto check_value = key ? (*key)->check_value() : unexpected(key.error());
    if (!check_value) return DomainFailure{check_value.error(), file};
    one["key_check_value"] = to_hex(check_value->view());
  }
  if (open && entry.kind == KeyKind::signing) {
    const auto key = domain.vault().signing_key(entry.name);
    if (!key) return DomainFailure{key.error(), file};
    if (const auto fits = fits_certificate(domain, entry.name, **key)) one["fits_certificate"] = *fits;
  }
  out["keys"].append(one);
  return std::nullopt;
}

std::optional<DomainFailure> add_domain(const TrustDomain& domain, bool open, Json::Value& out) {
  out["sample"] = domain.is_sample();
  for (const fs::path& folder : {domain.folder() / "certificates", domain.trust_folder()})
    if (auto failure = add_folder(folder, out)) return failure;
  const auto token = vault_token(domain.folder());
  if (!token) return token.error();
  if (*token) {
    out["vault"]["module"] = (*token)->module.string();
    out["vault"]["token"] = (*token)->label;
  }
  if (const auto use = domain.document_signer_use()) {
    out["document_signer_use"]["used"] = Json::UInt64(use->used);
    out["document_signer_use"]["limit"] = Json::UInt64(use->limit);
    out["document_signer_use"]["until"] = time_text(use->until);
  } else if (use.error().error != CryptoError::not_found) {
    return use.error();
  }
  const auto keys = domain.vault().list();
  if (!keys && !open && keys.error() == CryptoError::locked)
    return std::nullopt;  // a token lists them for its PIN only
  if (!keys) return DomainFailure{keys.error(), domain.folder()};
  for (const KeyEntry& entry : *keys)
    if (auto failure = add_key(domain, entry, open, out)) return failure;
  return std::nullopt;
}

std::string plain(const Json::Value& value) {
  if (value.isBool()) return value.asBool() ? "yes" : "no";
  if (!value.isArray()) return value.asString();
  std::string text;
  for (const Json::Value& item : value) {
    if (!text.empty()) text += ", ";
    text += item.isObject() ? item["serial"].asString() + " since " + item["since"].asString() : item.asString();
  }
  return text.empty() ? "none" : text;
}

// The same facts in lines. Whoever knows the JSON knows the text.
void print(const Json::Value& facts) {
  if (facts.isMember("vault"))
    put_line(std::cout, fmt::format("Keys in token {} of {}", facts["vault"]["token"].asString(),
                                    facts["vault"]["module"].asString()));
  if (const Json::Value& use = facts["document_signer_use"]; use.isObject())
    put_line(std::cout, fmt::format("Document signer: {} of {} signatures used, until {}", use["used"].asUInt64(),
                                    use["limit"].asUInt64(), use["until"].asString()));
  for (const auto& [list, title] : {std::pair{"certificates", "Certificate"},
                                    {"cv_certificates", "CV certificate"},
                                    {"cv_requests", "CV request"},
                                    {"revocation_lists", "Revocation list"},
                                    {"protocols", "Ceremony"},
                                    {"keys", "Key"}}) {
    for (const Json::Value& object : facts[list]) {
      put_line(std::cout, fmt::format("{} {}", title, object["file"].asString()));
      for (const std::string& name : object.getMemberNames())
        if (name != "file") put_line(std::cout, fmt::format("  {:<18} {}", name, plain(object[name])));
    }
  }
}

}  // namespace

Exit run_show(const Command& command, const Words& words) {
  options::options_description description("Options");
  description.add(passphrase_option());
  description.add_options()("json", "as JSON");
  Arguments arguments(command, std::move(description), {"PATH"});
  if (const auto exit = arguments.read(words)) return *exit;
  const fs::path path = arguments.text("PATH");
  Json::Value facts(Json::objectValue);
  std::optional<DomainFailure> failure;
  if (auto domain = TrustDomain::open(path, Passphrase())) {
    // Check values want the passphrase: asked for when it was offered, never for a mere look at certificates.
    const bool open_keys = domain->is_sample() || arguments.given("passphrase-source");
    auto opened = open_keys ? open_domain(arguments, path) : Result<TrustDomain, Exit>(*std::move(domain));
    if (!opened) return opened.error();
    failure = add_domain(*opened, open_keys, facts);
  } else {
    failure = fs::is_directory(path) ? add_folder(path, facts) : add_file(path, facts);
  }
  if (failure) return report(*failure);
  if (arguments.given("json"))
    std::cout << facts.toStyledString();
  else
    print(facts);
  return Exit::ok;
}

}  // namespace crypto::pki
