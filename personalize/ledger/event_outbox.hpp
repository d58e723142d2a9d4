// SPDX-License-Identifier: Apache-2.0
// Owns the events for the outside world: written with what they tell of, handed out at least once, in order, with an
// id by which the receiver knows one that comes again. Published as event.schema.json.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "personalize/ledger/database.hpp"

namespace personalize {

enum class EventKind : std::uint8_t { issued, activated, replaced, lost, annulled, returned, extended };
std::string_view name(EventKind kind);

struct CardEvent {
  EventKind kind{};
  std::string card_number;
  std::string patent_number;
  std::string order_id;  // empty where no order is behind it
  std::chrono::sys_seconds at{};
  std::string detail;  // stable: the paid month count of `extended`, the successor's card number of `replaced`
};

class EventOutbox {
public:
  explicit EventOutbox(Database& database) : database_(database) {}
  // In the transaction of what happened.
  Logged<void> add(const CardEvent& event);

private:
  Database& database_;
};

}  // namespace personalize
