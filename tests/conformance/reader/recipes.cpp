// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/recipes.hpp"

#include <algorithm>

#include "crypto/der.hpp"
#include "reader/inspect/instant.hpp"

namespace simulator {
namespace {

namespace der = crypto::der;
using crypto::tlv;

constexpr std::string_view kContentType = "1.2.840.113549.1.9.3", kMessageDigest = "1.2.840.113549.1.9.4",
                           kSigningTime = "1.2.840.113549.1.9.5", kSignedData = "1.2.840.113549.1.7.2";

void append(Bytes& out, const Bytes& more) { out.insert(out.end(), more.begin(), more.end()); }

crypto::Time at(const char* text) { return reader::instant_from_iso(text).value(); }

Bytes extension_der(const Extension& one) {
  const Bytes flag = one.critical ? tlv(der::kBoolean, Bytes{0xFF}) : Bytes{};
  return der::sequence({der::object_identifier(one.oid), flag, der::octet_string(one.value)});
}

Bytes name_attribute(std::string_view oid, std::uint32_t string_tag, std::string_view text) {
  return tlv(der::kSet, der::sequence({der::object_identifier(oid), tlv(string_tag, crypto::as_bytes(text))}));
}

Bytes alternative_name() {
  return der::sequence({tlv(0xA4, der::sequence({name_attribute("2.5.4.7", der::kUtf8String, "RUS")}))});
}

Bytes usage_period(crypto::Time from, crypto::Time to) {
  Bytes first = der::generalized_time(from), last = der::generalized_time(to);
  first[0] = 0x80;
  last[0] = 0x81;
  return der::sequence({first, last});
}

CertificateRecipe recipe(const Holder& subject, const Holder& issuer, const Signing& by) {
  CertificateRecipe out;
  out.version = tlv(0xA0, der::integer(std::uint64_t{2}));
  Bytes serial = key_id(*subject.key);
  serial.resize(8);
  serial[0] = 0x40;  // positive, and of one length
  out.serial = der::integer(ByteView(serial));
  out.signature = out.algorithm = by.identifier();
  out.issuer = name(issuer.country, issuer.common_name);
  out.validity = validity(at("2026-01-01T00:00:00Z"), at("2035-12-31T00:00:00Z"));
  out.subject = name(subject.country, subject.common_name);
  out.public_key = subject.key->spki();
  out.extensions = {{std::string(extension::kAuthorityKeyId), false, der::sequence({tlv(0x80, key_id(*issuer.key))})},
                    {std::string(extension::kSubjectKeyId), false, der::octet_string(key_id(*subject.key))},
                    {"2.5.29.17", false, alternative_name()},
                    {"2.5.29.18", false, alternative_name()}};
  return out;
}

}  // namespace

Bytes CertificateRecipe::sign(const KeyPair& issuer_key, const Signing& by) const {
  Bytes all;
  for (const auto& one : extensions) append(all, extension_der(one));
  const Bytes signed_part = der::sequence({version, serial, signature, issuer, validity, subject, public_key,
                                           extensions.empty() ? Bytes{} : tlv(0xA3, tlv(der::kSequence, all))});
  const Bytes genuine = der::bit_string(by.sign(issuer_key, signed_part));
  return der::sequence({signed_part, algorithm, signature_value.value_or(genuine)});
}

Extension* CertificateRecipe::find(std::string_view oid) {
  const auto found = std::ranges::find(extensions, oid, &Extension::oid);
  return found == extensions.end() ? nullptr : &*found;
}

void CertificateRecipe::drop(std::string_view oid) {
  std::erase_if(extensions, [&](const Extension& one) { return one.oid == oid; });
}

Bytes name(std::string_view country, std::string_view common_name) {
  return der::sequence({name_attribute("2.5.4.6", der::kPrintableString, country),
                        name_attribute("2.5.4.10", der::kUtf8String, "Conformance"),
                        name_attribute("2.5.4.3", der::kUtf8String, common_name)});
}

Bytes validity(crypto::Time from, crypto::Time to) { return der::sequence({der::time(from), der::time(to)}); }

Bytes key_id(const KeyPair& key) { return crypto::digest(crypto::HashAlgorithm::sha1, key.spki()).value(); }

CertificateRecipe csca_recipe(const Holder& csca, const Signing& by) {
  auto out = recipe(csca, csca, by);
  out.extensions.push_back({std::string(extension::kKeyUsage), true, tlv(der::kBitString, Bytes{1, 0x06})});
  out.extensions.push_back({std::string(extension::kBasicConstraints), true,
                            der::sequence({tlv(der::kBoolean, Bytes{0xFF}), der::integer(std::uint64_t{0})})});
  out.extensions.push_back({std::string(extension::kPrivateKeyUsagePeriod), false,
                            usage_period(at("2026-01-01T00:00:00Z"), at("2030-12-31T00:00:00Z"))});
  return out;
}

CertificateRecipe signer_recipe(const Holder& signer, const Holder& csca, const Signing& by) {
  auto out = recipe(signer, csca, by);
  out.extensions.push_back({std::string(extension::kKeyUsage), true, tlv(der::kBitString, Bytes{7, 0x80})});
  out.extensions.push_back({std::string(extension::kPrivateKeyUsagePeriod), false,
                            usage_period(at("2026-01-01T00:00:00Z"), at("2026-12-31T00:00:00Z"))});
  const Bytes types = der::set_of({tlv(der::kPrintableString, crypto::as_bytes("IW"))});
  out.extensions.push_back(
      {std::string(extension::kDocumentTypeList), false, der::sequence({der::integer(std::uint64_t{0}), types})});
  return out;
}

Bytes revocation_list(const Holder& csca, const Signing& by, const std::vector<Bytes>& revoked_serials) {
  Bytes entries;
  for (const auto& serial : revoked_serials)
    append(entries, der::sequence({serial, der::time(at("2026-02-01T00:00:00Z"))}));
  const Bytes extensions = der::sequence(
      {extension_der({std::string(extension::kAuthorityKeyId), false, der::sequence({tlv(0x80, key_id(*csca.key))})}),
       extension_der({"2.5.29.20", false, der::integer(std::uint64_t{1})})});
  const Bytes signed_part =
      der::sequence({der::integer(std::uint64_t{1}), by.identifier(), name(csca.country, csca.common_name),
                     der::time(at("2026-03-01T00:00:00Z")), der::time(at("2027-06-01T00:00:00Z")),
                     entries.empty() ? Bytes{} : tlv(der::kSequence, entries), tlv(0xA0, extensions)});
  return der::sequence({signed_part, by.identifier(), der::bit_string(by.sign(*csca.key, signed_part))});
}

Bytes attribute(std::string_view oid, ByteView value) {
  return der::sequence({der::object_identifier(oid), tlv(der::kSet, value)});
}

Bytes message_digest(crypto::HashAlgorithm hash, ByteView content) {
  return attribute(kMessageDigest, der::octet_string(crypto::digest(hash, content).value()));
}

Bytes issuer_and_serial(const CertificateRecipe& certificate) {
  return der::sequence({certificate.issuer, certificate.serial});
}

SodRecipe sod_recipe(const SodPlan& plan, const CertificateRecipe& signer, ByteView signer_der) {
  const Bytes hash = crypto::hash_identifier(plan.digest);
  SodRecipe out;
  out.version = der::integer(std::uint64_t{3});
  out.digests = tlv(der::kSet, hash);
  out.content_type = der::object_identifier(plan.content_type);
  out.content = tlv(0xA0, der::octet_string(plan.content));
  out.certificates = tlv(0xA0, signer_der);
  out.signer_version = der::integer(std::uint64_t{1});
  out.signer_id = issuer_and_serial(signer);
  out.digest = hash;
  out.attributes = {attribute(kContentType, out.content_type), message_digest(plan.digest, plan.content),
                    attribute(kSigningTime, der::time(plan.signed_at))};
  out.signature_algorithm = plan.signing.identifier();
  return out;
}

void SodRecipe::sign(const KeyPair& key, const Signing& by) {
  signature = der::octet_string(by.sign(key, der::set_of(attributes)));
}

Bytes SodRecipe::assemble() const {
  Bytes tagged = der::set_of(attributes);
  tagged[0] = 0xA0;
  const Bytes signer = der::sequence({signer_version, signer_id, digest, tagged, signature_algorithm, signature});
  const Bytes data =
      der::sequence({version, digests, der::sequence({content_type, content}), certificates, tlv(der::kSet, signer)});
  return der::sequence({der::object_identifier(kSignedData), tlv(0xA0, data)});
}

}  // namespace simulator
