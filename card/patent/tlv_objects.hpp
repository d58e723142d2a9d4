// SPDX-License-Identifier: Apache-2.0
// Owns the writing and reading of TLV objects that stand in a fixed order, as deltas and trust packages have them.
#pragma once

#include <chrono>

#include "crypto/tlv.hpp"

namespace patent {

class ObjectWriter {
public:
  void octets(std::uint32_t tag, crypto::ByteView value) { crypto::append_tlv(out_, tag, value); }
  void text(std::uint32_t tag, std::string_view value) { octets(tag, crypto::as_bytes(value)); }
  void number(std::uint32_t tag, std::uint64_t value, std::size_t size = 8) {
    crypto::Bytes big_endian(size);
    for (std::size_t i = size; i-- > 0; value >>= 8) big_endian[i] = static_cast<std::uint8_t>(value);
    octets(tag, big_endian);
  }
  void instant(std::uint32_t tag, std::chrono::sys_seconds moment) {
    number(tag, static_cast<std::uint64_t>(moment.time_since_epoch().count()));
  }
  // Zero means none.
  void instant(std::uint32_t tag, const std::optional<std::chrono::sys_seconds>& moment) {
    instant(tag, moment.value_or(std::chrono::sys_seconds{}));
  }
  [[nodiscard]] crypto::Bytes take() && { return std::move(out_); }

private:
  crypto::Bytes out_;
};

// The first object that is not what it should be spoils the whole; what is read then is empty or zero.
class ObjectReader {
public:
  explicit ObjectReader(crypto::ByteView octets) : reader_(octets) {}

  crypto::ByteView octets(std::uint32_t tag) {
    const auto object = reader_.expect(tag);
    good_ = good_ && object;
    return good_ ? object->value : crypto::ByteView();
  }
  crypto::ByteView octets(std::uint32_t tag, std::size_t size) {
    const auto value = octets(tag);
    require(value.size() == size);
    return good_ ? value : crypto::ByteView();
  }
  std::string text(std::uint32_t tag) {
    const auto value = octets(tag);
    return {value.begin(), value.end()};
  }
  std::uint64_t number(std::uint32_t tag, std::size_t size = 8) {
    std::uint64_t out = 0;
    for (const auto octet : octets(tag, size)) out = out << 8 | octet;
    return out;
  }
  // In seconds, up to the year 9999.
  std::chrono::sys_seconds instant(std::uint32_t tag) {
    constexpr std::uint64_t kLast = 253402300799;
    const auto seconds = number(tag);
    require(seconds <= kLast);
    return std::chrono::sys_seconds(std::chrono::seconds(good_ ? seconds : 0));
  }
  std::optional<std::chrono::sys_seconds> instant_or_none(std::uint32_t tag) {
    const auto moment = instant(tag);
    return moment == std::chrono::sys_seconds{} ? std::nullopt : std::optional(moment);
  }
  // The next object, when it has this tag.
  std::optional<crypto::ByteView> accept(std::uint32_t tag) {
    const auto object = reader_.accept(tag);
    require(object.has_value());
    return good_ && *object ? std::optional((*object)->value) : std::nullopt;
  }

  void require(bool condition) { good_ = good_ && condition; }
  [[nodiscard]] bool finished() const { return good_ && reader_.at_end(); }

private:
  crypto::TlvReader reader_;
  bool good_ = true;
};

}  // namespace patent
