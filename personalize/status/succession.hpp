// SPDX-License-Identifier: Apache-2.0
// Owns whether a card may follow the one that its order names, by what the ledger knows of that one (docs/orders.md,
// "Orders that follow a card").
#pragma once

#include "personalize/ledger/status_ledger.hpp"
#include "personalize/order/order.hpp"

namespace personalize {

enum class SuccessionFault : std::uint8_t {
  previous_unknown,       // the ledger has no such card, or has forgotten whose it was
  previous_other_patent,  // it has the card under another patent number
  previous_other_holder,
  previous_ended,  // its state allows no such order
};
std::string_view name_of(SuccessionFault fault);    // stable
std::string_view words_for(SuccessionFault fault);  // with what to do

// Nothing when the order may be issued; always so for an ISSUE.
Logged<std::optional<SuccessionFault>> succession_fault(StatusLedger& ledger, const Order& order);

}  // namespace personalize
