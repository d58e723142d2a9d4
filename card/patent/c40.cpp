// SPDX-License-Identifier: Apache-2.0
#include "card/patent/c40.hpp"

namespace patent {

namespace {

constexpr std::string_view kAlphabet = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";  // from value 3 on (table 2)
constexpr unsigned kFirst = 3, kShift1 = 0;
constexpr crypto::Byte kUnlatch = 254;  // the next octet is a character of ISO/IEC 16022's ASCII: its code plus one

std::optional<unsigned> value_of(char c) {
  const auto place = kAlphabet.find(c == '<' ? ' ' : c);
  if (place == std::string_view::npos) return std::nullopt;
  return kFirst + static_cast<unsigned>(place);
}

std::optional<char> character_of(unsigned value) {
  if (value < kFirst || value >= kFirst + kAlphabet.size()) return std::nullopt;
  return kAlphabet[value - kFirst];
}

void append(Bytes& out, unsigned first, unsigned second, unsigned third) {
  const unsigned packed = 1600 * first + 40 * second + third + 1;
  out.push_back(static_cast<crypto::Byte>(packed >> 8));
  out.push_back(static_cast<crypto::Byte>(packed));
}

// The two or three characters of a pair of octets; only the last pair may have two.
std::optional<std::string> unpack(unsigned packed, bool is_last) {
  if (packed == 0) return std::nullopt;
  const unsigned all = packed - 1, third = all % 40;
  const auto a = character_of(all / 1600), b = character_of(all / 40 % 40), c = character_of(third);
  if (!a || !b) return std::nullopt;
  if (c) return std::string{*a, *b, *c};
  if (third != kShift1 || !is_last) return std::nullopt;
  return std::string{*a, *b};
}

}  // namespace

Bytes encode_c40(std::string_view text) {
  Bytes out;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    std::array<unsigned, 3> values{};
    const auto group = text.substr(at, 3);
    for (std::size_t i = 0; i < group.size(); ++i) {
      const auto value = value_of(group[i]);
      if (!value) return {};
      values.at(i) = *value;
    }
    if (group.size() == 1) {
      out.push_back(kUnlatch);
      out.push_back(static_cast<crypto::Byte>((group[0] == '<' ? ' ' : group[0]) + 1));
    } else {
      append(out, values[0], values[1], group.size() == 3 ? values[2] : kShift1);
    }
  }
  return out;
}

std::optional<std::string> decode_c40(ByteView octets) {
  if (octets.empty() || octets.size() % 2 != 0) return std::nullopt;
  std::string text;
  for (; !octets.empty(); octets = octets.subspan(2)) {
    const bool is_last = octets.size() == 2;
    if (octets[0] == kUnlatch) {
      const char c = static_cast<char>(octets[1] - 1);
      if (!is_last || kAlphabet.find(c) == std::string_view::npos) return std::nullopt;
      text += c;
      continue;
    }
    const auto part = unpack(crypto::load_be16(octets.first<2>()), is_last);
    if (!part) return std::nullopt;
    text += *part;
  }
  return text;
}

}  // namespace patent
