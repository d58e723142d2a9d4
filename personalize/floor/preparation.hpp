// SPDX-License-Identifier: Apache-2.0
// Owns the orders that lie ready for a card: read, judged, claimed and prepared by threads that run ahead of the
// readers, but never further than they are told.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "personalize/floor/batch_state.hpp"

namespace personalize {

class Preparation {
public:
  Preparation(const Issuance& issuance, OrderSource& source, const BatchSettings& settings, std::size_t readers,
              BatchState& state);
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;

  // What there is to do for a card; waits for it, until the batch stops.
  enum class Work : std::uint8_t {
    order,  // one lies ready, or did a moment ago
    open,   // nothing but orders that wait for their chips
    none,
  };
  Work wait();
  // Waits as well; nothing when none comes any more.
  std::optional<PreparedOrder> take();
  // What was taken has ended, or is bound to a chip.
  void ended(const std::string& order_id);
  // For another card.
  void put_back(PreparedOrder order);
  // At the end, when no worker is left: gives back what nobody took. Whether nothing was, and nothing more would come.
  bool finish();

private:
  void run();
  std::optional<OrderText> next();
  std::optional<PreparedOrder> prepare(const OrderText& text);
  bool claim(IncomingOrder& incoming, const OrderText& text);
  bool enter(const IncomingOrder& incoming);
  void leave(const std::string& order_id);
  void refuse(const std::string& order_id, const IssuanceFailure& failure, bool hold);
  void stop(const std::string& order_id, const IssuanceFailure& failure);
  void fail(const LedgerFailure& failure);
  [[nodiscard]] bool clock_is_believed(crypto::Time at) const;
  [[nodiscard]] bool over() const;  // with the lock: nothing comes any more

  const Issuance& issuance_;
  OrderSource& source_;
  const BatchSettings& settings_;
  BatchState& state_;
  std::size_t ahead_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::mutex source_mutex_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<PreparedOrder> ready_;
  std::size_t in_work_ = 0;   // being prepared
  std::size_t in_hands_ = 0;  // taken, and may come back
  // From their claim to their end, with their digests: one that comes twice is not begun twice.
  std::map<std::string, std::string> in_flight_;
  bool exhausted_ = false;
  bool source_ended_ = false;  // by itself
  std::vector<std::jthread> threads_;
};

}  // namespace personalize
