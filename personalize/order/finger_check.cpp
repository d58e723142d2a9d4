// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/finger_check.hpp"

#include <algorithm>
#include <array>

#include "personalize/order/picture.hpp"

namespace personalize {
namespace {

using patent::FingerAbsence;
using patent::FingerFormat;
using patent::FingerPosition;

// In the order of the enums.
constexpr std::array<std::string_view, 11> kPositions{"unknown",     "right_thumb",  "right_index", "right_middle",
                                                      "right_ring",  "right_little", "left_thumb",  "left_index",
                                                      "left_middle", "left_ring",    "left_little"};
constexpr std::array<std::string_view, 5> kAbsences{"unspecified", "amputated", "injured", "unreadable", "exempt"};

// The first word, which says nothing, is for reading cards only.
template <class Value, std::size_t N>
std::optional<Value> value_of(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::find(words.begin() + 1, words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Value>(found - words.begin());
}

bool is_grey(crypto::ByteView image, const patent::FingerSize& size) {
  const auto picture = decode_jpeg2000(image);
  return picture && picture->components == 1 && picture->width == size.width && picture->height == size.height;
}

bool is_of(FingerFormat format, crypto::ByteView image) { return patent::finger_size(format, image).has_value(); }

}  // namespace

crypto::Result<patent::FingerImage, FingerFault> check_finger(FingerPosition position, FingerFormat format,
                                                              crypto::Bytes image) {
  const auto other = format == FingerFormat::wsq ? FingerFormat::jpeg2000 : FingerFormat::wsq;
  const auto size = patent::finger_size(format, image);
  if (!size) return crypto::unexpected(is_of(other, image) ? FingerFault::another_format : FingerFault::not_an_image);
  if (size->width > kFingerMaxSide || size->height > kFingerMaxSide)
    return crypto::unexpected(FingerFault::not_an_image);
  if (size->width < kFingerMinWidth || size->height < kFingerMinHeight)
    return crypto::unexpected(FingerFault::too_small);
  if (format == FingerFormat::jpeg2000 && !is_grey(image, *size)) return crypto::unexpected(FingerFault::not_an_image);
  return patent::FingerImage{position, format, size->width, size->height, std::move(image)};
}

std::optional<FingerPosition> finger_position(std::string_view word) {
  return value_of<FingerPosition>(kPositions, word);
}
std::optional<FingerAbsence> finger_absence(std::string_view word) { return value_of<FingerAbsence>(kAbsences, word); }

std::string_view word_of(FingerPosition position) { return kPositions[static_cast<std::size_t>(position)]; }
std::string_view word_of(FingerFormat format) { return format == FingerFormat::wsq ? "wsq" : "jpeg2000"; }
std::string_view word_of(FingerAbsence absence) { return kAbsences[static_cast<std::size_t>(absence)]; }

}  // namespace personalize
