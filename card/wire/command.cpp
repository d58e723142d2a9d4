// SPDX-License-Identifier: Apache-2.0
#include "card/wire/command.hpp"

namespace wire {

namespace {

constexpr std::size_t kHeader = 4;
constexpr std::size_t kMaxShortData = 255;
constexpr std::size_t kMaxExtendedData = 65535;

bool needs_extended(const Command& command) {
  return command.extended || command.data.size() > kMaxShortData || command.le > kMaxShortLe;
}

std::uint32_t extended_le(crypto::ByteView octets) {
  const std::uint32_t le = crypto::load_be16(octets.first<2>());
  return le == 0 ? kMaxExtendedLe : le;
}

// The body of a command whose fifth octet is 00 and is followed by more (5.2: cases 2E, 3E, 4E).
crypto::Result<Command, StatusWord> parse_extended(Command command, crypto::ByteView body) {
  constexpr auto wrong = crypto::unexpected<StatusWord>(StatusWord::wrong_length);
  command.extended = true;
  if (body.size() < 2) return wrong;
  if (body.size() == 2) {
    command.le = extended_le(body);
    return command;
  }
  const std::size_t lc = crypto::load_be16(body.first<2>());
  body = body.subspan(2);
  if (lc == 0 || (body.size() != lc && body.size() != lc + 2)) return wrong;
  command.data = body.first(lc);
  if (body.size() == lc + 2) command.le = extended_le(body.last(2));
  return command;
}

}  // namespace

std::size_t encoded_size(const Command& command) {
  const bool with_data = !command.data.empty();
  const bool with_le = command.le != 0;
  if (!needs_extended(command)) return kHeader + (with_data ? 1 + command.data.size() : 0) + (with_le ? 1 : 0);
  if (!with_data && !with_le) return kHeader;
  return kHeader + 1 + (with_data ? 2 + command.data.size() : 0) + (with_le ? 2 : 0);
}

crypto::Result<crypto::ByteView, StatusWord> encode(const Command& command, crypto::ByteSpan out) {
  const std::size_t size = encoded_size(command);
  if (command.data.size() > kMaxExtendedData || command.le > kMaxExtendedLe || size > out.size())
    return crypto::unexpected<StatusWord>(StatusWord::wrong_length);
  const bool extended = needs_extended(command);
  std::size_t at = 0;
  const auto put = [&](std::size_t octet) { out[at++] = static_cast<crypto::Byte>(octet); };
  const auto put_length = [&](std::size_t length) {
    if (extended) put(length >> 8);
    put(length);
  };
  for (const crypto::Byte octet : {command.cla, command.ins, command.p1, command.p2}) put(octet);
  if (extended && size > kHeader) put(0);
  if (!command.data.empty()) {
    put_length(command.data.size());
    std::ranges::copy(command.data, out.begin() + static_cast<std::ptrdiff_t>(at));
    at += command.data.size();
  }
  if (command.le != 0) put_length(command.le);  // 256 and 65536 become zeros
  return out.first(at);
}

crypto::Result<Command, StatusWord> parse_command(crypto::ByteView apdu) {
  constexpr auto wrong = crypto::unexpected<StatusWord>(StatusWord::wrong_length);
  if (apdu.size() < kHeader || apdu.size() > kMaxCommandOctets) return wrong;
  Command command{.cla = apdu[0], .ins = apdu[1], .p1 = apdu[2], .p2 = apdu[3]};
  if (apdu.size() == kHeader) return command;
  const std::size_t first = apdu[kHeader];
  const auto body = apdu.subspan(kHeader + 1);
  const auto short_le = [](crypto::Byte octet) { return octet == 0 ? kMaxShortLe : octet; };
  if (body.empty()) {
    command.le = short_le(apdu[kHeader]);
    return command;
  }
  if (first == 0) return parse_extended(command, body);
  if (body.size() != first && body.size() != first + 1) return wrong;
  command.data = body.first(first);
  if (body.size() == first + 1) command.le = short_le(body.back());
  return command;
}

}  // namespace wire
