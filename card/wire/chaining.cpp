// SPDX-License-Identifier: Apache-2.0
#include "card/wire/chaining.hpp"

namespace wire {

namespace {

constexpr crypto::Byte kChainBit = 0x10;
constexpr crypto::Byte kChannelBits = 0x03;
constexpr crypto::Byte kGetResponse = 0xC0;
constexpr std::size_t kShortOverhead = 6;     // header, Lc, Le
constexpr std::size_t kExtendedOverhead = 9;  // header, 00 and two octets of Lc, two of Le
constexpr std::size_t kMaxShortData = 255;
constexpr std::size_t kMaxExtendedData = 65535;

constexpr auto link_error(LinkError error) { return crypto::unexpected<LinkError>(error); }

std::uint32_t short_length(StatusWord sw) { return sw2(sw) == 0 ? kMaxShortLe : sw2(sw); }

bool has_sw1(const Response& response, std::uint8_t first) { return sw1(response.sw) == first; }

// How many data octets one command of a chain carries, whatever else stands in it.
std::size_t part_size(const ApduLimits& limits) {
  const std::size_t overhead = limits.extended() ? kExtendedOverhead : kShortOverhead;
  const std::size_t most = limits.extended() ? kMaxExtendedData : kMaxShortData;
  return std::min(most, limits.max_command - std::min(limits.max_command, overhead));
}

}  // namespace

crypto::Result<Response, LinkError> Chaining::transmit(const Command& command) {
  Command fit = command;
  std::size_t max_le =
      std::min<std::size_t>(limits_.max_response - std::min<std::size_t>(limits_.max_response, 2), kMaxExtendedLe);
  if (!limits_.extended()) {
    fit.extended = false;
    max_le = std::min<std::size_t>(max_le, kMaxShortLe);
  }
  fit.le = static_cast<std::uint32_t>(std::min<std::size_t>(fit.le, max_le));

  PATENT_TRY(Response first, encoded_size(fit) <= limits_.max_command ? below_.transmit(fit) : send_in_parts(fit));
  return collect(fit, first);
}

crypto::Result<Response, LinkError> Chaining::send_in_parts(const Command& command) {
  const std::size_t size = part_size(limits_);
  if (command.chained() || size == 0) return link_error(LinkError::command_too_long);
  Command part = command;
  part.cla |= kChainBit;
  part.le = 0;
  part.extended = false;
  crypto::ByteView rest = command.data;
  for (; rest.size() > size; rest = rest.subspan(size)) {
    part.data = rest.first(size);
    PATENT_TRY(const Response response, below_.transmit(part));
    if (!response.ok()) return response;
  }
  Command last = command;
  last.data = rest;
  return below_.transmit(last);
}

crypto::Result<Response, LinkError> Chaining::collect(const Command& command, Response response) {
  Command next = command;
  // 5.6: wrong Le; the right one is told, and the command had no effect. A protected answer carries objects, and a
  // protected command cannot be repeated: that is for whoever protects.
  if (has_sw1(response, 0x6C) && response.data.empty()) {
    if (encoded_size(command) > limits_.max_command) return response;
    next.le = short_length(response.sw);
    PATENT_TRY(response, below_.transmit(next));
  }
  if (!has_sw1(response, 0x61)) return response;

  std::size_t collected = 0;
  for (std::size_t parts = 0; parts < kMaxResponses; ++parts) {
    if (response.data.size() > memory_.size() - collected) return link_error(LinkError::response_too_long);
    std::ranges::copy(response.data, memory_.begin() + static_cast<std::ptrdiff_t>(collected));
    collected += response.data.size();
    if (!has_sw1(response, 0x61)) {
      const bool carries = response.ok() || is_warning(response.sw);
      return Response{memory_.first(carries ? collected : 0), response.sw};
    }
    next = Command{.cla = static_cast<crypto::Byte>(command.cla & kChannelBits), .ins = kGetResponse};
    next.le = short_length(response.sw);
    PATENT_TRY(response, below_.transmit(next));
    if (response.data.size() > next.le) return link_error(LinkError::bad_response);
  }
  return link_error(LinkError::response_too_long);
}

crypto::Result<std::optional<Command>, StatusWord> ChainAssembler::take(const Command& command) {
  if (!active_ && !command.chained()) return command;
  const auto cla = static_cast<crypto::Byte>(command.cla & ~kChainBit);
  if (!active_) {
    reset();
    cla_ = cla, ins_ = command.ins, p1_ = command.p1, p2_ = command.p2;
  } else if (cla != cla_ || command.ins != ins_ || command.p1 != p1_ || command.p2 != p2_) {
    reset();
    return crypto::unexpected<StatusWord>(StatusWord::last_of_chain_expected);
  }
  if (command.data.size() > memory_.size() - used_) {
    reset();
    return crypto::unexpected<StatusWord>(StatusWord::wrong_length);
  }
  std::ranges::copy(command.data, memory_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ += command.data.size();
  active_ = command.chained();
  if (active_) return std::nullopt;
  Command whole = command;
  whole.data = memory_.first(used_);
  return whole;
}

std::size_t ResponseQueue::begin(crypto::ByteSpan whole, std::uint32_t le, crypto::ByteSpan out) {
  rest_ = whole;
  return take(le, out);
}

crypto::Result<std::size_t, StatusWord> ResponseQueue::next(std::uint32_t le, crypto::ByteSpan out) {
  if (!pending()) return crypto::unexpected<StatusWord>(StatusWord::conditions_not_satisfied);
  return take(le, out);
}

std::size_t ResponseQueue::take(std::uint32_t le, crypto::ByteSpan out) {
  if (rest_.size() < 2 || out.size() < 2) return 0;
  const std::size_t data = rest_.size() - 2;
  const std::size_t room = std::min<std::size_t>(le, out.size() - 2);
  const bool all = data <= room;
  const std::size_t taken = all ? rest_.size() : room;
  std::ranges::copy(rest_.first(taken), out.begin());
  rest_ = rest_.subspan(taken);
  if (all) return taken;
  const StatusWord more = bytes_remaining(data - taken);
  out[taken] = sw1(more);
  out[taken + 1] = sw2(more);
  return taken + 2;
}

}  // namespace wire
