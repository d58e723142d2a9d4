// SPDX-License-Identifier: Apache-2.0
// Blanks, and where each went.
#include "personalize/ledger/stock.hpp"

#include <array>

#include "personalize/ledger/stock_rows.hpp"

namespace personalize {
namespace {

using std::chrono::sys_seconds;

constexpr std::array<std::string_view, 5> kStates{"in_stock", "taken", "issued", "rejected", "destroyed"};

Blank blank_in(const Rows& row) {
  const auto text = [&](int column) { return row.is_null(column) ? std::string() : row.text(column); };
  const auto place = row.number(5);
  Blank blank{.number = row.text(0),
              .product = row.text(1),
              .chip_serial = text(2),
              .delivery = row.text(3),
              .state = state_of(place),
              .order_id = text(4),
              .reason = row.text(6)};
  if (place == 0 && !blank.order_id.empty()) blank.state = BlankState::taken;
  return blank;
}

std::optional<std::string_view> given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

// The place that a blank must have left for this one; none for what is received.
std::optional<std::int64_t> source_of(BlankState to) {
  if (to == BlankState::in_stock) return std::nullopt;
  return place_of(to == BlankState::destroyed ? BlankState::rejected : BlankState::in_stock);
}

}  // namespace

std::string_view name(BlankState state) { return kStates.at(static_cast<std::size_t>(state)); }

Logged<std::optional<Blank>> Stock::find(std::string_view number) {
  return database_.guarded([&]() -> Logged<std::optional<Blank>> {
    const auto row = database_.query("SELECT * FROM blank_now WHERE number = ?", number);
    if (!row->next()) return std::optional<Blank>();
    return std::optional(blank_in(*row));
  });
}

Logged<std::optional<Blank>> Stock::find_by_chip(std::string_view chip_serial) {
  return database_.guarded([&]() -> Logged<std::optional<Blank>> {
    const auto row = database_.query("SELECT * FROM blank_now WHERE chip_serial = ?", chip_serial);
    if (!row->next()) return std::optional<Blank>();
    return std::optional(blank_in(*row));
  });
}

Logged<std::vector<Blank>> Stock::list(std::string_view after, std::int64_t count) {
  return database_.guarded([&]() -> Logged<std::vector<Blank>> {
    std::vector<Blank> found;
    const auto rows = database_.query("SELECT * FROM blank_now WHERE number > ? ORDER BY number LIMIT ?", after, count);
    while (rows->next()) found.push_back(blank_in(*rows));
    return found;
  });
}

Logged<Blank> Stock::lock(std::string_view number) {
  return database_.guarded([&]() -> Logged<Blank> {
    // By a statement of its own: what was waited for is seen by the next one.
    if (database_.is_shared()) database_.query("SELECT number FROM blank WHERE number = ? FOR UPDATE", number);
    PATENT_TRY(auto blank, find(number));
    if (!blank) return database_.failure(LedgerError::blank_unknown);
    return *std::move(blank);
  });
}

Logged<void> Stock::report(std::string_view what, sys_seconds at, std::string_view operator_name,
                           std::map<std::string, std::string> facts) {
  return audit_.append({what, at, std::string(operator_name), std::move(facts)});
}

Logged<void> Stock::move(const Movement& movement) {
  return database_.guarded([&]() -> Logged<void> {
    database_.run(
        "INSERT INTO blank_movement (blank, place, came_from, order_id, shift_id, station, operator_name, witness,"
        " reason, moment) VALUES (?, ?, ?, ?, (SELECT id FROM shift WHERE station = ? AND closed IS NULL), ?, ?, ?, ?,"
        " ?)",
        movement.number, place_of(movement.to), source_of(movement.to), movement.order_id, audit_.station(),
        audit_.station(), movement.operator_name, movement.witness, movement.reason, number_of(movement.at));
    return {};
  });
}

Logged<void> Stock::receive(const Blank& blank, std::string_view operator_name, sys_seconds now) {
  if (blank.number.empty() || blank.product.empty() || blank.delivery.empty())
    return database_.failure(LedgerError::wrong_state);
  PATENT_TRY(const auto before, find(blank.number));
  if (before) {
    const bool same = before->product == blank.product && before->delivery == blank.delivery &&
                      (blank.chip_serial.empty() || blank.chip_serial == before->chip_serial);
    if (same) return {};
    return database_.failure(LedgerError::blank_used);
  }
  if (!blank.chip_serial.empty()) {
    PATENT_TRY(const auto other, find_by_chip(blank.chip_serial));
    if (other) return database_.failure(LedgerError::blank_used);
  }
  return database_.transaction([&]() -> Logged<void> {
    return database_.guarded([&]() -> Logged<void> {
      database_.run("INSERT INTO blank (number, product, delivery, chip_serial) VALUES (?, ?, ?, ?)", blank.number,
                    blank.product, blank.delivery, given(blank.chip_serial));
      PATENT_TRY_VOID(move({blank.number, std::nullopt, BlankState::in_stock, operator_name, {}, {}, now}));
      return report("blank_received", now, operator_name,
                    {{"blank", blank.number}, {"product", blank.product}, {"delivery", blank.delivery}});
    });
  });
}

Logged<void> Stock::take(std::string_view number, std::string_view product, std::string_view chip_serial,
                         std::string_view order_id) {
  PATENT_TRY(const auto blank, lock(number));
  const auto used = crypto::unexpected<LedgerFailure>({LedgerError::blank_used, database_.place(), blank.order_id});
  if (blank.state != BlankState::in_stock && blank.state != BlankState::taken) return used;
  if (blank.state == BlankState::taken && blank.order_id != order_id) return used;
  if (blank.product != product) return database_.failure(LedgerError::blank_of_another_product);
  PATENT_TRY(const auto of_chip, find_by_chip(chip_serial));
  if (of_chip ? of_chip->number != number : !blank.chip_serial.empty())
    return database_.failure(LedgerError::blank_of_another_chip);
  return database_.guarded([&]() -> Logged<void> {
    {
      const auto other =
          database_.query("SELECT number FROM blank WHERE order_id = ? AND number <> ?", order_id, number);
      if (other->next()) return database_.failure(LedgerError::wrong_state);
    }
    database_.run("UPDATE blank SET order_id = ?, chip_serial = ?, station = ? WHERE number = ?", order_id, chip_serial,
                  audit_.station(), number);
    return {};
  });
}

Logged<void> Stock::mark_issued(std::string_view number, std::string_view operator_name, sys_seconds now) {
  PATENT_TRY(const auto blank, lock(number));
  if (blank.state == BlankState::issued) return {};
  if (blank.state != BlankState::taken) return database_.failure(LedgerError::wrong_state);
  return move(
      {number, given(blank.order_id), BlankState::issued, operator_name, {}, {}, now});  // its audit line is the card's
}

Logged<void> Stock::reject(std::string_view number, std::string_view reason, std::string_view operator_name,
                           sys_seconds now) {
  return database_.transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto blank, lock(number));
    if (blank.state == BlankState::rejected) return {};
    if (blank.state != BlankState::in_stock && blank.state != BlankState::taken)
      return database_.failure(LedgerError::wrong_state);
    PATENT_TRY_VOID(move({number, given(blank.order_id), BlankState::rejected, operator_name, {}, reason, now}));
    return report("blank_rejected", now, operator_name,
                  {{"blank", blank.number}, {"order", blank.order_id}, {"reason", std::string(reason)}});
  });
}

Logged<void> Stock::destroy(std::string_view number, std::string_view by, std::string_view witness, sys_seconds now) {
  return database_.transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto blank, lock(number));
    if (blank.state != BlankState::rejected || witness.empty() || by == witness)
      return database_.failure(LedgerError::wrong_state);
    PATENT_TRY_VOID(move({number, given(blank.order_id), BlankState::destroyed, by, witness, {}, now}));
    return report("blank_destroyed", now, by, {{"blank", blank.number}, {"witness", std::string(witness)}});
  });
}

}  // namespace personalize
