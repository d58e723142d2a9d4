// SPDX-License-Identifier: Apache-2.0
// Owns the trace of a card dialogue: recorded from a card, and played as a card.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "card/wire/channel.hpp"

namespace reader {

// A trace is text, a line each: "> " and a command APDU, then "< " and its response APDU or "! " and the name of a link
// error; "# " starts a remark. A Recorder belongs below secure messaging, where nothing readable passes.
class Recorder final : public wire::Channel {
public:
  Recorder(wire::Channel& below, std::ostream& out) : below_(below), out_(out) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override;

private:
  wire::Channel& below_;
  std::ostream& out_;
};

// Answers as the recorded card did, as long as it is asked the same in the same order; anything else is bad_response,
// and behind the end stands card_removed.
class Replayer final : public wire::Channel {
public:
  // Nothing when a line is none of a trace's.
  static std::optional<Replayer> parse(std::string_view trace);
  Replayer(Replayer&& other) noexcept;

  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override;
  [[nodiscard]] bool at_end() const { return next_ == exchanges_.size(); }

private:
  struct Exchange {
    crypto::Bytes command;
    crypto::Bytes response;
    std::optional<wire::LinkError> error;
  };
  explicit Replayer(std::vector<Exchange> exchanges);

  std::vector<Exchange> exchanges_;
  std::size_t next_ = 0;
};

}  // namespace reader
