// SPDX-License-Identifier: Apache-2.0
// Owns the way to a seal's octets: from a picture with a QR code (PNG, JPEG), or from what a scanner gave. All of it is
// a stranger's: sizes are bounded before anything is decoded.
#pragma once

#include "card/patent/patent.hpp"
#include "crypto/result.hpp"

namespace reader {

using patent::Bytes;
using patent::ByteView;

inline constexpr std::size_t kMaxPictureFile = 16U << 20;  // octets
inline constexpr std::size_t kMaxPictureSide = 8192;       // pixels
inline constexpr std::size_t kMaxPicturePixels = 40U << 20;

enum class ImageError : std::uint8_t {
  too_large,       // the file, or the picture in it
  unknown_format,  // no PNG, no JPEG, and no octets of a seal
  damaged,
  no_code,    // no QR code was found, or none could be read
  two_seals,  // more than one seal in one picture: nobody knows which of them is meant
};

// The octets of the QR code that begins as a seal does; of the only code, where none does.
crypto::Result<Bytes, ImageError> read_picture(ByteView file);
// A picture; or the octets themselves, raw, hexadecimal or in base64.
crypto::Result<Bytes, ImageError> seal_octets(ByteView file);

}  // namespace reader
