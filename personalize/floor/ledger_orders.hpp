// SPDX-License-Identifier: Apache-2.0
// Owns a station's orders in the ledger: from files or from the queue, each claimed for a while before it is begun, so
// that one that comes twice, in two files or on two stations, is issued once.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "personalize/floor/order_files.hpp"
#include "personalize/ledger/commit_queue.hpp"
#include "personalize/ledger/order_ledger.hpp"
#include "personalize/ledger/order_queue.hpp"
#include "personalize/status/succession.hpp"

namespace personalize {

// What the commit queue's thread works with.
struct FloorBooks {
  CommitQueue& commits;
  OrderQueue& queue;
  OrderLedger& orders;
  Stock& stock;
  StatusLedger& statuses;
};

struct LedgerOrdersSettings {
  Workplace workplace;
  std::string list_base;            // of orders that name no status list; empty: they get none
  std::chrono::seconds lease{120};  // renewed while this lives; a station that dies gives its orders back so late
  bool follow = false;              // an empty queue is waited for
  // An order may follow a card that the ledger does not know, which is said there; nullptr: it is held.
  AuditChain* previous_elsewhere = nullptr;
  OrderContext orders;
  std::function<std::chrono::sys_seconds()> clock;
};

class LedgerOrders final : public OrderSource {
public:
  // `files`: nullptr for the queue. All outlive it.
  LedgerOrders(const FloorBooks& books, OrderFiles* files, LedgerOrdersSettings settings);

  Logged<std::optional<OrderText>> next(std::stop_token stop) override;
  Logged<Claimed> claim(IncomingOrder& order, const OrderText& text) override;
  Logged<std::optional<KnownChip>> known_chip(std::string_view chip_serial) override;
  Logged<std::string> blank(std::string_view chip_serial, std::string_view fed) override;
  Logged<void> give_back(std::string_view order_id) override;
  Logged<void> hold(std::string_view order_id, std::string_view reason) override;
  Logged<void> give_up(std::string_view order_id, std::string_view reason) override;
  Logged<std::string> reject_blank(std::string_view chip_serial, std::string_view fed,
                                   std::string_view reason) override;

private:
  Logged<std::optional<ClaimedOrder>> claim_next();
  Logged<Claimed> claim_in_queue(IncomingOrder& order, const OrderText& text);
  Logged<std::optional<SuccessionFault>> succession(const Order& order, bool fresh);
  Logged<void> give_list_place(Order& order, bool begun);
  void beat(const std::stop_token& stop);

  FloorBooks books_;
  OrderFiles* files_;
  LedgerOrdersSettings settings_;
  std::optional<std::vector<std::string>> in_hand_;  // blanks; nothing before it was looked
  std::jthread heart_;
};

}  // namespace personalize
