// SPDX-License-Identifier: Apache-2.0
// Owns the ledger's file form: a folder with one file an order (docs/personalization.md, "The journal").
#pragma once

#include <filesystem>
#include <memory>

#include "crypto/file_lock.hpp"
#include "personalize/ledger/durable_file.hpp"
#include "personalize/ledger/ledger.hpp"

namespace personalize {

// All that a journal holds of one order.
struct JournalOrder {
  LedgerEntry entry;
  std::optional<PrintForm> print{};
  std::optional<CardImage> image{};  // of an open card that is signed
  std::string receipt{};             // its text; of an issued one
};

class Journal final : public Ledger {
public:
  // Makes the folder when it does not exist. One process at a time.
  static Logged<std::unique_ptr<Journal>> open(const std::filesystem::path& folder);

  // Whether there is a journal with orders in it that were not moved into a ledger.
  static bool has_orders(const std::filesystem::path& folder);

  Logged<std::optional<LedgerEntry>> find(std::string_view order_id) override;
  Logged<std::optional<LedgerEntry>> find_by_chip(std::string_view chip_serial) override;
  Logged<void> check_numbers(const LedgerEntry& entry) override;
  Logged<void> prepare(const LedgerEntry& entry, const PrintForm& print) override;
  Logged<void> begin_writing(std::string_view order_id, std::string_view chip_serial) override;
  Logged<void> keep_image(std::string_view order_id, const CardImage& image,
                          std::chrono::sys_seconds signed_at) override;
  void announce_step(std::string_view order_id, const StepLine& line) override;
  Logged<void> settle_steps(std::string_view order_id) override;
  Logged<void> mark_personalized(std::string_view order_id) override;
  Logged<void> mark_issued(const Order& order, const Receipt& receipt) override;
  Logged<void> void_order(std::string_view order_id, std::string_view reason) override;
  Logged<OpenCard> open_card(std::string_view order_id) override;
  [[nodiscard]] std::string receipt_place(std::string_view order_id) const override;
  Logged<std::vector<LedgerEntry>> list(std::string_view after, std::int64_t count) override;

  // To be taken over by a ledger, each card behind the one that it replaces.
  Logged<std::vector<JournalOrder>> orders();
  // From now on nobody opens this journal: the ledger has its orders.
  Logged<void> mark_moved(std::string_view ledger);

private:
  Journal(std::filesystem::path folder, crypto::FileLock lock) : folder_(std::move(folder)), lock_(std::move(lock)) {}

  Logged<std::optional<PrintForm>> print_form(std::string_view order_id);
  [[nodiscard]] std::filesystem::path file(std::string_view order_id, std::string_view suffix) const;
  [[nodiscard]] std::filesystem::path claim_file(std::string_view kind, std::string_view number) const;
  Logged<LedgerEntry> entry(std::string_view order_id, std::initializer_list<OrderState> allowed);
  Logged<void> save(const LedgerEntry& entry);
  Logged<void> forget_finished_images();
  // A claim is a list of order ids, one a line; the last one holds the number now.
  Logged<std::vector<std::string>> claims(std::string_view kind, std::string_view number);
  Logged<void> claim(std::string_view kind, std::string_view number, std::string_view order_id);
  Logged<void> write(const std::filesystem::path& path, std::string_view content);
  Logged<void> remove(const std::filesystem::path& path);

  std::filesystem::path folder_;
  crypto::FileLock lock_;
  std::string announced_;  // lines of the one order in hand
};

}  // namespace personalize
