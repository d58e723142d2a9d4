// SPDX-License-Identifier: Apache-2.0
// Owns the watchdog of a card: what does not answer in its time is given up, whoever hangs, card, reader or service.
#pragma once

#include <chrono>

#include "reader/link/card_source.hpp"

namespace personalize {

// The same card, on a thread of its own. A command or a reset that takes longer than `limit` is `timed_out`, and so is
// everything after it: the hung call is left to its thread, which ends with it, and then frees the card. Nothing can
// end such a call (SCardCancel ends SCardGetStatusChange only), and a card that cannot be let go in time is left alike.
// `card` must need nothing that ends before the program does.
reader::PoweredCard watched(reader::PoweredCard card, std::chrono::milliseconds limit);

}  // namespace personalize
