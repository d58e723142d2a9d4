// SPDX-License-Identifier: Apache-2.0
// Owns application identifiers (ISO/IEC 7816-4:2020, 12.2.3): 5 to 16 octets.
#pragma once

#include "crypto/bytes.hpp"

namespace wire {

class Aid {
public:
  static constexpr std::size_t kMin = 5;
  static constexpr std::size_t kMax = 16;

  constexpr Aid() = default;
  // Nothing when the length is outside 5..16.
  static constexpr std::optional<Aid> from(crypto::ByteView octets) {
    Aid aid;
    if (octets.size() < kMin || !aid.octets_.assign(octets)) return std::nullopt;
    return aid;
  }
  [[nodiscard]] constexpr crypto::ByteView view() const { return octets_.view(); }
  friend constexpr bool operator==(const Aid& a, const Aid& b) { return std::ranges::equal(a.view(), b.view()); }

private:
  crypto::Buffer<kMax> octets_;
};

}  // namespace wire
