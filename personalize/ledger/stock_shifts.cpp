// SPDX-License-Identifier: Apache-2.0
// The sums of the stock, and the shifts that stand between two of them.
#include "personalize/ledger/stock_rows.hpp"

namespace personalize {
namespace {

using std::chrono::sys_seconds;

StockSums sums_in(const Rows& row, int column) {
  return {row.number(column), row.number(column + 1), row.number(column + 2), row.number(column + 3),
          row.number(column + 4)};
}

Shift shift_in(const Rows& row) {
  Shift shift{.number = row.number(0),
              .station = row.text(1),
              .operator_name = row.text(2),
              .opened = moment_of(row.number(3)),
              .before = sums_in(row, 4)};
  if (row.is_null(9)) return shift;
  shift.closed = moment_of(row.number(9));
  shift.closed_by = row.text(10);
  shift.witnessed_by = row.text(11);
  shift.after = sums_in(row, 12);
  return shift;
}

std::map<std::string, std::string> facts_of(const Shift& shift, const StockSums& sums) {
  return {{"shift", std::to_string(shift.number)},       {"received", std::to_string(sums.received)},
          {"issued", std::to_string(sums.issued)},       {"rejected", std::to_string(sums.rejected)},
          {"destroyed", std::to_string(sums.destroyed)}, {"remaining", std::to_string(sums.remaining)}};
}

}  // namespace

Logged<StockSums> Stock::sums() {
  return database_.guarded([&]() -> Logged<StockSums> {
    // One statement, so that no other station moves a blank between two of its numbers. What remains is counted, not
    // reckoned.
    const auto row = database_.query(
        "SELECT COALESCE(SUM(CASE WHEN place = 0 THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN place = 1 THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN place = 2 AND NOT gone THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN place = 3 THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN place = 0 AND NOT gone THEN 1 ELSE 0 END), 0)"
        " FROM (SELECT place, EXISTS (SELECT 1 FROM blank_movement AS next WHERE next.blank = here.blank"
        " AND next.came_from = here.place) AS gone FROM blank_movement AS here) AS moves");
    row->next();
    return sums_in(*row, 0);
  });
}

Logged<std::vector<MovementCount>> Stock::movement_counts() {
  return database_.guarded([&]() -> Logged<std::vector<MovementCount>> {
    std::vector<MovementCount> counts;
    const auto rows = database_.query(
        "SELECT COALESCE(shift_id, 0), operator_name, place, COUNT(*) FROM blank_movement"
        " GROUP BY COALESCE(shift_id, 0), operator_name, place ORDER BY 1, 2, 3");
    while (rows->next()) counts.push_back({rows->number(0), rows->text(1), state_of(rows->number(2)), rows->number(3)});
    return counts;
  });
}

Logged<std::optional<Shift>> Stock::open_shift_of(std::string_view station) {
  return database_.guarded([&]() -> Logged<std::optional<Shift>> {
    const auto row = database_.query("SELECT * FROM shift WHERE station = ? AND closed IS NULL", station);
    if (!row->next()) return std::optional<Shift>();
    return std::optional(shift_in(*row));
  });
}

Logged<std::vector<Shift>> Stock::shifts() {
  return database_.guarded([&]() -> Logged<std::vector<Shift>> {
    std::vector<Shift> found;
    const auto rows = database_.query("SELECT * FROM shift ORDER BY id");
    while (rows->next()) found.push_back(shift_in(*rows));
    return found;
  });
}

Logged<Shift> Stock::open_shift(std::string_view station, std::string_view operator_name, sys_seconds now) {
  Shift shift;
  PATENT_TRY_VOID(database_.transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto open, open_shift_of(station));
    if (open) return database_.failure(LedgerError::wrong_state);
    PATENT_TRY(const auto before, sums());
    return database_.guarded([&]() -> Logged<void> {
      database_.run(
          "INSERT INTO shift (station, operator_name, opened, received_before, issued_before, rejected_before,"
          " destroyed_before, remaining_before) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          station, operator_name, number_of(now), before.received, before.issued, before.rejected, before.destroyed,
          before.remaining);
      PATENT_TRY(const auto opened, open_shift_of(station));
      if (!opened) return database_.failure(LedgerError::corrupt);
      shift = *opened;
      return report("shift_opened", now, operator_name, facts_of(shift, before));
    });
  }));
  return shift;
}

Logged<Shift> Stock::close_shift(std::string_view station, std::string_view by, std::string_view witness,
                                 sys_seconds now) {
  Shift shift;
  PATENT_TRY_VOID(database_.transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto open, open_shift_of(station));
    if (!open || now < open->opened || by.empty() || witness.empty() || by == witness)
      return database_.failure(LedgerError::wrong_state);
    PATENT_TRY(const auto in_hand, taken_at(station));
    if (!in_hand.empty()) return database_.failure(LedgerError::wrong_state);
    PATENT_TRY(const auto after, sums());
    shift = *open;
    shift.closed = now;
    shift.closed_by = by;
    shift.witnessed_by = witness;
    shift.after = after;
    return database_.guarded([&]() -> Logged<void> {
      database_.run(
          "UPDATE shift SET closed = ?, closed_by = ?, witnessed_by = ?, received_after = ?, issued_after = ?,"
          " rejected_after = ?, destroyed_after = ?, remaining_after = ? WHERE id = ? AND closed IS NULL",
          number_of(now), by, witness, after.received, after.issued, after.rejected, after.destroyed, after.remaining,
          shift.number);
      auto facts = facts_of(shift, after);
      facts.emplace("witness", witness);
      return report("shift_closed", now, by, std::move(facts));
    });
  }));
  return shift;
}

Logged<std::vector<std::string>> Stock::taken_at(std::string_view station) {
  return database_.guarded([&]() -> Logged<std::vector<std::string>> {
    std::vector<std::string> numbers;
    const auto rows = database_.query(
        "SELECT number FROM blank WHERE station = ? AND NOT EXISTS"
        " (SELECT 1 FROM blank_movement WHERE blank = number AND place <> 0) ORDER BY number",
        station);
    while (rows->next()) numbers.push_back(rows->text(0));
    return numbers;
  });
}

}  // namespace personalize
