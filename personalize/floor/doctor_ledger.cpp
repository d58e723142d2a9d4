// SPDX-License-Identifier: Apache-2.0
// What the doctor looks at in the ledger.
#include <fmt/format.h>

#include "personalize/floor/doctor.hpp"

namespace personalize {
namespace {

Trouble trouble_of(LedgerError error) {
  switch (error) {
    case LedgerError::not_found: return Trouble::ledger_missing;
    case LedgerError::unavailable: return Trouble::ledger_away;
    case LedgerError::in_use: return Trouble::ledger_in_use;
    case LedgerError::newer_schema: return Trouble::ledger_newer;
    default: return Trouble::ledger_unusable;
  }
}

std::string text_of(const std::vector<OpenOrder>& orders) {
  std::string text;
  for (const auto& order : orders)
    text += fmt::format("{}{} on chip {}", text.empty() ? "" : ", ", order.order_id, order.chip_serial);
  return text;
}

}  // namespace

void look_at_ledger(const LedgerFailure& failure, Findings& found) {
  found.push_back({trouble_of(failure.error), failure.where});
}

void look_at_orders(const FloorFacts& facts, Findings& found) {
  if (!facts.open_orders.empty()) found.push_back({Trouble::orders_open, text_of(facts.open_orders)});
  if (facts.expired_leases > 0) found.push_back({Trouble::leases_expired, std::to_string(facts.expired_leases)});
  if (facts.orders.held > 0) found.push_back({Trouble::orders_held, std::to_string(facts.orders.held)});
  if (facts.stock.received > 0 && facts.stock.remaining == 0) found.push_back({Trouble::no_blanks, ""});
}

}  // namespace personalize
