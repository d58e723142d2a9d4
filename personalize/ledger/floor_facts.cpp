// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/floor_facts.hpp"

#include "personalize/ledger/audit_line.hpp"
#include "personalize/ledger/column_values.hpp"

namespace personalize {
namespace {

std::int64_t expired_leases(Database& database, std::chrono::sys_seconds now) {
  const auto row = database.query(
      "SELECT COUNT(*) FROM orders WHERE claimed_by <> '' AND state <= 3 AND claimed_until < ?", number_of(now));
  return row->next() ? row->number(0) : 0;
}

std::vector<OpenOrder> open_orders(Database& database, std::chrono::sys_seconds now) {
  std::vector<OpenOrder> open;
  const auto rows = database.query(
      "SELECT order_id, chip_serial FROM orders WHERE state IN (2, 3) AND (claimed_by = '' OR claimed_until < ?) "
      "ORDER BY id LIMIT ?",
      number_of(now), kOpenOrdersShown);
  while (rows->next()) open.push_back({rows->text(0), rows->text(1)});
  return open;
}

std::chrono::sys_seconds newest_moment(Database& database) {
  const auto row = database.query(
      "SELECT MAX(moment) FROM (SELECT MAX(moment) AS moment FROM blank_movement UNION ALL "
      "SELECT MAX(happened_at) FROM event UNION ALL SELECT MAX(moment) FROM order_step UNION ALL "
      "SELECT MAX(ended) FROM orders UNION ALL SELECT MAX(issued_at) FROM publication) AS moments");
  auto newest = row->next() && !row->is_null(0) ? moment_of(row->number(0)) : std::chrono::sys_seconds();
  const auto lines = database.query(
      "SELECT line FROM audit_line JOIN audit_head ON audit_head.station = audit_line.station "
      "AND audit_head.number = audit_line.number");
  while (lines->next())
    if (const auto line = read_audit_line(lines->text(0))) newest = std::max(newest, line->at);
  return newest;
}

}  // namespace

Logged<FloorFacts> read_floor_facts(Database& database, std::chrono::sys_seconds now) {
  AuditChain unused(database, {});
  const auto personal = PersonalData::locked();
  FloorFacts facts;
  PATENT_TRY(facts.orders, OrderQueue(database, personal).counts());
  PATENT_TRY(facts.stock, Stock(database, unused).sums());
  PATENT_TRY(facts.receivers, EventOutbox(database).receivers());
  PATENT_TRY_VOID(database.guarded([&]() -> Logged<void> {
    facts.expired_leases = expired_leases(database, now);
    facts.open_orders = open_orders(database, now);
    facts.newest = newest_moment(database);
    return {};
  }));
  return facts;
}

}  // namespace personalize
