// SPDX-License-Identifier: Apache-2.0
// Owns certificates, revocation lists and security objects field by field, so that a test can take any field away, put
// another in its place, and have it signed all the same.
#pragma once

#include <string>
#include <vector>

#include "crypto/certificate.hpp"
#include "tests/conformance/reader/key_pair.hpp"

namespace simulator {

struct Extension {
  std::string oid;
  bool critical = false;
  Bytes value;
};

// The fields of RFC 5280, 4.1, each a whole DER object; an empty one is left out.
struct CertificateRecipe {
  Bytes version, serial, signature, issuer, validity, subject, public_key;
  std::vector<Extension> extensions;
  Bytes algorithm;                            // behind what is signed
  std::optional<Bytes> signature_value = {};  // in place of the genuine one; empty: none

  [[nodiscard]] Bytes sign(const KeyPair& issuer_key, const Signing& by) const;
  [[nodiscard]] Extension* find(std::string_view oid);
  void drop(std::string_view oid);
};

namespace extension {
inline constexpr std::string_view kSubjectKeyId = "2.5.29.14", kKeyUsage = "2.5.29.15",
                                  kPrivateKeyUsagePeriod = "2.5.29.16", kBasicConstraints = "2.5.29.19",
                                  kAuthorityKeyId = "2.5.29.35", kExtendedKeyUsage = "2.5.29.37",
                                  kDocumentTypeList = "2.23.136.1.1.6.2";
}  // namespace extension

// C, O, CN as Doc 9303-12, 7.1 has them.
Bytes name(std::string_view country, std::string_view common_name);
Bytes validity(crypto::Time from, crypto::Time to);
Bytes key_id(const KeyPair& key);

struct Holder {
  std::string common_name;
  const KeyPair* key = nullptr;
  std::string country = "RU";
};
// As Doc 9303-12 profiles them, of the Russian Federation unless said otherwise, valid from 2026 to 2035.
CertificateRecipe csca_recipe(const Holder& csca, const Signing& by);
CertificateRecipe signer_recipe(const Holder& signer, const Holder& csca, const Signing& by);

// A revocation list of March 2026, in force until mid-2027.
Bytes revocation_list(const Holder& csca, const Signing& by, const std::vector<Bytes>& revoked_serials);

// The fields of a SignedData (RFC 5652) with one signer, each a whole DER object; an empty one is left out.
struct SodRecipe {
  Bytes version, digests, content_type, content, certificates;  // digests and certificates with their SET or [0]
  Bytes signer_version, signer_id, digest;
  std::vector<Bytes> attributes;  // signed, as a SET OF
  Bytes signature_algorithm;
  Bytes signature;  // made by sign()

  void sign(const KeyPair& key, const Signing& by);
  [[nodiscard]] Bytes assemble() const;  // the ContentInfo
};
Bytes attribute(std::string_view oid, ByteView value);
Bytes message_digest(crypto::HashAlgorithm hash, ByteView content);
Bytes issuer_and_serial(const CertificateRecipe& certificate);

struct SodPlan {
  std::string_view content_type;
  ByteView content;  // the eContent's octets
  crypto::HashAlgorithm digest;
  Signing signing;
  crypto::Time signed_at;
};
// Not signed yet.
SodRecipe sod_recipe(const SodPlan& plan, const CertificateRecipe& signer, ByteView signer_der);

}  // namespace simulator
