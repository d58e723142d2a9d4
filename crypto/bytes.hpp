// SPDX-License-Identifier: Apache-2.0
// Owns the words for octets: views, fixed-capacity buffers, big-endian integers, hexadecimal.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crypto {

using Byte = std::uint8_t;
using ByteView = std::span<const Byte>;
using ByteSpan = std::span<Byte>;
using Bytes = std::vector<Byte>;  // for the machine's side only; code that runs on a card uses Buffer

// At most N octets, stored inside. Growth past N is refused, never truncated. No heap.
template <std::size_t N>
class Buffer {
public:
  constexpr Buffer() = default;

  static constexpr std::size_t capacity() { return N; }
  [[nodiscard]] constexpr std::size_t size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
  [[nodiscard]] constexpr ByteView view() const { return {data_.data(), size_}; }
  [[nodiscard]] constexpr ByteSpan span() { return {data_.data(), size_}; }
  constexpr operator ByteView() const { return view(); }

  // False, and nothing appended, when the octets do not fit.
  [[nodiscard]] constexpr bool append(ByteView more) {
    if (more.size() > N - size_) return false;
    std::copy(more.begin(), more.end(), data_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += more.size();
    return true;
  }
  [[nodiscard]] constexpr bool append(Byte one) { return append(ByteView(&one, 1)); }
  [[nodiscard]] constexpr bool assign(ByteView all) {
    size_ = 0;
    return append(all);
  }
  // New octets read as zero. False, and nothing changed, when size > N.
  [[nodiscard]] constexpr bool resize(std::size_t size) {
    if (size > N) return false;
    for (std::size_t i = size_; i < size; ++i) data_[i] = 0;
    size_ = size;
    return true;
  }
  constexpr void clear() { size_ = 0; }

private:
  std::array<Byte, N> data_{};
  std::size_t size_ = 0;
};

constexpr std::uint16_t load_be16(std::span<const Byte, 2> in) {
  return static_cast<std::uint16_t>(in[0] << 8 | in[1]);
}
constexpr std::uint32_t load_be32(std::span<const Byte, 4> in) {
  return static_cast<std::uint32_t>(in[0]) << 24 | static_cast<std::uint32_t>(in[1]) << 16 |
         static_cast<std::uint32_t>(in[2]) << 8 | in[3];
}
constexpr void store_be16(std::span<Byte, 2> out, std::uint16_t value) {
  out[0] = static_cast<Byte>(value >> 8);
  out[1] = static_cast<Byte>(value);
}
constexpr void store_be32(std::span<Byte, 4> out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out[static_cast<std::size_t>(i)] = static_cast<Byte>(value >> (24 - 8 * i));
}

// True when both have the same length and content. Time depends on the lengths only.
[[nodiscard]] bool constant_time_equal(ByteView a, ByteView b);

inline ByteView as_bytes(std::string_view text) { return {reinterpret_cast<const Byte*>(text.data()), text.size()}; }

// Upper case, no separators.
[[nodiscard]] std::string to_hex(ByteView bytes);
// Either case; nothing but an even count of hexadecimal digits is taken.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

}  // namespace crypto
