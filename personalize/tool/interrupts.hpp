// SPDX-License-Identifier: Apache-2.0
// Owns what Ctrl-C means while cards are written.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace personalize::tool {

// The first Ctrl-C lets the cards in hand be finished; the second ends the program at once, and the next run goes on
// with what is torn. Made before other threads are, so that none of them gets the signal.
class Interrupts {
public:
  Interrupts();
  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

private:
  sigset_t signals_{};
  std::stop_source stop_;
  std::jthread waiting_;
};

}  // namespace personalize::tool
