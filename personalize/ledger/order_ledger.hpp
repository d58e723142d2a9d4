// SPDX-License-Identifier: Apache-2.0
// Owns the Ledger's form in a database: the orders begun, what lies ready for their chips, steps, receipts. What
// changes a card's fate enters the stock, the events and the audit chain in the same transaction.
#pragma once

#include <map>

#include "personalize/ledger/audit_chain.hpp"
#include "personalize/ledger/database.hpp"
#include "personalize/ledger/event_outbox.hpp"
#include "personalize/ledger/journal.hpp"
#include "personalize/ledger/personal_data.hpp"
#include "personalize/ledger/status_ledger.hpp"
#include "personalize/ledger/stock.hpp"

namespace personalize {

// Who works: stands in steps, receipts, stock and audit lines.
struct Workplace {
  std::string station;
  std::string operator_name;
  std::string product = "PATENT-V1";  // of the blanks that become cards here
  bool keeps_stock = true;            // no card but from a blank of the stock
};

class OrderLedger final : public Ledger {
public:
  OrderLedger(Database& database, const PersonalData& personal, Stock& stock, EventOutbox& events, AuditChain& audit,
              StatusLedger& statuses, Workplace workplace, std::function<std::chrono::sys_seconds()> clock);

  // Orders that were begun; list() has those that wait as well.
  Logged<std::optional<LedgerEntry>> find(std::string_view order_id) override;
  Logged<std::optional<LedgerEntry>> find_by_chip(std::string_view chip_serial) override;
  Logged<void> check_numbers(const LedgerEntry& entry) override;
  Logged<void> prepare(const LedgerEntry& entry, const PrintForm& print) override;
  // Takes the entry's blank out of the stock. wrong_state, and nothing is changed, when another station has claimed
  // the order, or another order has the chip.
  Logged<void> begin_writing(std::string_view order_id, std::string_view chip_serial) override;
  Logged<void> keep_image(std::string_view order_id, const CardImage& image,
                          std::chrono::sys_seconds signed_at) override;
  void announce_step(std::string_view order_id, const StepLine& line) override;
  Logged<void> settle_steps(std::string_view order_id) override;
  Logged<void> mark_personalized(std::string_view order_id) override;
  // Enters the card in the status ledger, where it names a list, and ends the one that it replaces.
  Logged<void> mark_issued(const Order& order, const Receipt& receipt) override;
  // The blank of an order that was begun is rejected with it.
  Logged<void> void_order(std::string_view order_id, std::string_view reason) override;
  Logged<OpenCard> open_card(std::string_view order_id) override;
  [[nodiscard]] std::string receipt_place(std::string_view order_id) const override;
  Logged<std::vector<LedgerEntry>> list(std::string_view after, std::int64_t count) override;

  // For a ledger that never had a delivery: cards are made of whatever blank is there.
  void work_without_stock() { workplace_.keeps_stock = false; }
  // An order as a journal kept it; false when it is here already, wrong_state when it is, with another text or fate.
  Logged<bool> take_over(const JournalOrder& order);
  Logged<std::optional<PrintForm>> print_form(std::string_view order_id);
  Logged<std::optional<std::string>> receipt(std::string_view order_id);  // to_json()
  struct Erasure {
    std::int64_t orders = 0;
    ForgottenInns inns{};
    bool log_remains = false;  // as another program reads in it: to be done again when that one has ended
  };
  // Forgets documents, print forms and images of orders that ended before then, and the INNs that a status ledger
  // forgets; receipts stay.
  Logged<Erasure> erase_personal_data(std::chrono::sys_seconds ended_before);

private:
  [[nodiscard]] crypto::unexpected<LedgerFailure> refuse(LedgerError error, std::string_view order_id);
  Logged<std::optional<LedgerEntry>> look(std::string_view order_id);
  Logged<LedgerEntry> entry(std::string_view order_id, std::initializer_list<OrderState> allowed);
  Logged<bool> holds_blank(const LedgerEntry& entry);
  void end(const LedgerEntry& entry, OrderState state, std::string_view void_reason);
  Logged<void> report(std::string_view what, const LedgerEntry& entry, std::map<std::string, std::string> facts);

  Database& database_;
  const PersonalData& personal_;
  Stock& stock_;
  EventOutbox& events_;
  AuditChain& audit_;
  StatusLedger& statuses_;
  Workplace workplace_;
  std::function<std::chrono::sys_seconds()> clock_;
  std::map<std::string, std::vector<StepLine>, std::less<>> announced_;
};

}  // namespace personalize
