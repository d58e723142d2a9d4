// SPDX-License-Identifier: Apache-2.0
// Owns the CBEFF templates around the records of data groups 2 and 3 (ISO/IEC 7816-11; Doc 9303-10, 4.7.2 and 4.7.3).
#pragma once

#include <vector>

#include "card/patent/tlv_decoding.hpp"

namespace patent {

inline constexpr std::uint32_t kBiometricGroup = 0x7F61;
inline constexpr std::uint32_t kBiometricBlock = 0x5F2E;             // of ISO/IEC 19794
inline constexpr std::uint32_t kConstructedBiometricBlock = 0x7F2E;  // of ISO/IEC 39794

// The numbers of the header: biometric types of CBEFF and formats of ISO/IEC JTC 1/SC 37.
inline constexpr std::uint8_t kFacialFeatures = 0x02;
inline constexpr std::uint8_t kFingerprint = 0x08;
inline constexpr std::uint16_t kFaceImage19794 = 0x0008;
inline constexpr std::uint16_t kFingerImage19794 = 0x0007;
inline constexpr std::uint16_t kFaceImage39794 = 0x002A;

struct BiometricTemplate {
  std::uint8_t type = 0;
  std::uint8_t subtype = 0;  // which finger, Doc 9303-10, table 49; 0: not said
  std::uint16_t format = 0;
  std::uint32_t block_tag = kBiometricBlock;
  ByteView block;
};

// A whole group 7F61.
Bytes encode_biometric_group(const std::vector<BiometricTemplate>& templates);

// The contents of a group's templates, as many as it counts and at most `max`.
Decoded<std::vector<ByteView>> decode_biometric_group(ByteView group, std::size_t max);
// One of them. unsupported_version for a format that SC 37 does not own; type and format are given, not judged.
Decoded<BiometricTemplate> decode_biometric_template(ByteView content);

}  // namespace patent
