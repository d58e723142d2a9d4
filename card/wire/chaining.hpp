// SPDX-License-Identifier: Apache-2.0
// Owns command chaining and GET RESPONSE (ISO/IEC 7816-4:2020, 5.3), for the terminal's side and for the card's.
#pragma once

#include "card/wire/channel.hpp"

namespace wire {

// What one exchange may carry over a link: the smallest of what card (EF.ATR/INFO, DO 7F66), reader and driver allow.
struct ApduLimits {
  std::size_t max_command = 261;   // octets of a whole command APDU
  std::size_t max_response = 258;  // octets of a whole response APDU
  [[nodiscard]] bool extended() const { return max_command > 261 || max_response > 258; }
  friend bool operator==(const ApduLimits&, const ApduLimits&) = default;
};

// The terminal's decorator: splits commands that are too long into a chain (CLA bit 5), collects 61XX with GET
// RESPONSE, repeats 6CXX once with the right Le. All loops are bounded: kMaxResponses, the collecting memory.
class Chaining final : public Channel {
public:
  static constexpr std::size_t kMaxResponses = 512;

  // `memory` collects responses that come in parts; it bounds them.
  Chaining(Channel& below, ApduLimits limits, crypto::ByteSpan memory)
      : below_(below), limits_(limits), memory_(memory) {}
  void set_limits(ApduLimits limits) { limits_ = limits; }
  [[nodiscard]] const ApduLimits& limits() const { return limits_; }

  crypto::Result<Response, LinkError> transmit(const Command& command) override;

private:
  crypto::Result<Response, LinkError> send_in_parts(const Command& command);
  crypto::Result<Response, LinkError> collect(const Command& command, Response first);

  Channel& below_;
  ApduLimits limits_;
  crypto::ByteSpan memory_;
};

// The card's side of command chaining: gathers the data of a chain in the caller's memory.
class ChainAssembler {
public:
  explicit ChainAssembler(crypto::ByteSpan memory) : memory_(memory) {}

  // Nothing while the chain goes on (the card answers 9000). The whole command, its data a view into the memory, when
  // it ends; a command outside a chain passes as it is. Another command in the middle of a chain:
  // last_of_chain_expected; too long: wrong_length.
  crypto::Result<std::optional<Command>, StatusWord> take(const Command& command);
  // Between the first command of a chain and its last.
  [[nodiscard]] bool active() const { return active_; }
  void reset() {
    active_ = false;
    used_ = 0;
  }

private:
  crypto::ByteSpan memory_;
  std::size_t used_ = 0;
  bool active_ = false;
  crypto::Byte cla_ = 0, ins_ = 0, p1_ = 0, p2_ = 0;
};

// The card's side of GET RESPONSE: keeps the rest of a response that is longer than the reader can take at once.
class ResponseQueue {
public:
  // `whole` (data and status word) must stay where it is, apart from `out`, until it is taken. Gives the first part for
  // `le` octets: all of it, or `le` octets and 61XX. 0 when either memory has no room for a status word.
  [[nodiscard]] std::size_t begin(crypto::ByteSpan whole, std::uint32_t le, crypto::ByteSpan out);
  [[nodiscard]] bool pending() const { return !rest_.empty(); }
  // conditions_not_satisfied when nothing is pending.
  crypto::Result<std::size_t, StatusWord> next(std::uint32_t le, crypto::ByteSpan out);
  void reset() { rest_ = {}; }

private:
  std::size_t take(std::uint32_t le, crypto::ByteSpan out);

  crypto::ByteSpan rest_;
};

}  // namespace wire
