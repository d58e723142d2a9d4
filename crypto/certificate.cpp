// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificate.hpp"

#include "crypto/der.hpp"
#include "crypto/parsed_certificate.hpp"
#include "crypto/signature.hpp"

namespace crypto {

namespace {

using UsagePeriodHandle = openssl::Handle<PKEY_USAGE_PERIOD, PKEY_USAGE_PERIOD_free>;
using ExtendedKeyUsageHandle = openssl::Handle<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;

constexpr std::string_view kDocumentTypeList = "2.23.136.1.1.6.2";  // Doc 9303-12, 7.1.1.6

X509* x509_of(const Certificate& certificate) { return certificate.parsed().x509.get(); }

// Fails closed: no usage when an extension is malformed, unknown and critical, or when keyUsage is absent.
bool has_key_usage(X509* x509, std::uint32_t usage) {
  const std::uint32_t flags = X509_get_extension_flags(x509);
  if ((flags & (EXFLAG_INVALID | EXFLAG_CRITICAL)) != 0 || (flags & EXFLAG_KUSAGE) == 0) return false;
  return (X509_get_key_usage(x509) & usage) != 0;
}

// The first entry of this kind in the subject, cut to a few letters; empty when there is none.
std::string name_entry(const X509* x509, int kind) {
  std::array<char, 8> text{};
  const int size =
      X509_NAME_get_text_by_NID(X509_get_subject_name(x509), kind, text.data(), static_cast<int>(text.size()));
  return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

const X509_EXTENSION* find_extension(const X509* x509, std::string_view oid) {
  const openssl::ObjectHandle object(OBJ_txt2obj(std::string(oid).c_str(), 1));
  const int index = object ? X509_get_ext_by_OBJ(x509, object.get(), -1) : -1;
  return index < 0 ? nullptr : X509_get_ext(x509, index);
}

// Whether a critical extended key usage names this purpose and no other.
bool is_only_for(const X509* x509, std::string_view purpose) {
  int critical = 0;
  const ExtendedKeyUsageHandle usages(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(x509, NID_ext_key_usage, &critical, nullptr)));
  if (!usages || critical != 1 || sk_ASN1_OBJECT_num(usages.get()) != 1) return false;
  const openssl::ObjectHandle wanted(OBJ_txt2obj(std::string(purpose).c_str(), 1));
  return wanted && OBJ_cmp(sk_ASN1_OBJECT_value(usages.get(), 0), wanted.get()) == 0;
}

Result<std::vector<std::string>, TlvError> read_document_types(ByteView extension) {
  PATENT_TRY(const Tlv whole, read_only_tlv(extension, der::kSequence));
  TlvReader reader(whole.value);
  PATENT_TRY_VOID(reader.expect(der::kInteger));
  PATENT_TRY(const Tlv list, reader.expect(der::kSet));
  std::vector<std::string> types;
  for (TlvReader items(list.value); !items.at_end();) {
    PATENT_TRY(const Tlv type, items.expect(der::kPrintableString));
    types.emplace_back(type.value.begin(), type.value.end());
  }
  return types;
}

}  // namespace

bool same_name(const X509_NAME* a, const X509_NAME* b) { return X509_NAME_cmp(a, b) == 0; }

std::string name_text(const X509_NAME* name) {
  const openssl::BioHandle out(BIO_new(BIO_s_mem()));
  if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string integer_hex(const ASN1_INTEGER* integer) { return to_hex(octets_of(integer)); }

Bytes octets_of(const ASN1_STRING* string) {
  if (string == nullptr) return {};
  const unsigned char* data = ASN1_STRING_get0_data(string);
  return {data, data + ASN1_STRING_length(string)};
}

std::optional<Time> read_time(const ASN1_TIME* time) {
  std::tm broken{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &broken) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  const std::chrono::sys_days day = std::chrono::year(broken.tm_year + 1900) /
                                    std::chrono::month(static_cast<unsigned>(broken.tm_mon + 1)) /
                                    std::chrono::day(static_cast<unsigned>(broken.tm_mday));
  return day + std::chrono::hours(broken.tm_hour) + std::chrono::minutes(broken.tm_min) +
         std::chrono::seconds(broken.tm_sec);
}

Result<Certificate, CryptoError> Certificate::parse(ByteView der) {
  if (der.size() > kMaxCertificate || !read_only_tlv(der, der::kSequence)) return unexpected(CryptoError::bad_encoding);
  const auto parsed = std::make_shared<Parsed>();
  parsed->x509 = openssl::read_der<openssl::CertificateHandle>(d2i_X509, der);
  if (!parsed->x509) return unexpected(CryptoError::bad_encoding);
  const auto not_before = read_time(X509_get0_notBefore(parsed->x509.get()));
  const auto not_after = read_time(X509_get0_notAfter(parsed->x509.get()));
  if (!not_before || !not_after) return unexpected(CryptoError::bad_encoding);
  parsed->der.assign(der.begin(), der.end());
  parsed->not_before = *not_before;
  parsed->not_after = *not_after;
  return Certificate(parsed);
}

const Bytes& Certificate::der() const { return parsed_->der; }
std::string Certificate::subject() const { return name_text(X509_get_subject_name(x509_of(*this))); }
std::string Certificate::issuer() const { return name_text(X509_get_issuer_name(x509_of(*this))); }
std::string Certificate::serial_hex() const { return integer_hex(X509_get0_serialNumber(x509_of(*this))); }
Time Certificate::not_before() const { return parsed_->not_before; }
Time Certificate::not_after() const { return parsed_->not_after; }
Bytes Certificate::subject_key_id() const { return octets_of(X509_get0_subject_key_id(x509_of(*this))); }
Bytes Certificate::authority_key_id() const { return octets_of(X509_get0_authority_key_id(x509_of(*this))); }

std::string Certificate::country() const {
  std::string country = name_entry(x509_of(*this), NID_countryName);
  for (char& letter : country)
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  return country;
}

std::string Certificate::seal_signer_identifier() const {
  return country() + name_entry(x509_of(*this), NID_commonName);
}

Bytes Certificate::fingerprint() const { return digest(HashAlgorithm::sha256, der()).value_or(Bytes{}); }

bool Certificate::is_ca() const {
  return (X509_get_extension_flags(x509_of(*this)) & EXFLAG_CA) != 0 && has_key_usage(x509_of(*this), KU_KEY_CERT_SIGN);
}

bool Certificate::may_sign_revocation_lists() const { return is_ca() && has_key_usage(x509_of(*this), KU_CRL_SIGN); }

bool Certificate::may_sign() const { return has_key_usage(x509_of(*this), KU_DIGITAL_SIGNATURE); }

bool Certificate::is_document_signer() const {
  const X509_EXTENSION* const usage = find_extension(x509_of(*this), "2.5.29.15");
  const bool profiled = X509_get_version(x509_of(*this)) == X509_VERSION_3 && !authority_key_id().empty() &&
                        usage != nullptr && X509_EXTENSION_get_critical(usage) == 1;
  return profiled && may_sign() && !is_ca() && find_extension(x509_of(*this), "2.5.29.37") == nullptr;
}

bool Certificate::is_status_signer() const {
  return may_sign() && !is_ca() && is_only_for(x509_of(*this), kOidStatusSigner);
}

bool Certificate::is_master_list_signer() const {
  return may_sign() && !is_ca() && is_only_for(x509_of(*this), kOidMasterListSigner);
}

bool Certificate::is_seal_signer() const { return !is_ca() && is_only_for(x509_of(*this), kOidSealSigner); }

std::vector<std::string> Certificate::document_types() const {
  const X509_EXTENSION* extension = find_extension(x509_of(*this), kDocumentTypeList);
  if (extension == nullptr) return {};
  const Bytes value = octets_of(X509_EXTENSION_get_data(const_cast<X509_EXTENSION*>(extension)));
  return read_document_types(value).value_or(std::vector<std::string>{});
}

std::optional<Time> Certificate::private_key_not_after() const {
  const UsagePeriodHandle period(static_cast<PKEY_USAGE_PERIOD*>(
      X509_get_ext_d2i(x509_of(*this), NID_private_key_usage_period, nullptr, nullptr)));
  return period ? read_time(period->notAfter) : std::nullopt;
}

bool Certificate::self_issued() const {
  return same_name(X509_get_subject_name(x509_of(*this)), X509_get_issuer_name(x509_of(*this)));
}

std::string Certificate::key_description() const { return describe_key(X509_get0_pubkey(x509_of(*this))); }

std::optional<HashAlgorithm> Certificate::signature_hash() const {
  int hash = NID_undef;
  if (X509_get_signature_info(x509_of(*this), &hash, nullptr, nullptr, nullptr) != 1) ERR_clear_error();
  for (const HashAlgorithm known : {HashAlgorithm::sha1, HashAlgorithm::sha224, HashAlgorithm::sha256,
                                    HashAlgorithm::sha384, HashAlgorithm::sha512})
    if (EVP_MD_get_type(evp_digest(known)) == hash) return known;
  return std::nullopt;
}

PublicKey Certificate::public_key() const {
  return {openssl::write_der(i2d_PUBKEY, static_cast<const EVP_PKEY*>(X509_get0_pubkey(x509_of(*this))))};
}

Engine::Outcome Certificate::verify_signed_by(const Certificate& issuer) const {
  EVP_PKEY* const key = X509_get0_pubkey(x509_of(issuer));
  PATENT_TRY_VOID(usable_key(key));
  if (!signature_hash()) return unexpected(CryptoError::unsupported);
  if (X509_verify(x509_of(*this), key) != 1) return openssl::failure(CryptoError::bad_signature);
  return {};
}

bool is_self_signed(const Certificate& certificate) {
  const auto& parsed = certificate.parsed();
  std::call_once(parsed.self_signed_once, [&] {
    parsed.self_signed = certificate.self_issued() && certificate.verify_signed_by(certificate).has_value();
  });
  return parsed.self_signed;
}

Engine::Outcome Certificate::verify_signature(HashAlgorithm hash, ByteView message, ByteView signature) const {
  EVP_PKEY* const key = X509_get0_pubkey(x509_of(*this));
  const bool ec = key != nullptr && EVP_PKEY_is_a(key, "EC") == 1;
  const SignatureScheme scheme{ec ? SignatureKind::ecdsa : SignatureKind::rsa_pkcs1, hash, hash, 0};
  return verify(key, scheme, message, signature);
}

Engine::Outcome Certificate::verify_plain_signature(HashAlgorithm hash, ByteView message, ByteView signature) const {
  EVP_PKEY* const key = X509_get0_pubkey(x509_of(*this));
  PATENT_TRY_VOID(usable_key(key));
  if (EVP_PKEY_is_a(key, "EC") != 1) return unexpected(CryptoError::unsupported);
  const auto field = static_cast<std::size_t>(EVP_PKEY_get_bits(key) + 7) / 8;
  if (signature.size() != 2 * field) return unexpected(CryptoError::bad_signature);
  PATENT_TRY(const Bytes der, ecdsa_plain_to_der(signature));
  return verify(key, {SignatureKind::ecdsa, hash, hash, 0}, message, der);
}

}  // namespace crypto
