// SPDX-License-Identifier: Apache-2.0
// Owns padding method 2 (80 00.. to whole blocks; ISO/IEC 7816-4:2020, 10.2.3.1), which both secure protocols use.
#pragma once

#include <cstring>
#include <optional>

#include "crypto/engine.hpp"

namespace wire {

inline constexpr std::array<crypto::Byte, crypto::kAesBlock> kPadding{0x80};

[[nodiscard]] constexpr std::size_t padded_size(std::size_t size, std::size_t block = crypto::kAesBlock) {
  return (size / block + 1) * block;
}

// Copies `from` to the front of `to`, which may overlap it; the rest of `to`, a block at most, becomes padding.
inline void copy_and_pad(crypto::ByteView from, crypto::ByteSpan to) {
  if (!from.empty()) std::memmove(to.data(), from.data(), from.size());
  const auto rest = to.subspan(from.size());
  std::ranges::copy(crypto::ByteView(kPadding).first(rest.size()), rest.begin());
}

// Nothing when no 80 00.. ends the last block.
[[nodiscard]] constexpr std::optional<std::size_t> unpadded_size(crypto::ByteView padded,
                                                                 std::size_t block = crypto::kAesBlock) {
  std::size_t size = padded.size();
  while (size > 0 && padded[size - 1] == 0) --size;
  if (size == 0 || padded[size - 1] != kPadding[0] || padded.size() - size >= block) return std::nullopt;
  return size - 1;
}

}  // namespace wire
