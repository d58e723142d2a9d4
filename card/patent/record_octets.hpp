// SPDX-License-Identifier: Apache-2.0
// Owns the writing and reading of big-endian numbers one behind another, as the records of ISO/IEC 19794 and the
// headers of image files have them.
#pragma once

#include "crypto/bytes.hpp"

namespace patent {

class RecordWriter {
public:
  void u8(std::uint8_t value) { out_.push_back(value); }
  void u16(std::size_t value) {
    u8(static_cast<std::uint8_t>(value >> 8));
    u8(static_cast<std::uint8_t>(value));
  }
  void u32(std::size_t value) {
    u16(value >> 16);
    u16(value);
  }
  void zeros(std::size_t count) { out_.resize(out_.size() + count); }
  void octets(crypto::ByteView more) { out_.insert(out_.end(), more.begin(), more.end()); }
  crypto::Bytes take() { return std::move(out_); }

private:
  crypto::Bytes out_;
};

// What is behind the end reads as zero, and ok() tells.
class RecordReader {
public:
  explicit RecordReader(crypto::ByteView data) : rest_(data) {}
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u48() { return number(6); }
  std::uint64_t u64() { return number(8); }
  crypto::ByteView octets(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      return {};
    }
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] crypto::ByteView rest() const { return rest_; }

private:
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    for (const auto octet : octets(count)) value = value << 8 | octet;
    return value;
  }

  crypto::ByteView rest_;
  bool ok_ = true;
};

}  // namespace patent
