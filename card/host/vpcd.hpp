// SPDX-License-Identifier: Apache-2.0
// Owns the link that puts an embedded card into a slot of vsmartcard's virtual reader (vpcd) under PC/SC.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "card/host/embedded_card.hpp"

namespace host {

struct VpcdSlot {
  std::string host = "127.0.0.1";
  std::uint16_t port = 35963;  // 8C7B, slot 0; slot i listens on the i-th port from here
};

enum class VpcdEvent : unsigned char {
  waiting,   // nobody listens there yet; told once until the next `inserted`
  inserted,  // connected
  removed,   // the reader closed the connection, or the card went mute
};

// Serves the card in the slot, coming back when the connection breaks, until `stop` (a file descriptor) becomes
// readable. `tell` is called from this thread.
void serve(EmbeddedCard& card, const VpcdSlot& slot, int stop, const std::function<void(VpcdEvent)>& tell);

}  // namespace host
