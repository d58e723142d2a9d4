// SPDX-License-Identifier: Apache-2.0
// Owns what a ledger tells of the floor at one glance: for those who watch it and change nothing.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "personalize/ledger/event_outbox.hpp"
#include "personalize/ledger/order_queue.hpp"
#include "personalize/ledger/stock.hpp"

namespace personalize {

struct OpenOrder {
  std::string order_id;
  std::string chip_serial;
};

struct FloorFacts {
  QueueCounts orders;
  std::int64_t expired_leases = 0;
  std::vector<OpenOrder> open_orders;  // begun on a chip, claimed by nobody; the oldest, at most kOpenOrdersShown
  StockSums stock;
  std::vector<EventReceiver> receivers;
  std::chrono::sys_seconds newest{};  // of all that was entered with its time; zero in an empty ledger
};
inline constexpr std::int64_t kOpenOrdersShown = 20;

Logged<FloorFacts> read_floor_facts(Database& database, std::chrono::sys_seconds now);

}  // namespace personalize
