// SPDX-License-Identifier: Apache-2.0
// Owns a Ledger for many threads: every call runs on the commit queue's thread, so that one sync serves all of them.
#pragma once

#include <future>
#include <map>

#include "personalize/ledger/commit_queue.hpp"
#include "personalize/ledger/ledger.hpp"

namespace personalize {

class SharedLedger final : public Ledger {
public:
  // `below` works on the queue's database, and outlives the queue: what was announced may still wait there.
  SharedLedger(Ledger& below, CommitQueue& queue) : below_(below), queue_(queue) {}

  Logged<std::optional<LedgerEntry>> find(std::string_view order_id) override;
  Logged<std::optional<LedgerEntry>> find_by_chip(std::string_view chip_serial) override;
  Logged<void> check_numbers(const LedgerEntry& entry) override;
  Logged<void> prepare(const LedgerEntry& entry, const PrintForm& print) override;
  Logged<void> begin_writing(std::string_view order_id, std::string_view chip_serial) override;
  Logged<void> keep_image(std::string_view order_id, const CardImage& image,
                          std::chrono::sys_seconds signed_at) override;
  void announce_step(std::string_view order_id, const StepLine& line) override;  // posts, and does not wait
  Logged<void> settle_steps(std::string_view order_id) override;
  Logged<void> mark_personalized(std::string_view order_id) override;
  Logged<void> mark_issued(const Order& order, const Receipt& receipt) override;
  Logged<void> void_order(std::string_view order_id, std::string_view reason) override;
  Logged<OpenCard> open_card(std::string_view order_id) override;
  [[nodiscard]] std::string receipt_place(std::string_view order_id) const override;
  Logged<std::vector<LedgerEntry>> list(std::string_view after, std::int64_t count) override;

private:
  Ledger& below_;
  CommitQueue& queue_;
  std::mutex mutex_;
  std::map<std::string, std::vector<std::future<Logged<void>>>, std::less<>> announced_;
};

}  // namespace personalize
