// SPDX-License-Identifier: Apache-2.0
// Owns the audit chain: one line for all that matters, each with the hash of the one before, signed at intervals. One
// chain a station, so that no station waits for another (docs/audit.md).
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "personalize/ledger/database.hpp"
#include "reader/report/hash_chain.hpp"

namespace personalize {

// What happened, by a stable word ("order_received", "card_begun", "card_issued", "order_voided", "blank_received",
// "blank_rejected", "blank_destroyed", "shift_opened", "shift_closed", "status_changed", "payment_released",
// "personal_data_erased", "signature"). No personal data: numbers of orders, cards, chips, blanks; operators are named.
struct AuditEvent {
  std::string_view what;
  std::chrono::sys_seconds at{};
  std::string operator_name;
  std::map<std::string, std::string> facts;
};

// What a signature says: where a station's chain was at a time.
struct ChainStatement {
  std::string station;
  reader::ChainPoint point;
  std::chrono::sys_seconds at{};
  friend bool operator==(const ChainStatement&, const ChainStatement&) = default;
};
// To be kept elsewhere: a chain that does not lead through it is not the one that was signed.
struct AuditAnchor {
  ChainStatement statement;
  crypto::Bytes signature;  // CMS over to_text(statement)
};

// The octets that are signed: compact JSON, members sorted.
std::string to_text(const ChainStatement& statement);

class AuditChain {
public:
  AuditChain(Database& database, std::string station) : database_(database), station_(std::move(station)) {}

  // In the transaction of what happened: neither is there without the other. wrong_state for what no line can hold: a
  // name that is not UTF-8, more than 64 KiB.
  Logged<void> append(const AuditEvent& event);

  // Makes the CMS over a statement; nothing when it cannot be made now.
  using Sign = std::function<std::optional<crypto::Bytes>(const ChainStatement& statement)>;
  static constexpr std::int64_t kSignEvery = 256;
  // From now on a signature follows every so many lines by itself. What cannot be signed then waits for the next time.
  void sign_by(Sign sign) { sign_ = std::move(sign); }
  // Signs what is there: at the end of a batch and of a shift, and for an anchor. Nothing without a signer, or when it
  // did not sign. A chain whose last line is a signature is signed once more: its time is newer.
  Logged<std::optional<AuditAnchor>> sign(std::chrono::sys_seconds at);

  [[nodiscard]] const std::string& station() const { return station_; }

private:
  struct Head {
    reader::ChainPoint point;
    std::int64_t signed_number = 0;  // of the line signed last
  };
  Head lock_head();
  Logged<Head> write(const Head& head, const AuditEvent& event);
  Logged<std::optional<AuditAnchor>> sign_head(const Head& head, std::chrono::sys_seconds at);

  Database& database_;
  std::string station_;
  Sign sign_;
};

}  // namespace personalize
