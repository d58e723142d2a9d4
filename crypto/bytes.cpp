// SPDX-License-Identifier: Apache-2.0
#include "crypto/bytes.hpp"

namespace crypto {

namespace {

constexpr std::string_view kDigits = "0123456789ABCDEF";

std::optional<Byte> digit_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<Byte>(c - '0');
  if (c >= 'A' && c <= 'F') return static_cast<Byte>(c - 'A' + 10);
  if (c >= 'a' && c <= 'f') return static_cast<Byte>(c - 'a' + 10);
  return std::nullopt;
}

}  // namespace

bool constant_time_equal(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  volatile Byte difference = 0;  // volatile: no optimizer may stop at the first difference
  for (std::size_t i = 0; i < a.size(); ++i) difference = static_cast<Byte>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

std::string to_hex(ByteView bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const Byte b : bytes) {
    text += kDigits[b >> 4];
    text += kDigits[b & 0x0F];
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = digit_value(text[i]);
    const auto low = digit_value(text[i + 1]);
    if (!high || !low) return std::nullopt;
    bytes.push_back(static_cast<Byte>(*high << 4 | *low));
  }
  return bytes;
}

}  // namespace crypto
