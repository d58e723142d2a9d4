// SPDX-License-Identifier: Apache-2.0
// Owns security objects as other states make them, part by part, so that each part can be odd or wrong.
#pragma once

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <catch2/catch.hpp>

#include "crypto/der.hpp"
#include "crypto/parsed_certificate.hpp"
#include "crypto/parsed_signed_object.hpp"

namespace crypto_test {

using namespace crypto;

inline const Bytes kForeignContent = from_hex("300F020100300D060960864801650304020105000000").value();

inline Bytes joined(const std::vector<Bytes>& parts) {
  Bytes out;
  for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

inline openssl::KeyHandle ec_key(const char* group, const char* encoding = OSSL_PKEY_EC_ENCODING_GROUP) {
  openssl::KeyHandle key(EVP_EC_gen(group));
  REQUIRE(key);
  REQUIRE(EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_ENCODING, encoding) == 1);
  return key;
}

// An extension as OpenSSL's configuration files write it.
struct Extension {
  int nid;
  const char* value;
};

// A key and its certificate with a key identifier: self-signed, or by another.
struct ForeignSigner {
  explicit ForeignSigner(openssl::KeyHandle owned, long serial = 5, const char* name = "UT",
                         const std::vector<Extension>& extensions = {}, const ForeignSigner* issuer = nullptr)
      : key(std::move(owned)), x509(X509_new()) {
    const ForeignSigner& by = issuer == nullptr ? *this : *issuer;
    X509_set_version(x509.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(x509.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(x509.get()), 3600);
    const auto* const common_name = reinterpret_cast<const unsigned char*>(name);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509.get()), "CN", MBSTRING_ASC, common_name, -1, -1, 0);
    X509_set_issuer_name(x509.get(), X509_get_subject_name(by.x509.get()));
    REQUIRE(X509_set_pubkey(x509.get(), key.get()) == 1);
    add({NID_subject_key_identifier, "hash"});
    for (const Extension& extension : extensions) add(extension);
    REQUIRE(X509_sign(x509.get(), by.key.get(), EVP_sha256()) > 0);
    der = openssl::write_der(i2d_X509, static_cast<const X509*>(x509.get()));
  }
  [[nodiscard]] Certificate certificate() const { return Certificate::parse(der).value(); }

  openssl::KeyHandle key;
  openssl::CertificateHandle x509;
  Bytes der;

private:
  void add(const Extension& extension) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, x509.get(), x509.get(), nullptr, nullptr, 0);
    const openssl::Handle<X509_EXTENSION, X509_EXTENSION_free> made(
        X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value));
    REQUIRE(made);
    REQUIRE(X509_add_ext(x509.get(), made.get(), -1) == 1);
  }
};

enum class Naming : std::uint8_t { issuer_and_serial, key_id, key_id_with_version_1 };

// One SignerInfo. What it says (identifiers) and what it does (hash, padding) are set apart.
struct SignerForm {
  HashAlgorithm hash = HashAlgorithm::sha256;
  Bytes digest_identifier = hash_identifier(HashAlgorithm::sha256);
  Bytes signature_identifier = ecdsa_identifier(HashAlgorithm::sha256);
  bool pss = false;
  int salt = 32;
  HashAlgorithm mask = HashAlgorithm::sha256;
  Naming naming = Naming::issuer_and_serial;

  static SignerForm ecdsa(HashAlgorithm hash) { return {hash, hash_identifier(hash), ecdsa_identifier(hash)}; }
};

inline Bytes naming_of(const ForeignSigner& signer, Naming naming) {
  const X509* const x509 = signer.x509.get();
  if (naming != Naming::issuer_and_serial) return tlv(0x80, octets_of(X509_get0_subject_key_id(signer.x509.get())));
  const Bytes issuer = openssl::write_der(i2d_X509_NAME, static_cast<const X509_NAME*>(X509_get_issuer_name(x509)));
  const Bytes serial = openssl::write_der(i2d_ASN1_INTEGER, X509_get0_serialNumber(x509));
  return der::sequence({issuer, serial});
}

inline Bytes signature_over(const ForeignSigner& signer, const SignerForm& form, ByteView message) {
  const openssl::DigestContextHandle context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  REQUIRE(EVP_DigestSignInit(context.get(), &parameters, evp_digest(form.hash), nullptr, signer.key.get()) == 1);
  if (form.pss) {
    REQUIRE(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1);
    REQUIRE(EVP_PKEY_CTX_set_rsa_mgf1_md(parameters, evp_digest(form.mask)) == 1);
    REQUIRE(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, form.salt) == 1);
  }
  Bytes signature(1024);
  std::size_t size = signature.size();
  REQUIRE(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1);
  signature.resize(size);
  return signature;
}

struct Content {
  std::string_view type = kOidLdsSecurityObject;
  Bytes octets = kForeignContent;
};

inline Bytes signer_info(const ForeignSigner& signer, const SignerForm& form, const Content& content = {}) {
  const auto attribute = [](std::string_view oid, ByteView value) {
    return der::sequence({der::object_identifier(oid), tlv(der::kSet, value)});
  };
  Bytes attributes =
      der::set_of({attribute(attribute::kContentType, der::object_identifier(content.type)),
                   attribute(attribute::kMessageDigest, der::octet_string(digest(form.hash, content.octets).value()))});
  const Bytes signature = signature_over(signer, form, attributes);
  attributes[0] = 0xA0;
  const Bytes version = der::integer(std::uint64_t{form.naming == Naming::key_id ? 3U : 1U});
  return der::sequence({version, naming_of(signer, form.naming), form.digest_identifier, attributes,
                        form.signature_identifier, der::octet_string(signature)});
}

inline Bytes signed_data(const std::vector<Bytes>& signer_infos, const std::vector<Bytes>& certificates,
                         const std::vector<Bytes>& digest_identifiers, const Content& content = {}) {
  const Bytes encapsulated =
      der::sequence({der::object_identifier(content.type), tlv(0xA0, der::octet_string(content.octets))});
  const Bytes data =
      der::sequence({der::integer(std::uint64_t{3}), tlv(der::kSet, joined(digest_identifiers)), encapsulated,
                     tlv(0xA0, joined(certificates)), tlv(der::kSet, joined(signer_infos))});
  return der::sequence({der::object_identifier(kSignedData), tlv(0xA0, data)});
}

inline Bytes signed_by(const ForeignSigner& signer, const SignerForm& form, const Content& content = {}) {
  return signed_data({signer_info(signer, form, content)}, {signer.der}, {form.digest_identifier}, content);
}

}  // namespace crypto_test
