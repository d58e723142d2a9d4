// SPDX-License-Identifier: Apache-2.0
#include "crypto/cv_certificate_make.hpp"

#include "crypto/der.hpp"
#include "crypto/openssl_curve.hpp"
#include "crypto/signature.hpp"

namespace crypto {

namespace {

Bytes octets_of(const BIGNUM* number, std::size_t size) {
  Bytes out(size);
  return BN_bn2binpad(number, out.data(), static_cast<int>(size)) == static_cast<int>(size) ? out : Bytes();
}

// D.3.3: 81 prime, 82 a, 83 b, 84 generator, 85 order, 86 the public point, 87 cofactor.
Result<Bytes, CryptoError> explicit_key(const CvKey& key) {
  const auto index = openssl::index_of(key.curve);
  const openssl::Group group = index ? openssl::make_group(*index) : openssl::Group();
  const openssl::Number p(BN_new()), a(BN_new()), b(BN_new());
  if (!group || !p || !a || !b || EC_GROUP_get_curve(group.get(), p.get(), a.get(), b.get(), nullptr) != 1)
    return unexpected(CryptoError::engine_failure);
  const std::size_t size = field_size(key.curve);
  Bytes generator(point_size(key.curve));
  if (EC_POINT_point2oct(group.get(), EC_GROUP_get0_generator(group.get()), POINT_CONVERSION_UNCOMPRESSED,
                         generator.data(), generator.size(), nullptr) != generator.size())
    return unexpected(CryptoError::engine_failure);
  Bytes out;
  append_tlv(out, 0x81, octets_of(p.get(), size));
  append_tlv(out, 0x82, octets_of(a.get(), size));
  append_tlv(out, 0x83, octets_of(b.get(), size));
  append_tlv(out, 0x84, generator);
  append_tlv(out, 0x85, octets_of(EC_GROUP_get0_order(group.get()), size));
  append_tlv(out, 0x86, key.point.view());
  append_tlv(out, 0x87, std::array<Byte, 1>{1});
  return out;
}

enum class Parameters : bool { inherited, explicitly };

// id-TA-ECDSA-SHA-256, -384, -512.
Result<Bytes, CryptoError> key_object(const CvKey& key, Parameters parameters) {
  Bytes oid(kTerminalAuthenticationOid.begin(), kTerminalAuthenticationOid.end());
  oid.push_back(0x02);
  oid.push_back(key.hash == HashAlgorithm::sha512 ? 0x05 : key.hash == HashAlgorithm::sha384 ? 0x04 : 0x03);
  Bytes inner = tlv(0x86, key.point.view());
  if (parameters == Parameters::explicitly) {
    PATENT_TRY(inner, explicit_key(key));
  }
  return der::constructed(0x7F49, {tlv(0x06, oid), inner});
}

Bytes template_object(CvRole role, const CvRights& rights) {
  const unsigned bits =
      static_cast<unsigned>(role) << 6 | (rights.read_irises ? 0x02U : 0U) | (rights.read_fingerprints ? 0x01U : 0U);
  return der::constructed(0x7F4C, {tlv(0x06, kInspectionOid), tlv(0x53, std::array<Byte, 1>{static_cast<Byte>(bits)})});
}

Bytes extensions_object(const CvRights& rights) {
  if (!rights.append_records) return {};
  const Bytes append = der::constructed(0x73, {tlv(0x06, kAppendRightOid), tlv(0x53, std::array<Byte, 1>{0x01})});
  return tlv(0x65, append);
}

const Bytes& version_object() {
  static const Bytes object = tlv(0x5F29, std::array<Byte, 1>{0});
  return object;
}

Result<Bytes, CryptoError> signature_object(ByteView octets, const SigningKey& key) {
  PATENT_TRY(const Bytes hash, digest(hash_for(key.curve()), octets));
  PATENT_TRY(const Bytes signature, key.sign_digest(hash));
  return tlv(0x5F37, signature);
}

}  // namespace

Result<CvKey, CryptoError> cv_key_of(const SigningKey& key) {
  CvKey out{key.curve(), hash_for(key.curve()), {}};
  // A SubjectPublicKeyInfo ends with the point (RFC 5480, 2.2).
  const Bytes spki = key.public_key().spki;
  const std::size_t size = point_size(key.curve());
  if (spki.size() < size || spki[spki.size() - size] != 0x04 || !out.point.assign(ByteView(spki).last(size)))
    return unexpected(CryptoError::bad_point);
  return out;
}

Result<Bytes, CryptoError> make_cv_certificate(Engine& engine, const CvPlan& plan, const CvKey& subject,
                                               const SigningKey& issuer) {
  const bool authority = plan.role == CvRole::cvca;
  PATENT_TRY(const Bytes key, key_object(subject, authority ? Parameters::explicitly : Parameters::inherited));
  const Bytes body = der::constructed(
      0x7F4E, {version_object(), tlv(0x42, as_bytes(plan.authority)), key, tlv(0x5F20, as_bytes(plan.holder)),
               template_object(plan.role, plan.rights), tlv(0x5F25, cv_date_octets(plan.effective)),
               tlv(0x5F24, cv_date_octets(plan.expires)), extensions_object(plan.rights)});
  PATENT_TRY(const Bytes signature, signature_object(body, issuer));
  Bytes made = der::constructed(0x7F21, {body, signature});
  PATENT_TRY(const CvCertificate read, parse_cv_certificate(made));
  PATENT_TRY(const CvKey issuer_key, cv_key_of(issuer));
  PATENT_TRY_VOID(verify(engine, read, issuer_key));
  return made;
}

Result<Bytes, CryptoError> make_cv_request(Engine& engine, std::string_view holder, std::string_view authority,
                                           const SigningKey& key) {
  PATENT_TRY(const CvKey own, cv_key_of(key));
  PATENT_TRY(const Bytes key_part, key_object(own, Parameters::explicitly));
  const Bytes reference = authority.empty() ? Bytes() : tlv(0x42, as_bytes(authority));
  const Bytes body = der::constructed(0x7F4E, {version_object(), reference, key_part, tlv(0x5F20, as_bytes(holder))});
  PATENT_TRY(const Bytes signature, signature_object(body, key));
  Bytes made = der::constructed(0x7F21, {body, signature});
  PATENT_TRY(const CvRequest read, parse_cv_request(made));
  PATENT_TRY_VOID(verify_own(engine, read));
  return made;
}

Result<Bytes, CryptoError> authenticate_cv_request(Engine& engine, ByteView request, std::string_view authority,
                                                   const SigningKey& signer) {
  const Bytes reference = tlv(0x42, as_bytes(authority));
  Bytes signed_octets(request.begin(), request.end());
  signed_octets.insert(signed_octets.end(), reference.begin(), reference.end());
  PATENT_TRY(const Bytes signature, signature_object(signed_octets, signer));
  Bytes made = der::constructed(0x67, {signed_octets, signature});
  PATENT_TRY(const CvRequest read, parse_cv_request(made));
  PATENT_TRY(const CvKey key, cv_key_of(signer));
  PATENT_TRY_VOID(verify_own(engine, read));
  PATENT_TRY_VOID(verify_outer(engine, read, key));
  return made;
}

}  // namespace crypto
