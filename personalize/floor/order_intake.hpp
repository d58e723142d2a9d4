// SPDX-License-Identifier: Apache-2.0
// Owns how orders come into the ledger's queue from elsewhere: one by one or in envelopes, each once, with a report of
// what became of it (docs/orders.md, "Intake").
#pragma once

#include <span>
#include <variant>

#include "personalize/ledger/audit_chain.hpp"
#include "personalize/ledger/order_queue.hpp"
#include "personalize/order/order_envelope.hpp"
#include "personalize/status/succession.hpp"

namespace personalize {

struct IntakeRules {
  OrderContext orders;
  const OrderSigners* signers = nullptr;  // who may send signed envelopes
  bool envelopes_only = false;            // signed ones
  bool previous_elsewhere = false;        // an order may follow a card that the ledger does not know
  std::string operator_name{};
};

enum class IntakeResult : std::uint8_t {
  entered,
  known,    // came before: nothing to do
  refused,  // nothing of it was entered
  left,     // still being written, torn, or cannot be read: nothing was done, it may come again
};
std::string_view name_of(IntakeResult result);

struct OrderReport {
  std::string order_id;  // empty where it could not be read
  IntakeResult result = IntakeResult::refused;
  std::vector<OrderFinding> findings{};
  // Why it is refused, but for faults among the findings.
  struct Changed {};  // the same id came with another text: the first one stands
  std::variant<std::monostate, Changed, SuccessionFault, LedgerFailure> reason{};
};

struct IntakeReport {
  IntakeResult result = IntakeResult::refused;
  std::optional<EnvelopeFault> fault{};
  std::optional<OrderEnvelope> envelope{};  // without its orders; the signer as the ledger knows it
  std::vector<OrderReport> orders{};
};

class OrderIntake {
public:
  // `begun` tells which numbers are used.
  OrderIntake(Database& database, OrderQueue& queue, Ledger& begun, StatusLedger& statuses, AuditChain& audit,
              IntakeRules rules)
      : database_(database),
        queue_(queue),
        begun_(begun),
        statuses_(statuses),
        audit_(audit),
        rules_(std::move(rules)) {}

  // One order, or one envelope, signed or not. All of an envelope is entered, or nothing.
  Logged<IntakeReport> take(std::string_view octets, std::chrono::sys_seconds now);

private:
  struct Incoming {
    std::string_view text;
    Order order;
  };
  [[nodiscard]] Opened<OrderEnvelope> open(std::string_view octets, std::chrono::sys_seconds now) const;
  Logged<IntakeReport> take_orders(std::span<const std::string_view> texts, const OrderEnvelope* envelope,
                                   std::chrono::sys_seconds now);
  Logged<void> enter(std::span<const Incoming> incoming, std::string_view batch, IntakeReport& report,
                     std::chrono::sys_seconds now);
  Logged<void> enter_one(const Incoming& incoming, std::string_view batch, OrderReport& report,
                         std::chrono::sys_seconds now);
  Logged<void> judge_counter(const OrderEnvelope& envelope, IntakeReport& report);
  Logged<void> remember(const OrderEnvelope& envelope, std::chrono::sys_seconds now);
  Logged<void> audit(std::string_view what, std::chrono::sys_seconds now, std::map<std::string, std::string> facts);

  Database& database_;
  OrderQueue& queue_;
  Ledger& begun_;
  StatusLedger& statuses_;
  AuditChain& audit_;
  IntakeRules rules_;
};

}  // namespace personalize
