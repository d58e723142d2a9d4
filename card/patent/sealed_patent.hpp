// SPDX-License-Identifier: Apache-2.0
// Owns the features of a patent's visible digital seal: what of the patent is printed on the card's back, signed
// (docs/seal.md).
#pragma once

#include "card/patent/visible_seal.hpp"

namespace patent {

// 'P': an even number, for documents that ICAO does not define (Doc 9303-13, 3.1.1).
inline constexpr std::uint8_t kPatentCategory = 0x50;
inline constexpr std::uint8_t kPatentFeatures = 1;
// Ends a text that was cut to fit.
inline constexpr std::string_view kCut = "…";

// Header and features, so that the seal takes no more than kMaxSealOctets with such a signature: texts are cut from
// the end for it, the profession first. Nothing where a field of the patent is outside its form, or the signature is
// too long for any patent.
struct SealSigner {
  std::string identifier;   // as SealHeader::signer
  std::string certificate;  // the serial number
};
std::optional<VisibleSeal> seal_of(const Patent& patent, const SealSigner& signer, Date signed_on,
                                   std::size_t signature_octets);

// The patent as far as its seal says it; texts may be cut. last_day follows from the issue date.
crypto::Result<Patent, SealError> sealed_patent(const VisibleSeal& seal);

// Whether a text of a seal can be this one, which is whole.
bool is_sealed_text(std::string_view sealed, std::string_view whole);

}  // namespace patent
