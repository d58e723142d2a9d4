// SPDX-License-Identifier: Apache-2.0
// Owns the check of a face image and its fitting into the size budget of data group 2.
#pragma once

#include "card/patent/patent.hpp"
#include "crypto/result.hpp"

namespace personalize {

enum class FaceFault : std::uint8_t { not_an_image, too_small, too_large };

inline constexpr int kFaceMinWidth = 413;  // pixels: 35 x 45 mm at 300 dpi
inline constexpr int kFaceMinHeight = 531;

// JPEG (FF D8) or JPEG 2000 (a codestream or a JP2 file); nothing for anything else.
std::optional<patent::ImageFormat> image_format(crypto::ByteView file);

// Decodes the whole image. Within the budget it goes onto the card as it came; otherwise it is encoded anew as JPEG
// with the best quality that fits.
crypto::Result<patent::FaceImage, FaceFault> fit_face(crypto::ByteView file, std::size_t budget);

}  // namespace personalize
