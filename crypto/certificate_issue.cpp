// SPDX-License-Identifier: Apache-2.0
#include <openssl/rand.h>

#include "crypto/der.hpp"
#include "crypto/parsed_certificate.hpp"
#include "crypto/signature.hpp"

namespace crypto {

namespace {

// Context tags of RFC 5280 that are used here.
constexpr std::uint32_t kVersionTag = 0xA0, kExtensionsTag = 0xA3, kListExtensionsTag = 0xA0;
constexpr std::uint32_t kUriName = 0x86, kDirectoryName = 0xA4;

constexpr std::size_t kSerialOctets = 16;
constexpr std::size_t kSealSignerSerialOctets = 5;  // each of its digits is printed in every seal

namespace extension {
constexpr std::string_view kSubjectKeyId = "2.5.29.14", kKeyUsage = "2.5.29.15", kPrivateKeyUsagePeriod = "2.5.29.16",
                           kSubjectAltName = "2.5.29.17", kIssuerAltName = "2.5.29.18", kBasicConstraints = "2.5.29.19",
                           kCrlNumber = "2.5.29.20", kCrlDistributionPoints = "2.5.29.31",
                           kAuthorityKeyId = "2.5.29.35", kExtendedKeyUsage = "2.5.29.37",
                           kDocumentTypeList = "2.23.136.1.1.6.2";
}  // namespace extension

enum class Critical : bool { no, yes };

Bytes make_extension(std::string_view oid, Critical critical, ByteView value) {
  const Bytes flag = critical == Critical::yes ? tlv(der::kBoolean, Bytes{0xFF}) : Bytes{};
  return der::sequence({der::object_identifier(oid), flag, der::octet_string(value)});
}

Bytes name_attribute(std::string_view oid, std::uint32_t string_tag, std::string_view text) {
  const Bytes attribute = der::sequence({der::object_identifier(oid), tlv(string_tag, as_bytes(text))});
  return tlv(der::kSet, attribute);
}

// Doc 9303-12, 7.1.1.1: the country as PrintableString in upper case, the others in UTF-8; a seal signer's common name
// is a PrintableString too (7.1.3).
Bytes subject_name(const CertificateRequest& request) {
  const Bytes country = name_attribute("2.5.4.6", der::kPrintableString, request.country);
  const Bytes organization =
      request.organization.empty() ? Bytes{} : name_attribute("2.5.4.10", der::kUtf8String, request.organization);
  const auto string_tag = request.role == CertificateRole::seal_signer ? der::kPrintableString : der::kUtf8String;
  return der::sequence({country, organization, name_attribute("2.5.4.3", string_tag, request.common_name)});
}

bool valid_request(const CertificateRequest& request) {
  const auto letters = [](std::string_view text, std::size_t size) {
    return text.size() == size && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  };
  if (request.role == CertificateRole::seal_signer &&
      !(letters(request.common_name, 2) && request.organization.empty()))
    return false;
  return letters(request.country, 2) && letters(request.state, 3) && !request.common_name.empty() &&
         letters_of(request.common_name) <= kMaxNameLetters && letters_of(request.organization) <= kMaxNameLetters &&
         request.not_before < request.not_after;
}

// RFC 5280, 4.2.1.2, method 1: SHA-1 of the key's octets, as an identifier and no protection.
Result<Bytes, CryptoError> key_id(const PublicKey& key) {
  const auto parsed = openssl::read_der<openssl::KeyHandle>(d2i_PUBKEY, key.spki);
  const auto malformed = [](TlvError) { return CryptoError::bad_encoding; };
  if (!parsed) return unexpected(CryptoError::bad_encoding);
  PATENT_TRY(const Tlv whole, read_only_tlv(key.spki, der::kSequence).map_error(malformed));
  TlvReader reader(whole.value);
  PATENT_TRY_VOID(reader.expect(der::kSequence).map_error(malformed));
  PATENT_TRY(const Tlv bits, reader.expect(der::kBitString).map_error(malformed));
  return digest(HashAlgorithm::sha1, bits.value.subspan(1));
}

Bytes authority_key_id_extension(ByteView issuer_key_id) {
  return make_extension(extension::kAuthorityKeyId, Critical::no, der::sequence({tlv(0x80, issuer_key_id)}));
}

// Doc 9303-12, 7.1.1.2: a directory name whose locality is the state's code as the MRZ has it.
Bytes alternative_name(const CertificateRequest& request) {
  const Bytes locality = der::sequence({name_attribute("2.5.4.7", der::kUtf8String, request.state)});
  return der::sequence({tlv(kDirectoryName, locality)});
}

Bytes distribution_point(const CertificateRequest& request) {
  const std::string uri =
      request.crl_uri.empty() ? "https://pkddownload1.icao.int/CRLs/" + request.state + ".crl" : request.crl_uri;
  const Bytes full_name = tlv(0xA0, tlv(kUriName, as_bytes(uri)));
  return der::sequence({der::sequence({tlv(0xA0, full_name)})});
}

Bytes usage_period(const CertificateRequest& request) {
  // GeneralizedTime under implicit tags (RFC 3280, 4.2.1.4).
  const auto retagged = [](Byte tag, Time t) {
    Bytes time = der::generalized_time(t);
    time[0] = tag;
    return time;
  };
  return der::sequence({retagged(0x80, request.not_before), retagged(0x81, request.private_key_until)});
}

bool is_ca_role(CertificateRole role) { return role == CertificateRole::csca || role == CertificateRole::csca_link; }

Bytes document_type_list(const CertificateRequest& request) {
  std::vector<Bytes> types;
  for (const std::string& type : request.document_types) types.push_back(tlv(der::kPrintableString, as_bytes(type)));
  return der::sequence({der::integer(std::uint64_t{0}), der::set_of(types)});
}

// The extensions of Doc 9303-12, 7.1.1, table 5, and our own of status signers; of seal signers 7.1.3, table 8, and no
// other.
Bytes extensions_of(const CertificateRequest& request, ByteView subject_key, ByteView issuer_key) {
  Bytes all;
  const auto add = [&](std::string_view oid, Critical critical, ByteView value) {
    const Bytes one = make_extension(oid, critical, value);
    all.insert(all.end(), one.begin(), one.end());
  };
  const bool ca = is_ca_role(request.role);
  const Bytes authority = authority_key_id_extension(issuer_key);
  all.insert(all.end(), authority.begin(), authority.end());
  const bool names_types =
      request.role == CertificateRole::document_signer || request.role == CertificateRole::seal_signer;
  if (names_types) add(extension::kDocumentTypeList, Critical::no, document_type_list(request));
  if (request.role == CertificateRole::seal_signer) {
    add(extension::kExtendedKeyUsage, Critical::yes, der::sequence({der::object_identifier(kOidSealSigner)}));
    return tlv(kExtensionsTag, tlv(der::kSequence, all));
  }
  add(extension::kSubjectKeyId, Critical::no, der::octet_string(subject_key));
  // keyCertSign and cRLSign (bits 5, 6), or digitalSignature (bit 0), with the count of unused bits before.
  add(extension::kKeyUsage, Critical::yes, tlv(der::kBitString, ca ? Bytes{1, 0x06} : Bytes{7, 0x80}));
  if (ca)
    add(extension::kBasicConstraints, Critical::yes,
        der::sequence({tlv(der::kBoolean, Bytes{0xFF}), der::integer(std::uint64_t{0})}));
  if (request.private_key_until != Time{}) add(extension::kPrivateKeyUsagePeriod, Critical::no, usage_period(request));
  add(extension::kSubjectAltName, Critical::no, alternative_name(request));
  add(extension::kIssuerAltName, Critical::no, alternative_name(request));
  add(extension::kCrlDistributionPoints, Critical::no, distribution_point(request));
  if (request.role == CertificateRole::status_signer)
    add(extension::kExtendedKeyUsage, Critical::yes, der::sequence({der::object_identifier(kOidStatusSigner)}));
  return tlv(kExtensionsTag, tlv(der::kSequence, all));
}

// Positive, never zero, of one length: RFC 5280, 4.1.2.2.
Result<Bytes, CryptoError> random_serial(CertificateRole role) {
  Bytes serial(role == CertificateRole::seal_signer ? kSealSignerSerialOctets : kSerialOctets);
  if (RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) return openssl::failure();
  serial[0] = static_cast<Byte>((serial[0] & 0x7F) | 0x40);
  return serial;
}

// SEQUENCE { to be signed, algorithm, signature } for certificates and lists alike. The key sees a digest only.
Result<Bytes, CryptoError> sign_der(ByteView to_be_signed, const SigningKey& key) {
  const HashAlgorithm hash = hash_for(key.curve());
  PATENT_TRY(const Bytes hashed, digest(hash, to_be_signed));
  PATENT_TRY(const Bytes plain, key.sign_digest(hashed));
  PATENT_TRY(const Bytes signature, ecdsa_plain_to_der(plain));
  return der::sequence({to_be_signed, ecdsa_identifier(hash), der::bit_string(signature)});
}

Bytes subject_der(const Certificate& certificate) {
  return openssl::write_der(i2d_X509_NAME,
                            static_cast<const X509_NAME*>(X509_get_subject_name(certificate.parsed().x509.get())));
}

// What a successor must bear; absent ids are made from the key.
Result<Bytes, CryptoError> key_id_of(const Certificate& certificate) {
  const Bytes id = certificate.subject_key_id();
  if (!id.empty()) return id;
  return key_id(certificate.public_key());
}

Bytes revoked_entry(const RevokedSerial& entry, const Bytes& serial) {
  return der::sequence({der::integer(ByteView(serial)), der::time(entry.since)});
}

}  // namespace

Result<Certificate, CryptoError> issue_certificate(const CertificateRequest& request, const PublicKey& subject_key,
                                                   const Certificate* issuer, const SigningKey& issuer_key) {
  if (!valid_request(request)) return unexpected(CryptoError::bad_encoding);
  if ((issuer == nullptr) != (request.role == CertificateRole::csca)) return unexpected(CryptoError::bad_state);
  if (issuer != nullptr && !issuer->is_ca()) return unexpected(CryptoError::bad_state);
  PATENT_TRY(const Bytes subject_id, key_id(subject_key));
  PATENT_TRY(const Bytes issuer_id, issuer == nullptr ? key_id(subject_key) : key_id_of(*issuer));
  PATENT_TRY(const Bytes serial, random_serial(request.role));
  const Bytes subject = subject_name(request);
  const Bytes to_be_signed = der::sequence({
      tlv(kVersionTag, der::integer(std::uint64_t{2})),
      der::integer(ByteView(serial)),
      ecdsa_identifier(hash_for(issuer_key.curve())),
      issuer == nullptr ? subject : subject_der(*issuer),
      der::sequence({der::time(request.not_before), der::time(request.not_after)}),
      subject,
      subject_key.spki,
      extensions_of(request, subject_id, issuer_id),
  });
  PATENT_TRY(const Bytes whole, sign_der(to_be_signed, issuer_key));
  PATENT_TRY(const Certificate certificate, Certificate::parse(whole));
  PATENT_TRY_VOID(certificate.verify_signed_by(issuer == nullptr ? certificate : *issuer));
  return certificate;
}

Result<RevocationList, CryptoError> issue_revocation_list(const Certificate& issuer, const SigningKey& issuer_key,
                                                          const std::vector<RevokedSerial>& revoked, Time this_update,
                                                          Time next_update, std::uint64_t number) {
  if (!issuer.may_sign_revocation_lists() || next_update <= this_update) return unexpected(CryptoError::bad_state);
  PATENT_TRY(const Bytes issuer_id, key_id_of(issuer));
  Bytes entries;
  for (const RevokedSerial& entry : revoked) {
    const auto serial = from_hex(entry.serial_hex);
    if (!serial || serial->empty()) return unexpected(CryptoError::bad_encoding);
    const Bytes one = revoked_entry(entry, *serial);
    entries.insert(entries.end(), one.begin(), one.end());
  }
  const Bytes number_extension = make_extension(extension::kCrlNumber, Critical::no, der::integer(number));
  const Bytes to_be_signed = der::sequence({
      der::integer(std::uint64_t{1}),
      ecdsa_identifier(hash_for(issuer_key.curve())),
      subject_der(issuer),
      der::time(this_update),
      der::time(next_update),
      entries.empty() ? Bytes{} : tlv(der::kSequence, entries),  // RFC 5280, 5.1.2.6: absent when none
      tlv(kListExtensionsTag, der::sequence({authority_key_id_extension(issuer_id), number_extension})),
  });
  PATENT_TRY(const Bytes whole, sign_der(to_be_signed, issuer_key));
  PATENT_TRY(const RevocationList list, RevocationList::parse(whole));
  PATENT_TRY_VOID(list.verify_signed_by(issuer));
  return list;
}

}  // namespace crypto
