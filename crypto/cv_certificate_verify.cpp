// SPDX-License-Identifier: Apache-2.0
#include "crypto/cv_certificate.hpp"

namespace crypto {

namespace {

// Explicit parameters count only when they are a curve of ours: SHA-256 over prime, a, b, generator and order, each in
// its full length. (Others could be made to fit a public key.)
struct CurvePrint {
  Curve curve;
  std::array<Byte, 32> digest;
};
constexpr std::array<CurvePrint, kCurves.size()> kCurvePrints{
    {{Curve::secp256r1,
      {0x08, 0x15, 0x05, 0x6D, 0x43, 0xF2, 0xB0, 0xAB, 0xEC, 0x34, 0x47, 0xD8, 0xD9, 0xF6, 0x92, 0x13,
       0x97, 0x25, 0x25, 0x67, 0x93, 0x0D, 0x51, 0x9D, 0x53, 0x2B, 0x09, 0x98, 0xDD, 0xB1, 0xDA, 0x88}},
     {Curve::brainpoolP256r1,
      {0x3A, 0xA3, 0xAF, 0xF9, 0x3F, 0x25, 0x11, 0x5B, 0xD3, 0xC8, 0x0B, 0xA6, 0x87, 0x30, 0x72, 0xB2,
       0xC2, 0x56, 0x93, 0x0B, 0x28, 0xFF, 0xF9, 0xD2, 0x14, 0x0E, 0xDF, 0x5E, 0x6E, 0x04, 0x4B, 0x82}},
     {Curve::secp384r1,
      {0xED, 0x45, 0xA0, 0xA3, 0x85, 0xDC, 0xA4, 0x72, 0xBE, 0x65, 0x7E, 0xF6, 0xD7, 0xDB, 0xF0, 0x3E,
       0x97, 0x4D, 0x84, 0xAD, 0xB5, 0x25, 0xE3, 0xB5, 0x1E, 0x21, 0xB9, 0x3C, 0x3A, 0x6E, 0xA7, 0x92}},
     {Curve::brainpoolP384r1,
      {0xFA, 0xE1, 0xC9, 0xCD, 0x3D, 0xB6, 0x63, 0xAD, 0xE7, 0x1D, 0xE3, 0xFC, 0xEB, 0xDC, 0xFA, 0x99,
       0xBF, 0xFE, 0xB3, 0x27, 0x2F, 0xB9, 0x56, 0x2C, 0x3D, 0xE5, 0x2F, 0xD9, 0xD0, 0x3B, 0x3D, 0x18}},
     {Curve::brainpoolP512r1,
      {0xA7, 0xE0, 0x32, 0x56, 0x12, 0xE9, 0xC1, 0x50, 0x7E, 0x7F, 0x25, 0xEB, 0xE4, 0xEB, 0xAB, 0xE2,
       0xA3, 0xFB, 0x82, 0x6F, 0x6C, 0x2F, 0xBB, 0xB7, 0xC3, 0x00, 0x51, 0x86, 0xFA, 0x8A, 0xEA, 0x22}},
     {Curve::secp521r1,
      {0x54, 0x9F, 0x3A, 0x34, 0x32, 0x96, 0x42, 0xEB, 0xC6, 0x46, 0x0A, 0x9C, 0x3A, 0x4F, 0x93, 0x22,
       0x57, 0x22, 0xA4, 0x30, 0xE5, 0xF5, 0x49, 0xEA, 0x49, 0x3A, 0xEC, 0xCC, 0x88, 0x6B, 0xCB, 0x2A}}}};

// A number with the leading zeros that its encoding leaves out; false when it is longer than the field.
bool append_padded(Buffer<6 * kMaxFieldSize + 1>& out, ByteView number, std::size_t size) {
  return number.size() <= size && out.resize(out.size() + size - number.size()) && out.append(number);
}

Result<Curve, CryptoError> named_curve(Engine& engine, const CvPublicKey::Domain& domain) {
  const std::size_t size = domain.prime.size();
  Buffer<6 * kMaxFieldSize + 1> parameters;
  std::array<Byte, 32> digest{};
  const bool fits = append_padded(parameters, domain.prime, size) && append_padded(parameters, domain.a, size) &&
                    append_padded(parameters, domain.b, size) && domain.generator.size() == 1 + 2 * size &&
                    parameters.append(domain.generator) && append_padded(parameters, domain.order, size);
  if (!fits) return unexpected(CryptoError::unsupported);
  PATENT_TRY_VOID(engine.hash(HashAlgorithm::sha256, std::array{parameters.view()}, digest));
  const auto* const found =
      std::ranges::find_if(kCurvePrints, [&](const CurvePrint& one) { return one.digest == digest; });
  if (found == kCurvePrints.end() || field_size(found->curve) != size) return unexpected(CryptoError::unsupported);
  return found->curve;
}

Engine::Outcome verify_octets(Engine& engine, ByteView octets, ByteView signature, const CvKey& key) {
  std::array<Byte, kMaxHashSize> memory{};
  const ByteSpan digest = ByteSpan(memory).first(hash_size(key.hash));
  if (signature.size() != 2 * field_size(key.curve)) return unexpected(CryptoError::bad_signature);
  PATENT_TRY_VOID(engine.hash(key.hash, std::array{octets}, digest));
  return engine.ecdsa_verify(key.curve, key.point, digest, signature);
}

// TR-03110-3, 2.5: CVCA over its link certificates and the document verifiers, these over terminals.
bool may_issue(CvRole issuer, CvRole holder) {
  if (issuer == CvRole::cvca) return holder != CvRole::terminal;
  return issuer != CvRole::terminal && holder == CvRole::terminal;
}

Result<CvHolder, CryptoError> holder_of(const CvCertificate& certificate, const CvRights& rights, CvKey key) {
  CvHolder out;
  if (!out.reference.assign(certificate.holder)) return unexpected(CryptoError::bad_encoding);
  out.role = certificate.role;
  out.rights = rights;
  out.effective = certificate.effective;
  out.expires = certificate.expires;
  out.key = key;
  return out;
}

}  // namespace

Result<CvKey, CryptoError> cv_key(Engine& engine, const CvPublicKey& key, std::optional<Curve> inherited) {
  const bool old_hash = key.hash == HashAlgorithm::sha1 || key.hash == HashAlgorithm::sha224;
  if (key.scheme != CvScheme::ecdsa || old_hash) return unexpected(CryptoError::unsupported);
  CvKey out;
  out.hash = key.hash;
  if (key.domain) {
    PATENT_TRY(out.curve, named_curve(engine, *key.domain));
  } else if (inherited) {
    out.curve = *inherited;
  } else {
    return unexpected(CryptoError::bad_encoding);
  }
  if (key.point.size() != point_size(out.curve) || !out.point.assign(key.point))
    return unexpected(CryptoError::bad_point);
  // Only points of the curve can be added. Behind a link to another the card would trust nobody ever again.
  PATENT_TRY_VOID(engine.ec_add(out.curve, out.point, out.point));
  return out;
}

Engine::Outcome verify(Engine& engine, const CvCertificate& certificate, const CvKey& issuer) {
  return verify_octets(engine, certificate.body, certificate.signature, issuer);
}

Engine::Outcome verify_own(Engine& engine, const CvRequest& request) {
  PATENT_TRY(const CvKey key, cv_key(engine, request.key, std::nullopt));
  return verify_octets(engine, request.body, request.signature, key);
}

Engine::Outcome verify_outer(Engine& engine, const CvRequest& request, const CvKey& authority) {
  if (!request.outer) return unexpected(CryptoError::not_found);
  return verify_octets(engine, request.outer->signed_octets, request.outer->signature, authority);
}

Result<CvHolder, CryptoError> cv_trust_point(Engine& engine, const CvCertificate& certificate) {
  if (certificate.role != CvRole::cvca || !certificate.self_issued()) return unexpected(CryptoError::bad_state);
  PATENT_TRY(const CvKey key, cv_key(engine, certificate.key, std::nullopt));
  PATENT_TRY_VOID(verify(engine, certificate, key));
  return holder_of(certificate, certificate.rights, key);
}

Result<CvHolder, CryptoError> accept(Engine& engine, const CvHolder& issuer, const CvCertificate& certificate,
                                     CvDate today) {
  if (!std::ranges::equal(certificate.authority, issuer.reference.view())) return unexpected(CryptoError::not_found);
  const bool link = certificate.role == CvRole::cvca;
  if (certificate.kind != CvTemplate::inspection || !may_issue(issuer.role, certificate.role) ||
      certificate.self_issued())
    return unexpected(CryptoError::bad_state);
  // Only a CVCA says what the curve is (D.3.3).
  if (certificate.key.domain && !link) return unexpected(CryptoError::bad_encoding);
  PATENT_TRY_VOID(verify(engine, certificate, issuer.key));
  // A chip that was away for long must still learn of a new CVCA: an expired link holds (2.5).
  if (certificate.expires < today && !link) return unexpected(CryptoError::expired);
  PATENT_TRY(const CvKey key, cv_key(engine, certificate.key, issuer.key.curve));
  // A link makes a new trust point, whose rights are its own; below, no one has more than the issuer.
  return holder_of(certificate, link ? certificate.rights : certificate.rights & issuer.rights, key);
}

}  // namespace crypto
