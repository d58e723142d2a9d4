// SPDX-License-Identifier: Apache-2.0
// Owns the command APDU of ISO/IEC 7816-4:2020, 5.2: all four cases, short and extended.
#pragma once

#include "card/wire/status_word.hpp"
#include "crypto/bytes.hpp"
#include "crypto/result.hpp"

namespace wire {

inline constexpr std::size_t kMaxCommandOctets = 4 + 3 + 65535 + 2;
inline constexpr std::uint32_t kMaxShortLe = 256;
inline constexpr std::uint32_t kMaxExtendedLe = 65536;

// A value whose data are a view: they must outlive the command.
struct Command {
  crypto::Byte cla = 0;
  crypto::Byte ins = 0;
  crypto::Byte p1 = 0;
  crypto::Byte p2 = 0;
  crypto::ByteView data{};
  std::uint32_t le = 0;   // octets expected, 1..65536; 0 = no response data expected (cases 1 and 3)
  bool extended = false;  // asks for extended length fields even where short ones would do

  // CLA of the first interindustry range or GlobalPlatform's 8X/ 84..: secure messaging, chaining, logical channel
  // bits.
  [[nodiscard]] constexpr bool chained() const { return (cla & 0x10) != 0; }
};

// The octets on the wire. Lengths above 255 (data) or 256 (le) use extended fields by themselves.
// wrong_length when the data exceed 65535 octets, le exceeds 65536, or `out` is too small.
crypto::Result<crypto::ByteView, StatusWord> encode(const Command& command, crypto::ByteSpan out);
[[nodiscard]] std::size_t encoded_size(const Command& command);

// A view into `apdu`. wrong_length for everything that is none of the four cases in short or extended form.
crypto::Result<Command, StatusWord> parse_command(crypto::ByteView apdu);

}  // namespace wire
