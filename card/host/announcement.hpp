// SPDX-License-Identifier: Apache-2.0
// Owns what the card says of itself before anybody asks who it is: answer to reset, EF.ATR/INFO, EF.DIR.
#pragma once

#include <array>

#include "card/layout/applications.hpp"
#include "card/layout/files.hpp"
#include "crypto/bytes.hpp"

namespace host {

// ISO/IEC 7816-4:2020, 12.1.1.9: selection by full DF name and file identifier, short EF identifiers, record numbers;
// data units of one octet; command chaining, extended lengths, their limits in EF.ATR/INFO, basic channel only.
inline constexpr std::array<crypto::Byte, 3> kCardCapabilities{0x96, 0x21, 0xE0};
// 12.1.1.7: application selection by full DF name; EF.DIR and EF.ATR/INFO hold BER-TLV and are read with READ BINARY.
inline constexpr crypto::Byte kCardService = 0xB8;

// ISO/IEC 7816-3:2006, 8: direct convention, T=1 only, historical octets of category 80.
inline constexpr std::array kAnswerToReset = [] {
  std::array<crypto::Byte, 11> atr{0x3B,
                                   0x87,
                                   0x01,
                                   0x80,
                                   0x31,
                                   kCardService,
                                   0x73,
                                   kCardCapabilities[0],
                                   kCardCapabilities[1],
                                   kCardCapabilities[2],
                                   0x00};
  for (std::size_t i = 1; i + 1 < atr.size(); ++i) atr.back() = static_cast<crypto::Byte>(atr.back() ^ atr[i]);
  return atr;
}();

// 12.2.2 and 12.7.1: card service data, card capabilities, extended length information.
inline constexpr std::array<crypto::Byte, 19> kAtrInfo{0x43,
                                                       0x01,
                                                       kCardService,
                                                       0x47,
                                                       0x03,
                                                       kCardCapabilities[0],
                                                       kCardCapabilities[1],
                                                       kCardCapabilities[2],
                                                       0x7F,
                                                       0x66,
                                                       0x08,
                                                       0x02,
                                                       0x02,
                                                       layout::kMaxCommandApdu >> 8,
                                                       layout::kMaxCommandApdu & 0xFF,
                                                       0x02,
                                                       0x02,
                                                       layout::kMaxResponseApdu >> 8,
                                                       layout::kMaxResponseApdu & 0xFF};

// 12.2.1; Doc 9303-10, 3.11.1: one application template, 61 { 4F AID }, for each application.
inline constexpr std::array kDir = [] {
  std::array<crypto::Byte, 4 + layout::kEmrtdAid.size() + 4 + layout::kRecordsAid.size()> dir{};
  std::size_t at = 0;
  const auto put = [&](const auto& aid) {
    for (const std::size_t octet : {std::size_t{0x61}, aid.size() + 2, std::size_t{0x4F}, aid.size()})
      dir[at++] = static_cast<crypto::Byte>(octet);
    for (const auto octet : aid) dir[at++] = octet;
  };
  put(layout::kEmrtdAid);
  put(layout::kRecordsAid);
  return dir;
}();

}  // namespace host
