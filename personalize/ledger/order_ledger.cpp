// SPDX-License-Identifier: Apache-2.0
// What becomes of an order. Each change locks the order first, then its blank; what all stations share (lists, events)
// comes last, behind queue_up(), so that no two of them wait for each other.
#include "personalize/ledger/order_ledger.hpp"

#include <algorithm>

#include "crypto/sha256_text.hpp"
#include "personalize/ledger/order_content.hpp"
#include "personalize/ledger/order_rows.hpp"
#include "personalize/ledger/print_form_text.hpp"
#include "personalize/order/order.hpp"
#include "personalize/status/enrolment.hpp"

namespace personalize {

OrderLedger::OrderLedger(Database& database, const PersonalData& personal, Stock& stock, EventOutbox& events,
                         AuditChain& audit, StatusLedger& statuses, Workplace workplace,
                         std::function<std::chrono::sys_seconds()> clock)
    : database_(database),
      personal_(personal),
      stock_(stock),
      events_(events),
      audit_(audit),
      statuses_(statuses),
      workplace_(std::move(workplace)),
      clock_(std::move(clock)) {}

crypto::unexpected<LedgerFailure> OrderLedger::refuse(LedgerError error, std::string_view order_id) {
  return crypto::unexpected<LedgerFailure>({error, receipt_place(order_id), {}});
}

// Locked, where several stations write.
Logged<std::optional<LedgerEntry>> OrderLedger::look(std::string_view order_id) {
  static const auto alone = select_entry("WHERE order_id = ?"), among_stations = alone + " FOR UPDATE";
  const auto row = database_.query(database_.is_shared() ? among_stations : alone, order_id);
  if (!row->next()) return std::optional<LedgerEntry>();
  const auto station = row->text(kClaimedByColumn);
  const bool others = !station.empty() && station != workplace_.station;
  if (others && row->number(kClaimedUntilColumn) > lease_time(database_, clock_()))
    return refuse(LedgerError::wrong_state, order_id);
  return std::optional(entry_in(*row));
}

Logged<LedgerEntry> OrderLedger::entry(std::string_view order_id, std::initializer_list<OrderState> allowed) {
  PATENT_TRY(auto found, look(order_id));
  if (!found) return refuse(LedgerError::not_found, order_id);
  if (std::ranges::find(allowed, found->state) == allowed.end()) return refuse(LedgerError::wrong_state, order_id);
  return *std::move(found);
}

Logged<void> OrderLedger::prepare(const LedgerEntry& entry, const PrintForm& print) {
  return database_.transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto before, look(entry.order_id));
    if (before && (before->state > OrderState::prepared || before->order_sha256 != entry.order_sha256))
      return refuse(LedgerError::wrong_state, entry.order_id);
    PATENT_TRY_VOID(check_numbers(entry));
    const auto entered = database_.run(
        "INSERT INTO orders (order_id, order_sha256, batch, received, state, card_number, patent_number, "
        "previous_card_number, activate_at_handover, status_list_uri, status_index, blank_number) "
        "VALUES (?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (order_id) DO UPDATE SET state = excluded.state, "
        "card_number = excluded.card_number, patent_number = excluded.patent_number, "
        "previous_card_number = excluded.previous_card_number, activate_at_handover = excluded.activate_at_handover, "
        "status_list_uri = excluded.status_list_uri, status_index = excluded.status_index, "
        "blank_number = excluded.blank_number WHERE orders.state <= excluded.state",
        entry.order_id, entry.order_sha256, number_of(clock_()), OrderState::prepared, entry.card_number,
        entry.patent_number, entry.previous_card_number, entry.activate_at_handover, entry.status_list_uri,
        entry.status_index, entry.blank_number);
    if (entered != 1) return refuse(LedgerError::wrong_state, entry.order_id);  // another was quicker with a new order
    database_.run(
        "INSERT INTO patent_holder (patent_number, orders_id) VALUES (?, (SELECT id FROM orders WHERE order_id = ?)) "
        "ON CONFLICT (patent_number) DO UPDATE SET orders_id = excluded.orders_id",
        entry.patent_number, entry.order_id);
    // Once more: we may have waited for another station that wanted the patent's number.
    if (database_.is_shared()) PATENT_TRY_VOID(check_numbers(entry));
    return OrderContent(database_, personal_)
        .put(entry.order_id, Content::print_form, crypto::as_bytes(to_text(print)));
  });
}

Logged<void> OrderLedger::begin_writing(std::string_view order_id, std::string_view chip_serial) {
  return database_.transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto before, entry(order_id, {OrderState::prepared, OrderState::writing}));
    if (!before.held_reason.empty() || (!before.chip_serial.empty() && before.chip_serial != chip_serial))
      return refuse(LedgerError::wrong_state, order_id);
    database_.run("UPDATE orders SET state = ?, chip_serial = ? WHERE order_id = ?", OrderState::writing, chip_serial,
                  order_id);
    if (workplace_.keeps_stock)
      PATENT_TRY_VOID(stock_.take(before.blank_number, workplace_.product, chip_serial, order_id));
    return report("card_begun", before, {{"chip", std::string(chip_serial)}});
  });
}

