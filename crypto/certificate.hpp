// SPDX-License-Identifier: Apache-2.0
// Owns X.509 certificates and CRLs as ICAO Doc 9303-12 profiles them: reading and making.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/engine.hpp"
#include "crypto/key_vault.hpp"

namespace crypto {

using Time = std::chrono::sys_seconds;

// The extended key usage of status signers: an OID of our own under the UUID arc (ITU-T X.667), which needs no
// registry.
inline constexpr std::string_view kOidStatusSigner = "2.25.283875176364229658380274073979443945891";

// The extended key usage of those who sign master lists (Doc 9303-12, 7.1.1.3).
inline constexpr std::string_view kOidMasterListSigner = "2.23.136.1.1.3";

// The extended key usage of bar code signers, who sign visible digital seals (Doc 9303-12, 7.1.3).
inline constexpr std::string_view kOidSealSigner = "2.23.136.1.1.11.1";

// A parsed certificate. A value: copies share the immutable object below.
class Certificate {
public:
  // DER, exactly one certificate; bad_encoding otherwise.
  static Result<Certificate, CryptoError> parse(ByteView der);

  [[nodiscard]] const Bytes& der() const;
  [[nodiscard]] std::string subject() const;  // RFC 2253 text, UTF-8
  [[nodiscard]] std::string issuer() const;
  [[nodiscard]] std::string country() const;  // the subject's C, upper case; empty when absent
  [[nodiscard]] std::string seal_signer_identifier() const;  // C and CN, as seals name their signer: "RUPS"
  [[nodiscard]] std::string serial_hex() const;
  [[nodiscard]] Bytes subject_key_id() const;  // empty when absent
  [[nodiscard]] Bytes authority_key_id() const;
  [[nodiscard]] Bytes fingerprint() const;  // SHA-256 of the DER
  [[nodiscard]] Time not_before() const;
  [[nodiscard]] Time not_after() const;
  [[nodiscard]] bool valid_at(Time t) const { return not_before() <= t && t <= not_after(); }
  [[nodiscard]] bool is_ca() const;     // basic constraints cA, key usage keyCertSign
  [[nodiscard]] bool may_sign() const;  // key usage digitalSignature
  // The purposes exclude each other, so that a status signer can never sign an EF.SOD nor a document signer a status
  // record. A document signer has no extended key usage: Doc 9303-12 gives that to list signers and the like; version
  // 3, an authority key identifier and a critical key usage it must have (7.1.1).
  [[nodiscard]] bool is_document_signer() const;
  [[nodiscard]] bool is_status_signer() const;       // critical extended key usage kOidStatusSigner, and no other
  [[nodiscard]] bool is_master_list_signer() const;  // the same with kOidMasterListSigner
  // The same with kOidSealSigner, without a key usage: the profile has no place for one (7.1.3, table 8).
  [[nodiscard]] bool is_seal_signer() const;
  [[nodiscard]] bool may_sign_revocation_lists() const;             // a CA with key usage cRLSign
  [[nodiscard]] std::vector<std::string> document_types() const;    // documentTypeList; empty when absent
  [[nodiscard]] std::optional<Time> private_key_not_after() const;  // privateKeyUsagePeriod
  [[nodiscard]] bool self_issued() const;
  [[nodiscard]] std::string key_description() const;  // "ECDSA secp384r1", "RSA 4096"; empty when not usable
  [[nodiscard]] PublicKey public_key() const;
  [[nodiscard]] std::optional<HashAlgorithm> signature_hash() const;  // of the signature on it; policies refuse SHA-1

  // The signature on this certificate, under `issuer`'s key. Names, dates and roles are not looked at.
  Engine::Outcome verify_signed_by(const Certificate& issuer) const;
  // A signature (DER ECDSA-Sig-Value or RSA) over `message`, under this certificate's key.
  Engine::Outcome verify_signature(HashAlgorithm hash, ByteView message, ByteView signature) const;
  // The same for a plain signature r || s (BSI TR-03111, 5.2.1).
  Engine::Outcome verify_plain_signature(HashAlgorithm hash, ByteView message, ByteView signature) const;

  struct Parsed;
  [[nodiscard]] const Parsed& parsed() const { return *parsed_; }

private:
  explicit Certificate(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

struct RevokedSerial {
  std::string serial_hex;
  Time since{};
};

// A certificate revocation list of one CSCA.
class RevocationList {
public:
  static Result<RevocationList, CryptoError> parse(ByteView der);
  [[nodiscard]] const Bytes& der() const;
  [[nodiscard]] std::string issuer() const;
  [[nodiscard]] Time this_update() const;
  [[nodiscard]] std::optional<Time> next_update() const;
  // By issuer's name and serial number. The list's signature is the caller's affair.
  [[nodiscard]] bool revokes(const Certificate& certificate) const;
  [[nodiscard]] std::vector<RevokedSerial> entries() const;
  [[nodiscard]] std::uint64_t number() const;  // 0 when absent
  Engine::Outcome verify_signed_by(const Certificate& issuer) const;

  struct Parsed;
  [[nodiscard]] const Parsed& parsed() const { return *parsed_; }

private:
  explicit RevocationList(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

// What the certificate is made for; each role has the extensions of Doc 9303-12, table 3 ff.
enum class CertificateRole : std::uint8_t { csca, csca_link, document_signer, status_signer, seal_signer };

// The letters of a UTF-8 text, as the upper bounds of X.520 count them.
inline constexpr std::size_t kMaxNameLetters = 64;
[[nodiscard]] constexpr std::size_t letters_of(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<Byte>(c) & 0xC0) != 0x80; }));
}

struct CertificateRequest {
  CertificateRole role = CertificateRole::document_signer;
  std::string country = "RU";  // C
  std::string organization;    // O; empty for a seal signer
  std::string common_name;     // CN; of a seal signer two capital letters, with C the identifier in its seals
  Time not_before{};
  Time not_after{};
  Time private_key_until{};   // privateKeyUsagePeriod notAfter; unused for the CSCA when zero
  std::string state = "RUS";  // L of the alternative names: the three-letter code in the documents
  std::vector<std::string> document_types = {"IW"};  // documentTypeList of a document or seal signer
  std::string crl_uri;  // CRL distribution point; empty: the state's list in ICAO's public key directory
};

// Issues a certificate for `subject_key` signed by `issuer_key` and verifies it before it is handed out.
// A self-signed CSCA has issuer == nullptr and issuer_key == subject_key; a link certificate is role csca_link with the
// OLD CSCA as issuer and the new CSCA's key as subject.
Result<Certificate, CryptoError> issue_certificate(const CertificateRequest& request, const PublicKey& subject_key,
                                                   const Certificate* issuer, const SigningKey& issuer_key);

Result<RevocationList, CryptoError> issue_revocation_list(const Certificate& issuer, const SigningKey& issuer_key,
                                                          const std::vector<RevokedSerial>& revoked, Time this_update,
                                                          Time next_update, std::uint64_t number);

}  // namespace crypto
