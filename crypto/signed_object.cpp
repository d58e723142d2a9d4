// SPDX-License-Identifier: Apache-2.0
#include "crypto/signed_object.hpp"

#include "crypto/ber.hpp"
#include "crypto/der.hpp"
#include "crypto/parsed_certificate.hpp"
#include "crypto/parsed_signed_object.hpp"
#include "crypto/signature.hpp"

namespace crypto {

namespace {

constexpr std::size_t kMaxCertificates = 8;
constexpr std::size_t kMaxSigners = 4;
constexpr Byte kSignedDataVersion = 3;                     // RFC 5652, 5.1: the content is not id-data
constexpr Byte kVersionByIssuer = 1, kVersionByKeyId = 3;  // 5.3

CryptoError malformed(TlvError) { return CryptoError::bad_encoding; }

// Reads on with this module's error.
class Fields {
public:
  explicit Fields(ByteView data) : reader_(data, TlvForm::ber) {}
  Result<Tlv, CryptoError> expect(std::uint32_t tag) { return reader_.expect(tag).map_error(malformed); }
  Result<std::optional<Tlv>, CryptoError> accept(std::uint32_t tag) { return reader_.accept(tag).map_error(malformed); }
  Result<Tlv, CryptoError> only(std::uint32_t tag) {
    PATENT_TRY(const Tlv object, expect(tag));
    PATENT_TRY_VOID(finish());
    return object;
  }
  Engine::Outcome finish() const { return reader_.finish().map_error(malformed); }
  [[nodiscard]] bool at_end() const { return reader_.at_end(); }

private:
  TlvReader reader_;
};

Result<Byte, CryptoError> read_version(Fields& fields) {
  PATENT_TRY(const Tlv version, fields.expect(der::kInteger));
  if (version.value.size() != 1) return unexpected(CryptoError::bad_encoding);
  return version.value[0];
}

Engine::Outcome read_content(ByteView encapsulated, SignedObject::Parsed& out) {
  Fields fields(encapsulated);
  PATENT_TRY(const Tlv type, fields.expect(der::kObjectIdentifier));
  PATENT_TRY(const Tlv wrapper, fields.only(tag::kContext0));
  PATENT_TRY(const Tlv content, Fields(wrapper.value).only(der::kOctetString));
  out.content_type = der::dotted(type.whole);
  out.content.assign(content.value.begin(), content.value.end());
  if (out.content_type.empty()) return unexpected(CryptoError::bad_encoding);
  return {};
}

Engine::Outcome read_certificates(ByteView set, const Certificate* known, SignedObject::Parsed& out) {
  for (Fields fields(set); !fields.at_end();) {
    if (out.certificates.size() == kMaxCertificates) return unexpected(CryptoError::bad_encoding);
    PATENT_TRY(const Tlv one, fields.expect(der::kSequence));
    const bool is_known = known != nullptr && std::ranges::equal(known->der(), one.whole);
    PATENT_TRY(Certificate certificate, is_known ? *known : Certificate::parse(one.whole));
    out.certificates.push_back(std::move(certificate));
  }
  return {};
}

// A signer without his digest among the announced ones is not the signer of this object.
Engine::Outcome check_announced(ByteView digests, HashAlgorithm hash) {
  bool announced = false;
  for (Fields fields(digests); !fields.at_end();) {
    PATENT_TRY(const Tlv identifier, fields.expect(der::kSequence));
    const auto one = read_hash_identifier(identifier.whole);
    announced = announced || (one && *one == hash);
  }
  if (!announced) return unexpected(CryptoError::bad_encoding);
  return {};
}

// Each of the attributes that count must stand there once, with one value (RFC 5652, 11).
Engine::Outcome set_once(Bytes& out, ByteView values) {
  TlvReader reader(values, TlvForm::ber);
  PATENT_TRY(const Tlv value, reader.next().map_error(malformed));
  PATENT_TRY_VOID(reader.finish().map_error(malformed));
  if (!out.empty()) return unexpected(CryptoError::bad_encoding);
  out.assign(value.whole.begin(), value.whole.end());
  return {};
}

Engine::Outcome read_attributes(ByteView set, Signer& out) {
  Bytes type, signing_time;
  for (Fields fields(set); !fields.at_end();) {
    PATENT_TRY(const Tlv attribute, fields.expect(der::kSequence));
    Fields parts(attribute.value);
    PATENT_TRY(const Tlv oid, parts.expect(der::kObjectIdentifier));
    PATENT_TRY(const Tlv values, parts.only(der::kSet));
    const std::string name = der::dotted(oid.whole);
    if (name == attribute::kContentType) PATENT_TRY_VOID(set_once(type, values.value));
    if (name == attribute::kMessageDigest) PATENT_TRY_VOID(set_once(out.message_digest, values.value));
    if (name == attribute::kSigningTime) PATENT_TRY_VOID(set_once(signing_time, values.value));
  }
  if (type.empty() || out.message_digest.empty()) return unexpected(CryptoError::bad_encoding);
  out.content_type = der::dotted(type);
  PATENT_TRY(const Tlv digest, Fields(out.message_digest).only(der::kOctetString));
  out.message_digest = Bytes(digest.value.begin(), digest.value.end());
  if (signing_time.empty()) return {};
  const auto time = openssl::read_der<openssl::TimeHandle>(d2i_ASN1_TIME, signing_time);
  out.signing_time = read_time(time.get());
  if (!out.signing_time) return unexpected(CryptoError::bad_encoding);
  return {};
}

// RDNSequence; OpenSSL also takes a SET that says it is primitive.
Engine::Outcome check_name(ByteView name) {
  for (Fields sets(name); !sets.at_end();) {
    PATENT_TRY(const Tlv set, sets.expect(der::kSet));
    for (Fields attributes(set.value); !attributes.at_end();) PATENT_TRY_VOID(attributes.expect(der::kSequence));
  }
  return {};
}

Engine::Outcome read_signer_id(Fields& fields, Byte version, Signer& out) {
  PATENT_TRY(const auto key_id, fields.accept(tag::kContext0Primitive));
  if (key_id) {
    // Some states name the signer so and keep the version of the other form.
    if (version != kVersionByKeyId && version != kVersionByIssuer) return unexpected(CryptoError::bad_encoding);
    out.key_id.assign(key_id->value.begin(), key_id->value.end());
    if (out.key_id.empty()) return unexpected(CryptoError::bad_encoding);
    return {};
  }
  if (version != kVersionByIssuer) return unexpected(CryptoError::bad_encoding);
  PATENT_TRY(const Tlv id, fields.expect(der::kSequence));
  Fields parts(id.value);
  PATENT_TRY(const Tlv issuer, parts.expect(der::kSequence));
  PATENT_TRY(const Tlv serial, parts.only(der::kInteger));
  PATENT_TRY_VOID(check_name(issuer.value));
  out.issuer = openssl::read_der<openssl::NameHandle>(d2i_X509_NAME, issuer.whole);
  out.serial = openssl::read_der<openssl::IntegerHandle>(d2i_ASN1_INTEGER, serial.whole);
  if (!out.issuer || !out.serial) return unexpected(CryptoError::bad_encoding);
  return {};
}

Result<Signer, CryptoError> read_signer(ByteView signer_info) {
  Signer out;
  Fields fields(signer_info);
  PATENT_TRY(const Byte version, read_version(fields));
  PATENT_TRY_VOID(read_signer_id(fields, version, out));
  PATENT_TRY(const Tlv digest, fields.expect(der::kSequence));
  PATENT_TRY(out.digest, read_hash_identifier(digest.whole));
  PATENT_TRY(const Tlv attributes, fields.expect(tag::kContext0));
  PATENT_TRY_VOID(read_attributes(attributes.value, out));
  // Signed is the set under its universal tag (RFC 5652, 5.4).
  out.signed_attributes.assign(attributes.whole.begin(), attributes.whole.end());
  out.signed_attributes[0] = static_cast<Byte>(der::kSet);
  PATENT_TRY(const Tlv algorithm, fields.expect(der::kSequence));
  PATENT_TRY(out.scheme, read_signature_identifier(algorithm.whole, out.digest));
  PATENT_TRY(const Tlv signature, fields.expect(der::kOctetString));
  out.signature.assign(signature.value.begin(), signature.value.end());
  PATENT_TRY_VOID(fields.accept(tag::kContext1));  // unsigned attributes
  PATENT_TRY_VOID(fields.finish());
  return out;
}

bool names(const Signer& signer, const Certificate& certificate) {
  if (!signer.issuer) return certificate.subject_key_id() == signer.key_id;
  X509* const x509 = certificate.parsed().x509.get();
  // Another string type for the same text is met in the field; other letters are somebody else's name.
  return same_name(signer.issuer.get(), X509_get_issuer_name(x509)) &&
         name_text(signer.issuer.get()) == certificate.issuer() &&
         ASN1_INTEGER_cmp(signer.serial.get(), X509_get0_serialNumber(x509)) == 0;
}

// Doc 9303-10, 4.6.2.2 recommends one signer and allows more. Of those whose certificate is inside and whose algorithms
// are known the one with the longest digest counts: their order is not signed. The others do not vouch for anything.
Result<Signer, CryptoError> read_signers(ByteView set, const std::vector<Certificate>& certificates) {
  std::vector<ByteView> seen;
  std::optional<Signer> best;
  CryptoError refusal = CryptoError::bad_encoding;
  const auto rank = [&](const Signer& signer) {
    const bool inside = std::ranges::any_of(certificates, [&](const auto& one) { return names(signer, one); });
    return std::pair(inside, hash_size(signer.digest));
  };
  for (Fields fields(set); !fields.at_end();) {
    PATENT_TRY(const Tlv info, fields.expect(der::kSequence));
    const bool doubled = std::ranges::any_of(seen, [&](ByteView one) { return std::ranges::equal(one, info.whole); });
    if (doubled || seen.size() == kMaxSigners) return unexpected(CryptoError::bad_encoding);
    seen.push_back(info.whole);
    auto signer = read_signer(info.value);
    if (!signer && signer.error() != CryptoError::unsupported) return signer;
    if (!signer) refusal = signer.error();
    if (signer && (!best || rank(*signer) > rank(*best))) best = *std::move(signer);
  }
  if (!best) return unexpected(refusal);
  return *std::move(best);
}

Engine::Outcome read_signed_data(ByteView signed_data, const Certificate* known, SignedObject::Parsed& out) {
  Fields fields(signed_data);
  PATENT_TRY(const Byte version, read_version(fields));
  if (version != kSignedDataVersion) return unexpected(CryptoError::bad_encoding);
  PATENT_TRY(const Tlv digests, fields.expect(der::kSet));
  PATENT_TRY(const Tlv encapsulated, fields.expect(der::kSequence));
  PATENT_TRY_VOID(read_content(encapsulated.value, out));
  PATENT_TRY(const auto certificates, fields.accept(tag::kContext0));
  if (certificates) PATENT_TRY_VOID(read_certificates(certificates->value, known, out));
  PATENT_TRY_VOID(fields.accept(tag::kContext1));  // revocation lists: a reader has its own
  PATENT_TRY(const Tlv signers, fields.only(der::kSet));
  PATENT_TRY(out.signer, read_signers(signers.value, out.certificates));
  return check_announced(digests.value, out.signer.digest);
}

}  // namespace

Result<std::shared_ptr<const SignedObject::Parsed>, CryptoError> read_signed_object(ByteView der, std::size_t max_size,
                                                                                    const Certificate* known) {
  if (der.size() > max_size) return unexpected(CryptoError::bad_encoding);
  PATENT_TRY(const Bytes whole, with_definite_lengths(der).map_error(malformed));
  PATENT_TRY(const Tlv content_info, Fields(whole).only(der::kSequence));
  Fields fields(content_info.value);
  PATENT_TRY(const Tlv type, fields.expect(der::kObjectIdentifier));
  PATENT_TRY(const Tlv wrapper, fields.only(tag::kContext0));
  if (der::dotted(type.whole) != kSignedData) return unexpected(CryptoError::bad_encoding);
  PATENT_TRY(const Tlv signed_data, Fields(wrapper.value).only(der::kSequence));
  auto parsed = std::make_shared<SignedObject::Parsed>();
  PATENT_TRY_VOID(read_signed_data(signed_data.value, known, *parsed));
  return parsed;
}

Engine::Outcome verify(const SignedObject::Parsed& object, const Certificate& certificate) {
  const Signer& signer = object.signer;
  if (!names(signer, certificate)) return unexpected(CryptoError::bad_signature);
  // RFC 5652, 11.1: or a signature over one kind of content could be passed off as over another.
  if (signer.content_type != object.content_type) return unexpected(CryptoError::bad_signature);
  PATENT_TRY(const Bytes hashed, digest(signer.digest, object.content));
  if (hashed != signer.message_digest) return unexpected(CryptoError::bad_signature);
  return verify(X509_get0_pubkey(certificate.parsed().x509.get()), signer.scheme, signer.signed_attributes,
                signer.signature);
}

Result<SignedObject, CryptoError> SignedObject::parse(ByteView der, std::size_t max_size) {
  PATENT_TRY(auto parsed, read_signed_object(der, max_size));
  return SignedObject(std::move(parsed));
}

std::string SignedObject::content_type() const { return parsed_->content_type; }
const Bytes& SignedObject::content() const { return parsed_->content; }
const std::vector<Certificate>& SignedObject::certificates() const { return parsed_->certificates; }
std::optional<HashAlgorithm> SignedObject::digest() const { return parsed_->signer.digest; }
std::optional<Time> SignedObject::signing_time() const { return parsed_->signer.signing_time; }

std::optional<Certificate> SignedObject::signer() const {
  for (const Certificate& certificate : certificates())
    if (names(parsed_->signer, certificate)) return certificate;
  return std::nullopt;
}

Engine::Outcome SignedObject::verify(const Certificate& signer) const { return crypto::verify(*parsed_, signer); }

}  // namespace crypto
