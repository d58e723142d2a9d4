// SPDX-License-Identifier: Apache-2.0
// Owns Batch: many orders onto many cards by many readers at once, each order issued once or clearly not.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "personalize/floor/card_feed.hpp"
#include "personalize/issue/issuance.hpp"

namespace personalize {

// Where the orders come from, one at a time, so that a batch of a million needs no memory. Asked by one thread.
class OrderSource {
public:
  OrderSource() = default;
  OrderSource(const OrderSource&) = delete;
  OrderSource& operator=(const OrderSource&) = delete;
  virtual ~OrderSource() = default;

  // Claimed for this station; nothing at the end (or when nothing waits, for a queue that is not followed).
  virtual Logged<std::optional<IncomingOrder>> next(std::stop_token stop) = 0;
  // The order that is open on this chip, whoever began it; nothing when there is none.
  virtual Logged<std::optional<IncomingOrder>> open_on(std::string_view chip_serial) = 0;
  // Given back unbegun, as the batch does with what it holds when it stops.
  virtual Logged<void> give_back(const IncomingOrder& order) = 0;
  // Not to be tried again before somebody looked; `reason` is a stable code.
  virtual Logged<void> hold(const IncomingOrder& order, std::string_view reason) = 0;
};

// What happens, as typed values; words and JSON are made at the edge.
struct CardBegun {
  std::string reader, order_id;
};
struct CardStep {
  std::string reader, order_id;
  IssuanceProgress progress;
};
struct CardIssued {
  std::string reader;
  Receipt receipt;
};
struct OrderRefused {
  std::string order_id;
  IssuanceFailure failure;
};  // held; no card was spoilt
struct CardRejected {
  std::string reader, order_id, blank_number;
  std::string reason;
};
struct CardTorn {
  std::string reader, order_id;
  IssuanceFailure failure;
};  // tried again on the same chip
struct ReaderLost {
  std::string reader;
  FeedFailure failure;
};
struct ReaderBack {
  std::string reader;
};
using BatchEvent =
    std::variant<CardBegun, CardStep, CardIssued, OrderRefused, CardRejected, CardTorn, ReaderLost, ReaderBack>;

struct BatchResult {
  std::int64_t issued = 0, refused = 0, rejected = 0;
  bool interrupted = false;
  bool complete = false;                 // every order of the source has ended
  std::vector<std::string> open_orders;  // bound to a chip that was not seen again
};

struct BatchSettings {
  std::chrono::milliseconds apdu_limit{10'000};  // the watchdog's
  unsigned tries = 3;                            // of one order on one chip, in one run
  std::size_t prepared_ahead = 0;                // 0: two for each reader
};

class Batch {
public:
  Batch(Issuance& issuance, OrderSource& orders, const BatchSettings& settings)
      : issuance_(issuance), orders_(orders), settings_(settings) {}
  // One worker for each feed; `tell` is called by one thread at a time. Returns when all orders have ended, no worker
  // is left, or after `stop` every card in hand is finished.
  BatchResult run(std::span<const std::unique_ptr<CardFeed>> feeds, const std::function<void(const BatchEvent&)>& tell,
                  std::stop_token stop);

private:
  Issuance& issuance_;
  OrderSource& orders_;
  BatchSettings settings_;
};

}  // namespace personalize
