// SPDX-License-Identifier: Apache-2.0
// Owns the watchdog of a card: what does not answer in its time is given up, whoever hangs, card, reader or service.
#pragma once

#include <chrono>
#include <future>
#include <thread>

#include "reader/link/card_source.hpp"

namespace personalize {

// The same card, on a thread of its own. A command or a reset that takes longer than `limit` is `timed_out`, and so is
// everything after it: the hung call is left to its thread, which ends with it, and then frees the card. Nothing can
// end such a call (SCardCancel ends SCardGetStatusChange only), and a card that cannot be let go in time is left alike.
// `card` must need nothing that ends before the program does.
reader::PoweredCard watched(reader::PoweredCard card, std::chrono::milliseconds limit);

// What `call` gives, where it powers a card or looks for one; `timed_out` when it takes longer than `limit`. A late one
// is left to a thread of its own in the same way, and so is what it gives in the end.
template <class Call>
std::invoke_result_t<Call> in_time(std::chrono::milliseconds limit, Call call) {
  std::packaged_task<std::invoke_result_t<Call>()> task(std::move(call));
  auto result = task.get_future();
  std::thread(std::move(task)).detach();
  if (result.wait_for(limit) != std::future_status::ready) return crypto::unexpected(wire::LinkError::timed_out);
  return result.get();
}

}  // namespace personalize
