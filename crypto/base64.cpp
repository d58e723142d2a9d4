// SPDX-License-Identifier: Apache-2.0
#include "crypto/base64.hpp"

#include <algorithm>
#include <array>

namespace crypto {
namespace {

// OpenSSL's EVP_EncodeBlock has one alphabet and EVP_DecodeBlock lets unused bits pass.
class Alphabet {
public:
  constexpr explicit Alphabet(std::string_view last_two) {
    for (Byte i = 0; i < 26; ++i) {
      letters_[i] = static_cast<char>('A' + i);
      letters_[i + 26U] = static_cast<char>('a' + i);
    }
    for (Byte i = 0; i < 10; ++i) letters_[i + 52U] = static_cast<char>('0' + i);
    letters_[62] = last_two[0];
    letters_[63] = last_two[1];
    for (std::size_t i = 0; i < pairs_.size(); ++i) pairs_[i] = {letters_[i >> 6], letters_[i & 63]};
    values_.fill(kNone);
    for (Byte i = 0; i < 64; ++i) values_[static_cast<Byte>(letters_[i])] = i;
  }

  [[nodiscard]] std::string encode(ByteView octets) const {
    std::string out((octets.size() * 4 + 2) / 3, '\0');
    auto letter = out.begin();
    const auto put = [&](std::uint32_t twelve_bits) { letter = std::ranges::copy(pairs_[twelve_bits], letter).out; };
    while (octets.size() >= 3) {
      put(static_cast<std::uint32_t>(octets[0] << 4 | octets[1] >> 4));
      put(static_cast<std::uint32_t>((octets[1] & 0x0F) << 8 | octets[2]));
      octets = octets.subspan(3);
    }
    if (octets.empty()) return out;
    const unsigned second = octets.size() == 2 ? octets[1] : 0U;
    put(static_cast<std::uint32_t>(octets[0] << 4 | second >> 4));
    if (octets.size() == 2) *letter = letters_[(second & 0x0F) << 2];
    return out;
  }

  // Text without padding.
  [[nodiscard]] std::optional<Bytes> decode(std::string_view text) const {
    if (text.size() % 4 == 1) return std::nullopt;
    Bytes out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char letter : text) {
      const Byte value = values_[static_cast<Byte>(letter)];
      if (value == kNone) return std::nullopt;
      bits = bits << 6 | value;
      count += 6;
      if (count >= 8) out.push_back(static_cast<Byte>(bits >> (count -= 8)));
    }
    if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
    return out;
  }

private:
  static constexpr Byte kNone = 0xFF;
  std::array<char, 64> letters_{};
  std::array<std::array<char, 2>, 4096> pairs_{};  // two letters at once: lists are megabytes
  std::array<Byte, 256> values_{};
};

constexpr Alphabet kStandard("+/"), kUrl("-_");

}  // namespace

std::string to_base64(ByteView octets) {
  auto text = kStandard.encode(octets);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return kStandard.decode(text);
}

std::string to_base64url(ByteView octets) { return kUrl.encode(octets); }
std::optional<Bytes> from_base64url(std::string_view text) { return kUrl.decode(text); }

}  // namespace crypto
