// SPDX-License-Identifier: Apache-2.0
// Owns how a LedgerEntry stands in the table of orders, and by which clock its leases are counted.
#pragma once

#include <string>

#include "personalize/ledger/column_values.hpp"
#include "personalize/ledger/database.hpp"

namespace personalize {

inline constexpr std::string_view kSelectEntry =
    "SELECT order_id, order_sha256, state, COALESCE(card_number, ''), patent_number, previous_card_number, "
    "chip_serial, image_sha256, signed_at, activate_at_handover, status_list_uri, status_index, void_reason, "
    "blank_number, held_reason, claimed_by, claimed_until FROM orders ";
inline constexpr int kClaimedByColumn = 15, kClaimedUntilColumn = 16;

// Leases are counted by one clock for all: the server's, where there is one.
inline std::int64_t lease_time(Database& database, std::chrono::sys_seconds now) {
  if (!database.is_shared()) return number_of(now);
  const auto row = database.query("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)");
  row->next();
  return row->number(0);
}

inline LedgerEntry entry_in(const Rows& row) {
  LedgerEntry entry;
  entry.order_id = row.text(0);
  entry.order_sha256 = row.text(1);
  entry.state = static_cast<OrderState>(row.number(2));
  entry.card_number = row.text(3);
  entry.patent_number = row.text(4);
  entry.previous_card_number = row.text(5);
  entry.chip_serial = row.text(6);
  entry.image_sha256 = row.text(7);
  entry.signed_at = moment_of(row.number(8));
  entry.activate_at_handover = row.number(9) != 0;
  entry.status_list_uri = row.text(10);
  entry.status_index = static_cast<std::uint32_t>(row.number(11));
  entry.void_reason = row.text(12);
  entry.blank_number = row.text(13);
  entry.held_reason = row.text(14);
  return entry;
}

// The statement with what follows the columns.
inline std::string select_entry(std::string_view rest) { return std::string(kSelectEntry).append(rest); }

}  // namespace personalize
