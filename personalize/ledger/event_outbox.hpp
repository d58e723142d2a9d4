// SPDX-License-Identifier: Apache-2.0
// Owns the events for the outside world: written with what they tell of, handed out at least once, in order, with an
// id by which the receiver knows one that comes again. Published as event.schema.json (docs/events.md).
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "personalize/ledger/database.hpp"

namespace personalize {

enum class EventKind : std::uint8_t {
  issued,
  activated,
  replaced,
  lost,
  annulled,
  returned,
  extended,
  suspended,
  invalidated,  // lapsed: not paid in time
  restored,
};
std::string_view name(EventKind kind);

struct CardEvent {
  EventKind kind{};
  std::string card_number;
  std::string patent_number;
  std::string order_id;  // empty where no order is behind it
  std::chrono::sys_seconds at{};
  std::string detail;  // stable: the paid month count of `extended`, the successor's card number of `replaced`
};

struct StoredEvent {
  std::int64_t sequence = 0;  // 1, 2, 3, ...
  std::string id;             // a UUID: the same event handed out again bears the same one
  CardEvent event;
};
std::string to_json(const StoredEvent& event);  // one line

struct EventReceiver {
  std::string name;
  std::int64_t position = 0;  // the last event that it acknowledged
  std::int64_t waiting = 0;
};

class EventOutbox {
public:
  explicit EventOutbox(Database& database) : database_(database) {}
  // In the transaction of what happened.
  Logged<void> add(const CardEvent& event);

  // What the receiver has not acknowledged, the oldest first. A new receiver gets everything.
  Logged<std::vector<StoredEvent>> next(std::string_view receiver, std::int64_t most);
  // The events behind this one.
  Logged<std::vector<StoredEvent>> after(std::int64_t sequence, std::int64_t most);
  // All up to this one has arrived; again is no error. wrong_state for an event that there is not.
  Logged<void> acknowledge(std::string_view receiver, std::int64_t sequence);
  Logged<std::int64_t> position(std::string_view receiver);  // 0: acknowledged none
  Logged<std::vector<EventReceiver>> receivers();

private:
  Database& database_;
};

}  // namespace personalize
