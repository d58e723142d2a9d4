// SPDX-License-Identifier: Apache-2.0
// Owns the check of an order's finger images before they go, as they came, into data group 3.
#pragma once

#include <string_view>

#include "card/patent/finger.hpp"

namespace personalize {

enum class FingerFault : std::uint8_t { not_an_image, another_format, too_small };

inline constexpr int kFingerMinWidth = 200;  // pixels: 10 x 12.7 mm at 500 per inch
inline constexpr int kFingerMinHeight = 250;
inline constexpr int kFingerMaxSide = 1000;

// JPEG 2000 is decoded whole and must be grey; of WSQ the frame is read, for no free decoder exists here.
crypto::Result<patent::FingerImage, FingerFault> check_finger(patent::FingerPosition position,
                                                              patent::FingerFormat format, crypto::Bytes image);

// The words of orders and plans: "right_index", "injured". Nothing for another word, and no word for unknown.
std::optional<patent::FingerPosition> finger_position(std::string_view word);
std::optional<patent::FingerAbsence> finger_absence(std::string_view word);
std::string_view word_of(patent::FingerPosition position);
std::string_view word_of(patent::FingerFormat format);
std::string_view word_of(patent::FingerAbsence absence);

}  // namespace personalize
