// SPDX-License-Identifier: Apache-2.0
// Owns the visible digital seal (Doc 9303-13): header, features, signature, as the octets of a bar code. What the
// features of a patent are stands in sealed_patent.hpp.
#pragma once

#include <string>
#include <vector>

#include "card/patent/patent.hpp"
#include "crypto/result.hpp"

namespace patent {

// More than fits a QR code of version 14, level M, with modules that a phone still reads from a card.
inline constexpr std::size_t kMaxSealOctets = 350;

struct SealHeader {
  std::string state;        // the issuing state as the MRZ has it: "RUS", "D"
  std::string signer;       // two letters of the signer's country, two of its own: C and CN of its certificate
  std::string certificate;  // the certificate's serial number, hexadecimal
  Date issued{};            // the document
  Date signed_on{};
  std::uint8_t feature_definition = 0;
  std::uint8_t document_category = 0;  // odd: ICAO's own; even: a state's
  friend bool operator==(const SealHeader&, const SealHeader&) = default;
};

struct SealFeature {
  std::uint8_t tag = 0;
  Bytes value;
  friend bool operator==(const SealFeature&, const SealFeature&) = default;
};

struct VisibleSeal {
  SealHeader header;
  std::vector<SealFeature> features;
  friend bool operator==(const VisibleSeal&, const VisibleSeal&) = default;
};

enum class SealError : std::uint8_t {
  not_a_seal,  // another first octet: some other bar code
  unsupported_version,
  too_long,  // above kMaxSealOctets
  truncated,
  trailing_data,
  length_not_shortest,  // DER wants it so (2.3)
  bad_text,             // not C40, or not UTF-8
  bad_date,
  bad_reference,  // a certificate reference that is no serial number, or the one reserved for tests (2.2.1)
  bad_signature_length,
  another_document,  // a seal, but of no patent
  repeated_feature,
  missing_feature,
  bad_feature,  // a value outside its form
};

// What is signed: header and message zone, in version 4. Empty for a header outside its form.
Bytes encode_seal_content(const VisibleSeal& seal);
// The whole seal; the signature is plain r || s (2.4).
Bytes encode_seal(ByteView content, ByteView signature);
// How many octets a seal takes beside its features.
std::size_t seal_frame_size(const SealHeader& header, std::size_t signature_octets);
std::size_t feature_size(std::size_t value_octets);

struct SignedSeal {
  VisibleSeal seal;
  Bytes content;    // as read: what the signature is over
  Bytes signature;  // plain r || s; nobody has verified it yet
};
// Versions 3 and 4, of any state and document.
crypto::Result<SignedSeal, SealError> decode_seal(ByteView octets);

// Three octets: month, day and year as one number (2.3.1); month and day may be 0 where they are unknown.
Bytes encode_seal_date(int year, unsigned month, unsigned day);
struct SealDate {
  int year = 0;
  unsigned month = 0, day = 0;
};
std::optional<SealDate> decode_seal_date(ByteView octets);

}  // namespace patent
