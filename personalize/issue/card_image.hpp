// SPDX-License-Identifier: Apache-2.0
// Owns CardImage: the finished card on paper. A value that can be printed and compared; secrets are not in it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "card/layout/files.hpp"
#include "card/patent/patent.hpp"
#include "crypto/bytes.hpp"
#include "crypto/kdf.hpp"
#include "crypto/pace.hpp"

namespace personalize {

// The algorithms of a card, as data (docs/profiles.md).
struct CryptoProfile {
  std::string name;  // "icao-2026", "icao-compat"
  std::vector<crypto::PaceParameters> pace;
  // Of the chip's own key; PACE-CAM needs that of its mapping.
  crypto::Curve chip_curve = crypto::Curve::secp384r1;
  crypto::AesKey chip_authentication_key = crypto::AesKey::aes256;
  crypto::Curve signature_curve = crypto::Curve::secp384r1;
  crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha384;
  crypto::AesKey channel_key = crypto::AesKey::aes256;
};
const CryptoProfile* find_profile(std::string_view name);  // nullptr when unknown

// Whom a card lets judge terminals (TR-03110-3, 2.2), and the day from which it counts.
struct TrustPoint {
  crypto::Bytes certificate;  // the CVCA's own
  crypto::Bytes date;         // YYMMDD, one digit an octet
  friend bool operator==(const TrustPoint&, const TrustPoint&) = default;
};

struct CardImage {
  std::string profile;
  std::string card_number;
  std::map<layout::FileId, crypto::Bytes> files;  // whole files, as they will be read
  std::vector<crypto::Bytes> certificate_records;
  std::vector<crypto::Bytes> status_records;
  std::optional<TrustPoint> trust_point{};
  friend bool operator==(const CardImage&, const CardImage&) = default;
};

// What goes onto the card and nowhere into a plan, a log or a script.
struct CardSecrets {
  crypto::Secret can;           // six digits
  crypto::Secret mrz_password;  // SHA-1 of the MRZ information
};

// The image as JSON, octets in hexadecimal: how an open order keeps it. The same image gives the same text.
std::string to_json(const CardImage& image);
// Nothing for anything but what to_json() wrote.
std::optional<CardImage> card_image_from_json(std::string_view text);
// SHA-256 of to_json(), in hexadecimal.
std::string fingerprint(const CardImage& image);

// The secrets that belong to an image: the MRZ password follows from DG1, the CAN was drawn by lot. Nothing when DG1
// has no MRZ or the CAN is not six digits.
std::optional<CardSecrets> secrets_of(const CardImage& image, crypto::ByteView can);

// "SHA-384", as plans and receipts say it.
std::string_view hash_name(crypto::HashAlgorithm algorithm);

// JSON with each file's name, size, SHA-256 and decoded content: for people and for diff.
std::string describe(const CardImage& image);

}  // namespace personalize