Logged<void> OrderLedger::keep_image(std::string_view order_id, const CardImage& image,
                                     std::chrono::sys_seconds signed_at) {
  const auto text = to_json(image);
  return database_.transaction([&]() -> Logged<void> {
    PATENT_TRY_VOID(entry(order_id, {OrderState::writing}));
    database_.run("UPDATE orders SET image_sha256 = ?, signed_at = ? WHERE order_id = ?", fingerprint(image),
                  number_of(signed_at), order_id);
    return OrderContent(database_, personal_).put(order_id, Content::image, crypto::as_bytes(text));
  });
}

void OrderLedger::announce_step(std::string_view order_id, const StepLine& line) {
  announced_[std::string(order_id)].push_back(line);
}

Logged<void> OrderLedger::settle_steps(std::string_view order_id) {
  const auto announced = announced_.extract(std::string(order_id));
  if (!announced) return {};
  return database_.transaction([&]() -> Logged<void> {
    for (const auto& line : announced.mapped())
      database_.run(
          "INSERT INTO order_step (orders_id, number, step, station, moment) "
          "VALUES ((SELECT id FROM orders WHERE order_id = ?), ?, ?, ?, ?)",
          order_id, line.number, line.step, workplace_.station, number_of(clock_()));
    return {};
  });
}

Logged<void> OrderLedger::mark_personalized(std::string_view order_id) {
  return database_.transaction([&]() -> Logged<void> {
    PATENT_TRY_VOID(entry(order_id, {OrderState::writing, OrderState::personalized}));
    database_.run("UPDATE orders SET state = ? WHERE order_id = ?", OrderState::personalized, order_id);
    return {};
  });
}

Logged<void> OrderLedger::mark_issued(const Order& order, const Receipt& receipt) {
  return database_.transaction([&]() -> Logged<void> {
    const auto now = clock_();
    const auto text = to_json(receipt);
    PATENT_TRY(const auto before, entry(order.order_id, {OrderState::personalized}));
    end(before, OrderState::issued, {});
    database_.run("INSERT INTO receipt (orders_id, content) VALUES ((SELECT id FROM orders WHERE order_id = ?), ?)",
                  order.order_id, text);
    OrderContent(database_, personal_).remove(order.order_id, Content::image);
    // A blank of its own that somebody has rejected meanwhile is refused there.
    PATENT_TRY(const auto blank, stock_.find(before.blank_number));
    if (blank && blank->order_id == before.order_id)
      PATENT_TRY_VOID(stock_.mark_issued(before.blank_number, workplace_.operator_name, now));
    database_.queue_up();
    if (!order.patent.status_list_uri.empty()) PATENT_TRY_VOID(enter_issued(statuses_, order, receipt.signed_at, now));
    PATENT_TRY_VOID(events_.add(
        {EventKind::issued, before.card_number, before.patent_number, before.order_id, receipt.issued_at, {}}));
    return report("card_issued", before,
                  {{"receipt_sha256", crypto::sha256_text(crypto::as_bytes(text))}, {"verdict", receipt.verdict}});
  });
}

Logged<void> OrderLedger::void_order(std::string_view order_id, std::string_view reason) {
  return database_.transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto before, entry(order_id, {OrderState::received, OrderState::prepared, OrderState::writing,
                                                   OrderState::personalized}));
    end(before, OrderState::voided, reason);
    OrderContent content(database_, personal_);
    content.remove(order_id, Content::image);
    content.remove(order_id, Content::print_form);
    PATENT_TRY(const bool has_blank, holds_blank(before));
    if (has_blank) PATENT_TRY_VOID(stock_.reject(before.blank_number, reason, workplace_.operator_name, clock_()));
    return report("order_voided", before, {{"reason", std::string(reason)}});
  });
}

void OrderLedger::end(const LedgerEntry& entry, OrderState state, std::string_view void_reason) {
  database_.run(
      "UPDATE orders SET state = ?, void_reason = ?, ended = ?, held_reason = '', claimed_by = '', claimed_until = 0, "
      "lease = 0 WHERE order_id = ?",
      state, void_reason, number_of(clock_()), entry.order_id);
}

// Not one that was begun where no stock is kept.
Logged<bool> OrderLedger::holds_blank(const LedgerEntry& entry) {
  if (entry.blank_number.empty()) return false;
  PATENT_TRY(const auto blank, stock_.find(entry.blank_number));
  return blank && blank->state == BlankState::taken && blank->order_id == entry.order_id;
}

Logged<void> OrderLedger::report(std::string_view what, const LedgerEntry& entry,
                                 std::map<std::string, std::string> facts) {
  facts.insert({{"order", entry.order_id}, {"card", entry.card_number}});
  if (!entry.chip_serial.empty()) facts.emplace("chip", entry.chip_serial);
  if (!entry.blank_number.empty()) facts.emplace("blank", entry.blank_number);
  return audit_.append({what, clock_(), workplace_.operator_name, std::move(facts)});
}

}  // namespace personalize
