// SPDX-License-Identifier: Apache-2.0
// Owns card-verifiable certificates and requests for them (BSI TR-03110-3, C and D): read without heap, and checked
// link by link as a chip does.
#pragma once

#include <chrono>

#include "crypto/engine.hpp"
#include "crypto/tlv.hpp"

namespace crypto {

inline constexpr std::size_t kMaxCvCertificate = 2048;  // an RSA certificate of 4096 bits, or a request signed twice
inline constexpr std::size_t kMaxCvReference = 16;      // 2 + 9 + 5 characters (C.1.2)
using CvReference = Buffer<kMaxCvReference>;
using CvDate = std::chrono::sys_days;  // a certificate holds to the end of its last day

// Six digits YYMMDD, one an octet, of this century (D.2.1.3).
using CvDateOctets = std::array<Byte, 6>;
[[nodiscard]] CvDateOctets cv_date_octets(CvDate date);
// Nothing for what is no day.
[[nodiscard]] std::optional<CvDate> parse_cv_date(ByteView octets);

// The two highest bits of a template's authorization (C.4).
enum class CvRole : Byte { terminal = 0, dv_foreign = 1, dv_domestic = 2, cvca = 3 };
enum class CvTemplate : std::uint8_t { inspection, authentication, signature, other };

// What an inspection system may do. The effective rights are those that every certificate of the chain grants.
struct CvRights {
  bool read_fingerprints = false;  // DG3
  bool read_irises = false;        // DG4
  bool append_records = false;     // an extension of our own, 73 { 06 kAppendRightOid, 53 01 }
  bool operator==(const CvRights&) const = default;
};
[[nodiscard]] CvRights operator&(const CvRights& a, const CvRights& b);

// 2.25.187167461089153909031011959088817255715: an OID of our own under the UUID arc, which needs no registration.
inline constexpr std::array<Byte, 20> kAppendRightOid{0x69, 0x82, 0x99, 0xCF, 0x92, 0x93, 0x90, 0xDF, 0xCA, 0xB6,
                                                      0x8F, 0xB8, 0xC1, 0xED, 0xCA, 0x83, 0xE8, 0x98, 0xEA, 0x23};
inline constexpr std::array<Byte, 9> kInspectionOid{0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x02, 0x01};
// id-TA (A.7.2): followed by 01 RSA or 02 ECDSA, and by the hash.
inline constexpr std::array<Byte, 8> kTerminalAuthenticationOid{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02};

enum class CvScheme : std::uint8_t { rsa_pkcs1, rsa_pss, ecdsa };

// Views into the certificate's octets. RSA keys are read and named; this product verifies under ECDSA keys only.
struct CvPublicKey {
  CvScheme scheme = CvScheme::ecdsa;
  HashAlgorithm hash = HashAlgorithm::sha256;
  // Explicit parameters; absent where they are the issuer's.
  struct Domain {
    ByteView prime, a, b, generator, order;
  };
  std::optional<Domain> domain;
  ByteView point;              // ECDSA
  ByteView modulus, exponent;  // RSA
};

// Views into the octets that were parsed.
struct CvCertificate {
  ByteView body;  // what is signed
  ByteView authority, holder;
  CvPublicKey key;
  CvTemplate kind = CvTemplate::inspection;
  CvRole role = CvRole::terminal;
  CvRights rights;  // none for other templates than an inspection system's
  CvDate effective, expires;
  ByteView signature;

  [[nodiscard]] bool self_issued() const;
};
// bad_encoding for what is malformed, unsupported for another version or algorithm than the specification's.
Result<CvCertificate, CryptoError> parse_cv_certificate(ByteView octets);
// The same without the outermost tag and length: body and signature, as PSO: Verify Certificate carries them (B.14.5).
Result<CvCertificate, CryptoError> parse_cv_certificate_content(ByteView octets);

struct CvRequest {
  ByteView body;
  ByteView authority;  // whom the holder expects to sign; may be empty
  ByteView holder;
  CvPublicKey key;
  ByteView signature;  // by the key itself
  // An authenticated request (C.2.2): signed once more, by an older key of the holder or by somebody for it.
  struct Outer {
    ByteView signed_octets, authority, signature;
  };
  std::optional<Outer> outer;
};
Result<CvRequest, CryptoError> parse_cv_request(ByteView octets);

// A key of one of our curves to verify with, in memory of its own.
struct CvKey {
  Curve curve = Curve::secp256r1;
  HashAlgorithm hash = HashAlgorithm::sha256;
  Point point;
};
// The key, on its own curve, or on the inherited one where it names none. unsupported for RSA, for an old hash, for
// another curve; bad_point for a point that is not the curve's.
Result<CvKey, CryptoError> cv_key(Engine& engine, const CvPublicKey& key, std::optional<Curve> inherited);
// bad_signature when it does not hold.
Engine::Outcome verify(Engine& engine, const CvCertificate& certificate, const CvKey& issuer);
// That the request's maker has the key: its inner signature.
Engine::Outcome verify_own(Engine& engine, const CvRequest& request);
// An authenticated request's outer signature.
Engine::Outcome verify_outer(Engine& engine, const CvRequest& request, const CvKey& authority);

// A link of the chain that was verified, or the trust point where it begins: all that a chip keeps of it.
struct CvHolder {
  CvReference reference;
  CvRole role = CvRole::terminal;
  CvRights rights;  // effective
  CvDate effective, expires;
  CvKey key;
};
// A self-signed CVCA certificate as a trust point. Whether to trust it, nothing in it can say.
Result<CvHolder, CryptoError> cv_trust_point(Engine& engine, const CvCertificate& certificate);
// Whether the issuer made this certificate and may have: names, roles, signature, dates on this day (TR-03110-3, 2.5).
// not_found for another issuer's, bad_state for a step of roles that does not hold, expired, else as verify().
Result<CvHolder, CryptoError> accept(Engine& engine, const CvHolder& issuer, const CvCertificate& certificate,
                                     CvDate today);

}  // namespace crypto
