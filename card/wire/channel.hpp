// SPDX-License-Identifier: Apache-2.0
// Owns Channel, the one seam through which everything talks to a card. PC/SC, the embedded card, the recorder, the
// replayer, GET RESPONSE, secure messaging and SCP03 are all Channels that stack.
#pragma once

#include <cstdint>

#include "card/wire/command.hpp"
#include "card/wire/response.hpp"
#include "crypto/result.hpp"

namespace wire {

enum class LinkError : std::uint8_t {
  no_daemon,          // no PC/SC service answers
  no_reader,          // no reader of this name or number
  no_card,            // nothing in the reader (in time)
  reader_busy,        // somebody else holds the card exclusively
  card_removed,       // taken away while in use
  card_reset,         // reset by somebody else: every state on the card is lost
  card_mute,          // powered, but no answer to reset
  bad_response,       // fewer than two octets, more than allowed, or more than asked for
  response_too_long,  // 61XX without end, or more data than this command may bring
  command_too_long,   // more data than the link or the card takes
  secure_messaging,   // a protected response is missing, stripped, replayed or wrong: the session keys are gone
  timed_out,
  interrupted,  // the caller asked to stop
  internal,
};

class Channel {
public:
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  virtual ~Channel() = default;

  // Sends one command and waits for its response, whose data are a view into this channel's memory: they last until the
  // next transmit. After any error the card's state is unknown.
  virtual crypto::Result<Response, LinkError> transmit(const Command& command) = 0;
};

}  // namespace wire
