// SPDX-License-Identifier: Apache-2.0
// Owns Secret: octets that are wiped when they end and that nothing can print.
#pragma once

#include <array>
#include <cstddef>

#include "crypto/bytes.hpp"

namespace crypto {

// Overwrites memory in a way that no optimizer removes.
void wipe(ByteSpan memory);

// A key, password or scalar of up to 72 octets (a P-521 scalar takes 66). Lives inside, without heap, so that no
// copy is left in freed memory. It has no formatter and no stream operator on purpose; view() is for engines only.
class Secret {
public:
  static constexpr std::size_t kCapacity = 72;

  Secret() = default;
  // Empty when the octets do not fit; callers check lengths before.
  explicit Secret(ByteView octets);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { clear(); }

  // A second holder of the same secret, asked for by name so that copies are seen in review.
  [[nodiscard]] Secret clone() const { return Secret(view()); }
  // The storage for an engine to write into; size <= kCapacity.
  [[nodiscard]] ByteSpan prepare(std::size_t size);
  void clear();

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] ByteView view() const { return {octets_.data(), size_}; }

private:
  std::array<Byte, kCapacity> octets_{};
  std::size_t size_ = 0;
};

[[nodiscard]] inline bool constant_time_equal(const Secret& a, const Secret& b) {
  return constant_time_equal(a.view(), b.view());
}

}  // namespace crypto
