// SPDX-License-Identifier: Apache-2.0
#include "crypto/cv_certificate.hpp"

namespace crypto {

namespace {

// D.2, table: the data objects' tags.
constexpr std::uint32_t kCertificate = 0x7F21, kBody = 0x7F4E, kVersion = 0x5F29, kAuthority = 0x42, kKey = 0x7F49,
                        kHolder = 0x5F20, kTemplate = 0x7F4C, kEffective = 0x5F25, kExpires = 0x5F24,
                        kExtensions = 0x65, kSignature = 0x5F37, kRequest = 0x67, kObjectIdentifier = 0x06,
                        kBits = 0x53, kDiscretionary = 0x73, kUncompressed = 0x04;
constexpr std::size_t kMaxNumber = 512;  // octets: RSA 4096
constexpr std::size_t kMaxExtensions = 8;

constexpr std::array<Byte, 8> kRoleOids{0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x02};  // id-roles; then one octet

struct Algorithm {
  std::array<Byte, 2> arc;  // behind id-TA
  CvScheme scheme;
  HashAlgorithm hash;
};
constexpr std::array<Algorithm, 11> kAlgorithms{{{{1, 1}, CvScheme::rsa_pkcs1, HashAlgorithm::sha1},
                                                 {{1, 2}, CvScheme::rsa_pkcs1, HashAlgorithm::sha256},
                                                 {{1, 3}, CvScheme::rsa_pss, HashAlgorithm::sha1},
                                                 {{1, 4}, CvScheme::rsa_pss, HashAlgorithm::sha256},
                                                 {{1, 5}, CvScheme::rsa_pkcs1, HashAlgorithm::sha512},
                                                 {{1, 6}, CvScheme::rsa_pss, HashAlgorithm::sha512},
                                                 {{2, 1}, CvScheme::ecdsa, HashAlgorithm::sha1},
                                                 {{2, 2}, CvScheme::ecdsa, HashAlgorithm::sha224},
                                                 {{2, 3}, CvScheme::ecdsa, HashAlgorithm::sha256},
                                                 {{2, 4}, CvScheme::ecdsa, HashAlgorithm::sha384},
                                                 {{2, 5}, CvScheme::ecdsa, HashAlgorithm::sha512}}};

constexpr auto malformed = [](TlvError) { return CryptoError::bad_encoding; };

bool starts_with(ByteView octets, ByteView head) {
  return octets.size() >= head.size() && std::ranges::equal(octets.first(head.size()), head);
}

// Objects that stand in a fixed order.
class Fields {
public:
  explicit Fields(ByteView data, TlvForm form = TlvForm::der) : reader_(data, form) {}
  Result<ByteView, CryptoError> value(std::uint32_t tag, std::size_t max_size) {
    PATENT_TRY(const Tlv object, reader_.expect(tag).map_error(malformed));
    if (object.value.empty() || object.value.size() > max_size) return unexpected(CryptoError::bad_encoding);
    return object.value;
  }
  Result<Tlv, CryptoError> object(std::uint32_t tag) { return reader_.expect(tag).map_error(malformed); }
  Result<std::optional<Tlv>, CryptoError> optional(std::uint32_t tag) {
    return reader_.accept(tag).map_error(malformed);
  }
  [[nodiscard]] bool at_end() const { return reader_.at_end(); }
  Engine::Outcome finish() const { return reader_.finish().map_error(malformed); }

private:
  TlvReader reader_;
};

bool digit(Byte c) { return c >= '0' && c <= '9'; }
bool letter(Byte c) { return c >= 'A' && c <= 'Z'; }
bool printable(Byte c) { return (c >= 0x20 && c < 0x7F) || c >= 0xA0; }  // ISO/IEC 8859-1

// C.1.2: country (2), mnemonic (to 9), sequence number (5, digits and letters; its case is left to the issuer).
bool is_reference(ByteView name) {
  if (name.size() < 2 + 5 || name.size() > kMaxCvReference || !letter(name[0]) || !letter(name[1])) return false;
  const ByteView mnemonic = name.subspan(2, name.size() - 7), sequence = name.last(5);
  return std::ranges::all_of(mnemonic, printable) &&
         std::ranges::all_of(sequence, [](Byte c) { return digit(c) || letter(c) || (c >= 'a' && c <= 'z'); });
}

Result<ByteView, CryptoError> read_reference(Fields& fields, std::uint32_t tag) {
  PATENT_TRY(const ByteView name, fields.value(tag, kMaxCvReference));
  if (!is_reference(name)) return unexpected(CryptoError::bad_encoding);
  return name;
}

Result<CvDate, CryptoError> read_date(Fields& fields, std::uint32_t tag) {
  PATENT_TRY(const ByteView octets, fields.value(tag, std::tuple_size_v<CvDateOctets>));
  const auto date = parse_cv_date(octets);
  if (!date) return unexpected(CryptoError::bad_encoding);
  return *date;
}

Result<CvPublicKey, CryptoError> read_algorithm(ByteView oid) {
  if (!starts_with(oid, kTerminalAuthenticationOid) || oid.size() != kTerminalAuthenticationOid.size() + 2)
    return unexpected(CryptoError::unsupported);
  const auto* const found =
      std::ranges::find_if(kAlgorithms, [&](const Algorithm& one) { return std::ranges::equal(one.arc, oid.last(2)); });
  if (found == kAlgorithms.end()) return unexpected(CryptoError::unsupported);
  CvPublicKey key;
  key.scheme = found->scheme;
  key.hash = found->hash;
  return key;
}

// D.3.3: all domain parameters or none; the cofactor of a curve of prime order is 1.
Engine::Outcome read_elliptic_key(Fields& fields, CvPublicKey& key) {
  PATENT_TRY(const auto prime, fields.optional(0x81));
  if (prime) {
    CvPublicKey::Domain domain;
    domain.prime = prime->value;
    PATENT_TRY(domain.a, fields.value(0x82, kMaxFieldSize));
    PATENT_TRY(domain.b, fields.value(0x83, kMaxFieldSize));
    PATENT_TRY(domain.generator, fields.value(0x84, kMaxPointSize));
    PATENT_TRY(domain.order, fields.value(0x85, kMaxFieldSize));
    if (domain.prime.empty() || domain.prime.size() > kMaxFieldSize) return unexpected(CryptoError::bad_encoding);
    key.domain = domain;
  }
  PATENT_TRY(key.point, fields.value(0x86, kMaxPointSize));
  if (key.point[0] != kUncompressed || key.point.size() % 2 == 0) return unexpected(CryptoError::bad_encoding);
  if (!prime) return {};
  PATENT_TRY(const ByteView cofactor, fields.value(0x87, 1));
  if (cofactor[0] != 1) return unexpected(CryptoError::unsupported);
  return {};
}

Result<CvPublicKey, CryptoError> read_key(Fields& body) {
  PATENT_TRY(const Tlv object, body.object(kKey));
  Fields fields(object.value);
  PATENT_TRY(const ByteView oid, fields.value(kObjectIdentifier, 16));
  PATENT_TRY(CvPublicKey key, read_algorithm(oid));
  if (key.scheme == CvScheme::ecdsa) {
    PATENT_TRY_VOID(read_elliptic_key(fields, key));
  } else {
    PATENT_TRY(key.modulus, fields.value(0x81, kMaxNumber));
    PATENT_TRY(key.exponent, fields.value(0x82, 8));
  }
  PATENT_TRY_VOID(fields.finish());
  return key;
}

// C.1.5 and C.4: the holder's role, and an inspection system's rights.
Engine::Outcome read_template(Fields& body, CvCertificate& out) {
  PATENT_TRY(const Tlv object, body.object(kTemplate));
  Fields fields(object.value);
  PATENT_TRY(const ByteView oid, fields.value(kObjectIdentifier, 32));
  PATENT_TRY(const ByteView bits, fields.value(kBits, 16));
  PATENT_TRY_VOID(fields.finish());
  const bool role_arc = starts_with(oid, kRoleOids) && oid.size() == kRoleOids.size() + 1;
  const Byte type = role_arc ? oid.back() : Byte{0};
  out.kind = type == 1   ? CvTemplate::inspection
             : type == 2 ? CvTemplate::authentication
             : type == 3 ? CvTemplate::signature
                         : CvTemplate::other;
  const bool wrong_size =
      (out.kind == CvTemplate::authentication && bits.size() != 5) ||
      ((out.kind == CvTemplate::inspection || out.kind == CvTemplate::signature) && bits.size() != 1);
  if (wrong_size) return unexpected(CryptoError::bad_encoding);
  out.role = static_cast<CvRole>(bits[0] >> 6);
  if (out.kind != CvTemplate::inspection) return {};
  out.rights.read_fingerprints = (bits[0] & 0x01) != 0;
  out.rights.read_irises = (bits[0] & 0x02) != 0;
  return {};
}

// C.3: discretionary templates; only ours means anything here, and may stand there once.
Result<bool, CryptoError> read_extensions(ByteView extensions) {
  Fields all(extensions);
  bool seen = false, append = false;
  for (std::size_t count = 0; !all.at_end(); ++count) {
    PATENT_TRY(const Tlv one, all.object(kDiscretionary));
    Fields fields(one.value);
    PATENT_TRY(const ByteView oid, fields.value(kObjectIdentifier, 32));
    if (count == kMaxExtensions) return unexpected(CryptoError::bad_encoding);
    if (!std::ranges::equal(oid, kAppendRightOid)) continue;
    PATENT_TRY(const ByteView bits, fields.value(kBits, 1));
    PATENT_TRY_VOID(fields.finish());
    if (seen) return unexpected(CryptoError::bad_encoding);
    seen = true;
    append = (bits[0] & 0x01) != 0;  // the others are reserved, and ignored
  }
  return append;
}

Engine::Outcome read_version(Fields& body) {
  PATENT_TRY(const ByteView version, body.value(kVersion, 1));
  if (version[0] != 0) return unexpected(CryptoError::unsupported);
  return {};
}

// The outermost length is not under the signature, and published certificates have it in more octets than needed.
struct Signed {
  ByteView body_value, body, signature;
};
Result<Signed, CryptoError> read_signed(ByteView certificate) {
  Fields fields(certificate);
  PATENT_TRY(const Tlv body, fields.object(kBody));
  PATENT_TRY(const ByteView signature, fields.value(kSignature, kMaxNumber));
  PATENT_TRY_VOID(fields.finish());
  return Signed{body.value, body.whole, signature};
}

Result<Tlv, CryptoError> read_outermost(ByteView octets, std::uint32_t tag) {
  if (octets.size() > kMaxCvCertificate) return unexpected(CryptoError::bad_length);
  return read_only_tlv(octets, tag, TlvForm::ber).map_error(malformed);
}

Result<CvRequest, CryptoError> read_request(ByteView certificate) {
  PATENT_TRY(const Signed parts, read_signed(certificate));
  CvRequest out;
  out.body = parts.body;
  out.signature = parts.signature;
  Fields body(parts.body_value);
  PATENT_TRY_VOID(read_version(body));
  PATENT_TRY(const auto authority, body.optional(kAuthority));
  if (authority) {
    if (!is_reference(authority->value)) return unexpected(CryptoError::bad_encoding);
    out.authority = authority->value;
  }
  PATENT_TRY(out.key, read_key(body));
  PATENT_TRY(out.holder, read_reference(body, kHolder));
  PATENT_TRY(const auto extensions, body.optional(kExtensions));
  if (extensions) PATENT_TRY_VOID(read_extensions(extensions->value));
  PATENT_TRY_VOID(body.finish());
  return out;
}

}  // namespace

CvRights operator&(const CvRights& a, const CvRights& b) {
  return {a.read_fingerprints && b.read_fingerprints, a.read_irises && b.read_irises,
          a.append_records && b.append_records};
}

CvDateOctets cv_date_octets(CvDate date) {
  const std::chrono::year_month_day day(date);
  const std::array numbers{static_cast<unsigned>(static_cast<int>(day.year()) % 100),
                           static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day())};
  CvDateOctets out{};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<Byte>(i % 2 == 0 ? numbers[i / 2] / 10 : numbers[i / 2] % 10);
  return out;
}

