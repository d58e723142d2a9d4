// SPDX-License-Identifier: Apache-2.0
#include "crypto/terminal_text.hpp"

#include <algorithm>
#include <array>

namespace crypto {
namespace {

struct Range {
  char32_t first, last;
};
constexpr std::array kSteering{Range{0x00, 0x1F}, Range{0x7F, 0x9F}, Range{0x2028, 0x202E}, Range{0x2066, 0x2069}};

struct Letter {
  char32_t code;
  std::size_t octets;  // 0: no UTF-8
};

// One that is longer than it need be counts as the letter that it stands for: some terminals take it so.
Letter first_letter(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {first, 1};
  const std::size_t octets = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC0 || first > 0xF4 || text.size() < octets) return {};
  char32_t code = first & (0x7FU >> octets);
  for (const char c : text.substr(1, octets - 1)) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) return {};
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return {code, octets};
}

bool is_steering(char32_t code) {
  return std::ranges::any_of(kSteering, [code](const Range& r) { return r.first <= code && code <= r.last; });
}

}  // namespace

std::string shown(std::string_view text, char instead) {
  std::string out;
  while (!text.empty()) {
    const auto [code, octets] = first_letter(text);
    if (octets == 0 || is_steering(code))
      out += instead;
    else
      out += text.substr(0, octets);
    text.remove_prefix(std::max<std::size_t>(octets, 1));
  }
  return out;
}

}  // namespace crypto
