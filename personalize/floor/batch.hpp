// SPDX-License-Identifier: Apache-2.0
// Owns Batch: many orders onto many cards by many readers at once, each order issued once or clearly not.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "personalize/floor/card_feed.hpp"
#include "personalize/floor/order_source.hpp"

namespace personalize {

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
};  // no card was spoilt; held, unless it has ended already or is another station's
struct DocumentRefused {
  std::string where;
  std::vector<OrderFinding> findings;  // empty: the file cannot be read
};
struct CardRejected {
  std::string reader, order_id, blank_number;  // no order: a blank that is unfit
  std::string reason;
  bool alive = false;  // its chip bears a part of an order, and may speak: to be destroyed
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
using BatchEvent = std::variant<CardBegun, CardStep, CardIssued, OrderRefused, DocumentRefused, CardRejected, CardTorn,
                                ReaderLost, ReaderBack>;

struct BatchResult {
  std::int64_t issued = 0, refused = 0, rejected = 0;
  std::int64_t issued_before = 0;  // orders that came again
  bool interrupted = false;
  bool complete = false;                           // every order of the source has ended
  std::map<std::string, std::string> open_orders;  // bound to a chip that was not seen again, with its serial
  std::optional<IssuanceFailure> station_failure;  // what no other order could do better with: the batch ended for it
};

struct BatchSettings {
  std::chrono::milliseconds apdu_limit{10'000};  // the watchdog's
  std::chrono::milliseconds reader_pause{500};   // between two looks for a lost reader
  std::chrono::milliseconds hung_limit{60'000};  // so long a reader that hung with a card in it is waited for
  unsigned tries = 3;                            // of one order on one chip, in one run
  std::size_t prepared_ahead = 0;                // 0: two for each reader
  unsigned preparing_threads = 0;                // 0: one for each core
  std::function<crypto::Time()> clock = [] {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  };
  // The newest time in the ledger when the batch begins; zero: none. A clock far ahead of it holds no order for its
  // date.
  crypto::Time newest_known{};
  OrderContext orders;  // by whose rules; `at` is the clock's
};

class Batch {
public:
  Batch(Issuance& issuance, OrderSource& orders, BatchSettings settings)
      : issuance_(issuance), orders_(orders), settings_(std::move(settings)) {}
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
