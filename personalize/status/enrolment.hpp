// SPDX-License-Identifier: Apache-2.0
// Owns how an issued card comes into the status ledger: its place in a list before it is signed, itself once it is
// issued. Each step can be done again after a crash (docs/status.md, "New cards").
#pragma once

#include "personalize/ledger/ledger.hpp"
#include "personalize/ledger/status_ledger.hpp"
#include "personalize/order/order.hpp"

namespace personalize {

// The place that the order was begun with, whoever goes on with it; not_found when the journal does not know the order.
Logged<void> recall_place(Ledger& journal, Order& order);
// Draws a place in a list for an order that names none, and claims it for one that does: wrong_state when another has
// it. The same place each time.
Logged<void> give_place(StatusLedger& statuses, std::string_view base_uri, Order& order);
// Enters the card with the record that it bears, and ends the one that a duplicate or an amended card replaces.
Logged<void> enter_issued(StatusLedger& statuses, const Order& order, std::chrono::sys_seconds signed_at,
                          std::chrono::sys_seconds now);

}  // namespace personalize
