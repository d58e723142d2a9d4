// SPDX-License-Identifier: Apache-2.0
// Owns the audit chain: one line for all that matters, each with the hash of the one before, signed at intervals. One
// chain a station, so that no station waits for another (docs/audit.md).
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "crypto/key_vault.hpp"
#include "personalize/ledger/database.hpp"

namespace personalize {

// What happened, by a stable word ("order_received", "card_begun", "card_issued", "order_voided", "blank_received",
// "blank_rejected", "blank_destroyed", "shift_opened", "shift_closed", "status_changed", "personal_data_erased",
// "signature"). No personal data: numbers of orders, cards, chips, blanks; operators are named.
struct AuditEvent {
  std::string_view what;
  std::chrono::sys_seconds at{};
  std::string operator_name;
  std::map<std::string, std::string> facts;
};

class AuditChain {
public:
  AuditChain(Database& database, std::string station) : database_(database), station_(std::move(station)) {}

  // In the transaction of what happened: neither is there without the other.
  Logged<void> append(const AuditEvent& event);

private:
  Database& database_;
  std::string station_;
};

}  // namespace personalize