std::optional<CvDate> parse_cv_date(ByteView d) {
  if (d.size() != std::tuple_size_v<CvDateOctets> || std::ranges::any_of(d, [](Byte one) { return one > 9; }))
    return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(2000 + 10 * d[0] + d[1]),
                                        std::chrono::month(10U * d[2] + d[3]), std::chrono::day(10U * d[4] + d[5])};
  return day.ok() ? std::optional(CvDate(day)) : std::nullopt;
}

bool CvCertificate::self_issued() const { return std::ranges::equal(authority, holder); }

Result<CvCertificate, CryptoError> parse_cv_certificate(ByteView octets) {
  PATENT_TRY(const Tlv whole, read_outermost(octets, kCertificate));
  return parse_cv_certificate_content(whole.value);
}

Result<CvCertificate, CryptoError> parse_cv_certificate_content(ByteView octets) {
  PATENT_TRY(const Signed parts, read_signed(octets));
  CvCertificate out;
  out.body = parts.body;
  out.signature = parts.signature;
  Fields body(parts.body_value);
  PATENT_TRY_VOID(read_version(body));
  PATENT_TRY(out.authority, read_reference(body, kAuthority));
  PATENT_TRY(out.key, read_key(body));
  PATENT_TRY(out.holder, read_reference(body, kHolder));
  PATENT_TRY_VOID(read_template(body, out));
  PATENT_TRY(out.effective, read_date(body, kEffective));
  PATENT_TRY(out.expires, read_date(body, kExpires));
  if (out.expires < out.effective) return unexpected(CryptoError::bad_encoding);
  PATENT_TRY(const auto extensions, body.optional(kExtensions));
  if (extensions) {
    PATENT_TRY(const bool append, read_extensions(extensions->value));
    out.rights.append_records = append && out.kind == CvTemplate::inspection;
  }
  PATENT_TRY_VOID(body.finish());
  return out;
}

Result<CvRequest, CryptoError> parse_cv_request(ByteView octets) {
  if (octets.empty() || octets[0] != kRequest) {
    PATENT_TRY(const Tlv inner, read_outermost(octets, kCertificate));
    return read_request(inner.value);
  }
  PATENT_TRY(const Tlv whole, read_outermost(octets, kRequest));
  Fields fields(whole.value, TlvForm::ber);
  PATENT_TRY(const Tlv inner, fields.object(kCertificate));
  PATENT_TRY(CvRequest out, read_request(inner.value));
  CvRequest::Outer outer;
  PATENT_TRY(outer.authority, read_reference(fields, kAuthority));
  PATENT_TRY(outer.signature, fields.value(kSignature, kMaxNumber));
  PATENT_TRY_VOID(fields.finish());
  // Signed are the certificate and the reference, which stand side by side (C.2.2).
  const auto end = outer.authority.data() + outer.authority.size() - whole.value.data();
  outer.signed_octets = whole.value.first(static_cast<std::size_t>(end));
  out.outer = outer;
  return out;
}

}  // namespace crypto
