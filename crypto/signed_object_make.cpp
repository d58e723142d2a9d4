// SPDX-License-Identifier: Apache-2.0
#include "crypto/der.hpp"
#include "crypto/parsed_certificate.hpp"
#include "crypto/parsed_signed_object.hpp"

namespace crypto {

namespace {

Bytes make_attribute(std::string_view oid, ByteView value) {
  return der::sequence({der::object_identifier(oid), tlv(der::kSet, value)});
}

// SET OF Attribute; its octets are what is signed.
Bytes make_attributes(std::string_view content_type, ByteView digest, Time signing_time) {
  return der::set_of({make_attribute(attribute::kContentType, der::object_identifier(content_type)),
                      make_attribute(attribute::kMessageDigest, der::octet_string(digest)),
                      make_attribute(attribute::kSigningTime, der::time(signing_time))});
}

Bytes signer_id(const Certificate& signer) {
  const X509* const x509 = signer.parsed().x509.get();
  const Bytes issuer = openssl::write_der(i2d_X509_NAME, static_cast<const X509_NAME*>(X509_get_issuer_name(x509)));
  const Bytes serial = openssl::write_der(i2d_ASN1_INTEGER, X509_get0_serialNumber(x509));
  return der::sequence({issuer, serial});
}

}  // namespace

Result<Bytes, CryptoError> sign_object(std::string_view content_type_oid, ByteView content, HashAlgorithm hash,
                                       const Certificate& signer, const SigningKey& key, Time signing_time) {
  PATENT_TRY(const Bytes content_digest, digest(hash, content));
  const Bytes attributes = make_attributes(content_type_oid, content_digest, signing_time);
  PATENT_TRY(const Bytes attributes_digest, digest(hash, attributes));
  PATENT_TRY(const Bytes plain, key.sign_digest(attributes_digest));
  PATENT_TRY(const Bytes signature, ecdsa_plain_to_der(plain));

  Bytes tagged_attributes = attributes;
  tagged_attributes[0] = static_cast<Byte>(tag::kContext0);
  const Bytes signer_info = der::sequence({der::integer(std::uint64_t{1}), signer_id(signer), hash_identifier(hash),
                                           tagged_attributes, ecdsa_identifier(hash), der::octet_string(signature)});
  const Bytes encapsulated =
      der::sequence({der::object_identifier(content_type_oid), tlv(tag::kContext0, der::octet_string(content))});
  const Bytes signed_data =
      der::sequence({der::integer(std::uint64_t{3}), tlv(der::kSet, hash_identifier(hash)), encapsulated,
                     tlv(tag::kContext0, signer.der()), tlv(der::kSet, signer_info)});
  Bytes whole = der::sequence({der::object_identifier(kSignedData), tlv(tag::kContext0, signed_data)});

  // A signature that does not hold, for whatever reason, never leaves.
  PATENT_TRY(const auto made, read_signed_object(whole, whole.size(), &signer));
  PATENT_TRY_VOID(verify(*made, signer));
  return whole;
}

}  // namespace crypto
