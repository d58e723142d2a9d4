// SPDX-License-Identifier: Apache-2.0
// Owns CMS SignedData (RFC 5652) as ICAO security objects use it. Ours have one signer, its certificate inside.
#pragma once

#include <optional>
#include <string_view>

#include "crypto/certificate.hpp"

namespace crypto {

inline constexpr std::string_view kOidLdsSecurityObject = "2.23.136.1.1.1";    // EF.SOD, Doc 9303-10, 4.6.2
inline constexpr std::string_view kOidSecurityObject = "0.4.0.127.0.7.3.2.1";  // EF.CardSecurity, TR-03110-3, A.1.2.5

// Makes a SignedData (version 3, attached content, signed attributes contentType, messageDigest and signingTime,
// ECDSA with `hash`, the signer's certificate inside), then verifies it. DER.
Result<Bytes, CryptoError> sign_object(std::string_view content_type_oid, ByteView content, HashAlgorithm hash,
                                       const Certificate& signer, const SigningKey& key, Time signing_time);

inline constexpr std::size_t kMaxSecurityObject = 64 * 1024;

// A SignedData taken apart; nothing is believed yet. What is signed is judged in the octets as they are: nothing is
// encoded again but what crypto/ber.hpp undoes.
class SignedObject {
public:
  // DER, or BER as some states write it. bad_encoding also for what ICAO's profile excludes (Doc 9303-10, 4.6.2.2):
  // another version than 3, content that is elsewhere, no signer or one twice, no signed attributes; unsupported when
  // no signer's algorithms are in engine.hpp. Of several signers one counts: see signer().
  static Result<SignedObject, CryptoError> parse(ByteView der, std::size_t max_size = kMaxSecurityObject);

  [[nodiscard]] std::string content_type() const;  // dotted
  [[nodiscard]] const Bytes& content() const;      // the eContent's octets
  [[nodiscard]] const std::vector<Certificate>& certificates() const;
  // The certificate that the SignerInfo names by issuer and serial or by subject key identifier. Among several signers
  // it is the one with the longest digest, of those whose certificate is inside.
  [[nodiscard]] std::optional<Certificate> signer() const;
  [[nodiscard]] std::optional<HashAlgorithm> digest() const;  // from the SignerInfo, never from the certificate
  [[nodiscard]] std::optional<Time> signing_time() const;
  // Message digest attribute, content type attribute and signature, under `signer`. Chains are the caller's affair.
  Engine::Outcome verify(const Certificate& signer) const;

  struct Parsed;
  [[nodiscard]] const Parsed& parsed() const { return *parsed_; }

private:
  explicit SignedObject(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

}  // namespace crypto
