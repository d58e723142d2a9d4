// SPDX-License-Identifier: Apache-2.0
// Owns the array of small numbers that a status list is (IETF draft-ietf-oauth-status-list, 4.1 and 4.2): 1, 2, 4 or 8
// bits an entry, the first in an octet's lowest bits; compressed as a zlib stream (RFC 1950).
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace patent {

using crypto::Bytes;
using crypto::ByteView;

enum class ListError : std::uint8_t {
  malformed,      // not the claims of a list (card/patent/status_list.hpp)
  bad_bits,       // not 1, 2, 4 or 8
  corrupt,        // no zlib stream, or its check sum is wrong
  truncated,      // the stream ends early
  trailing_data,  // octets behind the stream's end
  too_large,      // expands to more than kMaxListOctets
};

// Ten million entries of four bits are 5 MB. What expands to more is no list of ours, but an attack on memory.
inline constexpr std::size_t kMaxListOctets = 8U << 20;

class PackedList {
public:
  // As many zeros; rounded up to whole octets. bad_bits, or too_large.
  static crypto::Result<PackedList, ListError> zeros(unsigned bits, std::size_t entries);
  static crypto::Result<PackedList, ListError> expand(unsigned bits, ByteView compressed);
  // At zlib's highest level, as 4.1 recommends. The same list gives the same octets under one zlib.
  [[nodiscard]] Bytes compress() const;

  [[nodiscard]] unsigned bits() const { return 1U << shift_; }
  [[nodiscard]] std::size_t size() const { return octets_.size() << (3 - shift_); }
  [[nodiscard]] ByteView octets() const { return octets_; }

  // index < size(), value < 2^bits(): the caller's affair, as with an array.
  [[nodiscard]] std::uint8_t operator[](std::size_t index) const {
    return static_cast<std::uint8_t>(octets_[index >> (3 - shift_)] >> offset(index) & mask());
  }
  void set(std::size_t index, std::uint8_t value) {
    auto& octet = octets_[index >> (3 - shift_)];
    octet =
        static_cast<std::uint8_t>((octet & ~(mask() << offset(index))) | static_cast<unsigned>(value) << offset(index));
  }
  friend bool operator==(const PackedList&, const PackedList&) = default;

private:
  PackedList(unsigned shift, Bytes octets) : shift_(shift), octets_(std::move(octets)) {}
  [[nodiscard]] unsigned mask() const { return (1U << bits()) - 1; }
  [[nodiscard]] unsigned offset(std::size_t index) const {
    return static_cast<unsigned>(index & ((1U << (3 - shift_)) - 1)) << shift_;
  }

  unsigned shift_;  // of bits(): 0 to 3
  Bytes octets_;
};

}  // namespace patent
