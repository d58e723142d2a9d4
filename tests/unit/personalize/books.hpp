// SPDX-License-Identifier: Apache-2.0
// Owns all books of a ledger, as one station has them, for tests on either engine.
#pragma once

#include "personalize/ledger/order_ledger.hpp"
#include "personalize/ledger/order_queue.hpp"
#include "personalize/ledger/status_book.hpp"
#include "tests/unit/personalize/ledger_place.hpp"
#include "tests/unit/personalize/sample_card.hpp"

namespace sample {

// `now` is the station's clock.
struct Books {
  explicit Books(std::unique_ptr<personalize::Database> opened, std::string station = "station-1",
                 personalize::PersonalData key = personal_data())
      : database(std::move(opened)),
        personal(std::move(key)),
        audit(*database, station),
        events(*database),
        stock(*database, audit),
        statuses(*database, personal),
        queue(*database, personal),
        orders(*database, personal, stock, events, audit, statuses, {.station = station, .operator_name = "Ivanova"},
               [this] { return now; }) {}

  std::chrono::sys_seconds now = kAt;
  std::unique_ptr<personalize::Database> database;
  personalize::PersonalData personal;
  personalize::AuditChain audit;
  personalize::EventOutbox events;
  personalize::Stock stock;
  personalize::StatusBook statuses;
  personalize::OrderQueue queue;
  personalize::OrderLedger orders;

  std::int64_t count(std::string_view table) const {
    const auto row = database->query("SELECT COUNT(*) FROM " + std::string(table));
    row->next();
    return row->number(0);
  }
  void receive_blank(std::string number = "PR1234567", std::string chip = {}) {
    REQUIRE(stock.receive({.number = std::move(number),
                           .product = "PATENT-V1",
                           .chip_serial = std::move(chip),
                           .delivery = "D-1",
                           .order_id = {},
                           .reason = {}},
                          "Ivanova", now));
  }
};

}  // namespace sample
