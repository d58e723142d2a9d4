// SPDX-License-Identifier: Apache-2.0
// Owns the Ledger's form in a database: the orders begun, what lies ready for their chips, steps, receipts. What
// changes a card's fate enters the stock, the events and the audit chain in the same transaction.
#pragma once

#include "personalize/ledger/audit_chain.hpp"
#include "personalize/ledger/database.hpp"
#include "personalize/ledger/event_outbox.hpp"
#include "personalize/ledger/ledger.hpp"
#include "personalize/ledger/personal_data.hpp"
#include "personalize/ledger/stock.hpp"

namespace personalize {

// Who works: stands in steps, receipts, stock and audit lines.
struct Workplace {
  std::string station;
  std::string operator_name;
};

class OrderLedger final : public Ledger {
public:
  OrderLedger(Database& database, const PersonalData& personal, Stock& stock, EventOutbox& events, AuditChain& audit,
              Workplace workplace, std::function<std::chrono::sys_seconds()> clock);

  Logged<std::optional<LedgerEntry>> find(std::string_view order_id) override;
  Logged<std::optional<LedgerEntry>> find_by_chip(std::string_view chip_serial) override;
  Logged<void> check_numbers(const LedgerEntry& entry) override;
  Logged<void> prepare(const LedgerEntry& entry, const PrintForm& print) override;
  // Takes the entry's blank out of the stock.
  Logged<void> begin_writing(std::string_view order_id, std::string_view chip_serial) override;
  Logged<void> keep_image(std::string_view order_id, const CardImage& image,
                          std::chrono::sys_seconds signed_at) override;
  void announce_step(std::string_view order_id, const StepLine& line) override;
  Logged<void> settle_steps(std::string_view order_id) override;
  Logged<void> mark_personalized(std::string_view order_id) override;
  Logged<void> mark_issued(std::string_view order_id, const Receipt& receipt) override;
  Logged<void> void_order(std::string_view order_id, std::string_view reason) override;
  Logged<OpenCard> open_card(std::string_view order_id) override;
  [[nodiscard]] std::string receipt_place(std::string_view order_id) const override;
  Logged<std::vector<LedgerEntry>> list() override;

  Logged<std::optional<PrintForm>> print_form(std::string_view order_id);
  Logged<std::optional<std::string>> receipt(std::string_view order_id);  // to_json()
  // Forgets documents, print forms and images of orders that ended before then; receipts stay. How many.
  Logged<std::int64_t> erase_personal_data(std::chrono::sys_seconds ended_before);

private:
  Database& database_;
  const PersonalData& personal_;
  Stock& stock_;
  EventOutbox& events_;
  AuditChain& audit_;
  Workplace workplace_;
  std::function<std::chrono::sys_seconds()> clock_;
};

}  // namespace personalize
