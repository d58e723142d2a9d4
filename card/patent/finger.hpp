// SPDX-License-Identifier: Apache-2.0
// Owns the codec of data group 3: finger images in ISO/IEC 19794-4:2005 records inside a CBEFF template, or the reason
// why there are none (Doc 9303-10, 4.7.3).
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "card/patent/data_groups.hpp"

namespace patent {

// ISO/IEC 19794-4:2005, 7.2.2: the numbers are the record's.
enum class FingerPosition : std::uint8_t {
  unknown = 0,
  right_thumb = 1,
  right_index = 2,
  right_middle = 3,
  right_ring = 4,
  right_little = 5,
  left_thumb = 6,
  left_index = 7,
  left_middle = 8,
  left_ring = 9,
  left_little = 10,
};

// The compressions that Doc 9303-10 takes of those in 19794-4, 7.1.13.
enum class FingerFormat : std::uint8_t { wsq = 2, jpeg2000 = 4 };

struct FingerImage {
  FingerPosition position = FingerPosition::unknown;
  FingerFormat format = FingerFormat::jpeg2000;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  Bytes image;  // the codestream as its maker gave it
  friend bool operator==(const FingerImage&, const FingerImage&) = default;
};

// Why a holder has no finger images. Doc 9303-10 leaves the content beside zero instances to the issuer; the numbers
// are the patent's own (docs/file-layout.md, 2.1). Those of other issuers read as unspecified.
enum class FingerAbsence : std::uint8_t {
  unspecified = 0,
  amputated = 1,   // there is no finger to take
  injured = 2,     // for now: bandaged, hurt
  unreadable = 3,  // worn or without ridges
  exempt = 4,      // the law does not ask for them
};

struct Fingers {
  std::vector<FingerImage> images;
  std::optional<FingerAbsence> absent;  // exactly when there is no image
  friend bool operator==(const Fingers&, const Fingers&) = default;
};

// The size that an image says itself, in its JP2 box, JPEG 2000 codestream or WSQ frame header; nothing when it is no
// image of that format.
struct FingerSize {
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  friend bool operator==(const FingerSize&, const FingerSize&) = default;
};
std::optional<FingerSize> finger_size(FingerFormat format, ByteView image);

// Stands beside the reason of an absence, so that the group's hash under EF.SOD does not tell it.
inline constexpr std::size_t kAbsenceSalt = 14;
using AbsenceSalt = std::array<std::uint8_t, kAbsenceSalt>;

// The whole file. Empty when an image is not what is said of it, when images and absence contradict each other, or when
// the file has no room. Only an absence takes the salt.
Bytes encode_dg3(const Fingers& fingers, const AbsenceSalt& salt = {});
Decoded<Fingers> decode_dg3(ByteView file);

}  // namespace patent
