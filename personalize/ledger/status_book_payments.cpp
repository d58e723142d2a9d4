// SPDX-License-Identifier: Apache-2.0
// Payments, and whose they are.
#include "personalize/ledger/column_values.hpp"
#include "personalize/ledger/inn_columns.hpp"
#include "personalize/ledger/status_book.hpp"

namespace personalize {
Logged<PaymentLine> StatusBook::line_in(const Rows& row) {
  PaymentLine line{.uin = row.text(0),
                   .payer_inn = {},
                   .kbk = row.text(2),
                   .oktmo = row.text(3),
                   .kopecks = row.number(4),
                   .paid_on = date_of(row.number(5)),
                   .known_on = date_of(row.number(6))};
  if (row.is_null(1) || personal_.is_locked()) return line;
  auto inn = payer_in(personal_, line.uin, row.octets(1));
  if (!inn) return database_.failure(LedgerError::no_key);
  line.payer_inn = *std::move(inn);
  return line;
}

Logged<std::vector<StoredPayment>> StatusBook::payments_in(Rows& rows) {
  std::vector<StoredPayment> payments;
  while (rows.next()) {
    PATENT_TRY(auto line, line_in(rows));
    payments.push_back({.id = rows.number(7),
                        .line = std::move(line),
                        .card_number = rows.text(8),
                        .reason = static_cast<Unmatched>(rows.number(9))});
  }
  return payments;
}

std::optional<std::int64_t> StatusBook::id_of(std::string_view card_number) {
  if (found_.first == card_number) return found_.second;
  const auto rows = database_.query("SELECT id FROM card WHERE card_number = ?", card_number);
  return rows->next() ? std::optional(rows->number(0)) : std::nullopt;
}

// A payment stays the same whichever statement brings it, on whatever day.
Logged<bool> StatusBook::add_payment(const PaymentLine& line, std::string_view card_number, Unmatched reason) {
  const auto payer = payer_column(personal_, line.uin, line.payer_inn);
  if (!payer) return database_.failure(LedgerError::no_key);
  return database_.guarded([&]() -> Logged<bool> {
    const auto card = card_number.empty() ? std::nullopt : id_of(card_number);
    if (!card_number.empty() && !card)
      return crypto::unexpected<LedgerFailure>({LedgerError::not_found, std::string(card_number), {}});
    const auto changed = database_.run(
        "INSERT INTO payment (uin, payer, kbk, oktmo, kopecks, paid_on, known_on, reason, card_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uin) DO NOTHING",
        line.uin, *payer, line.kbk, line.oktmo, line.kopecks, number_of(line.paid_on), number_of(line.known_on), reason,
        card);
    if (changed == 1) return true;
    const auto rows = database_.query(
        "SELECT uin, payer, kbk, oktmo, kopecks, paid_on, known_on FROM payment WHERE uin = ?", line.uin);
    if (!rows->next()) return crypto::unexpected<LedgerFailure>({LedgerError::corrupt, line.uin, {}});
    PATENT_TRY(auto known, line_in(*rows));
    known.known_on = line.known_on;
    if (known.payer_inn.empty()) known.payer_inn = line.payer_inn;  // forgotten
    if (known != line) return crypto::unexpected<LedgerFailure>({LedgerError::wrong_state, line.uin, {}});
    return false;
  });
}

Logged<std::optional<StoredPayment>> StatusBook::payment(std::string_view uin) {
  return database_.guarded([&]() -> Logged<std::optional<StoredPayment>> {
    const auto rows = database_.query(
        "SELECT uin, payer, kbk, oktmo, kopecks, paid_on, known_on, payment.id, "
        "COALESCE(card_number, ''), reason FROM payment LEFT JOIN card ON card.id = payment.card_id "
        "WHERE uin = ?",
        uin);
    PATENT_TRY(auto found, payments_in(*rows));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
  });
}

Logged<std::vector<StoredPayment>> StatusBook::payments_of(std::string_view card_number) {
  return database_.guarded([&]() -> Logged<std::vector<StoredPayment>> {
    const auto rows = database_.query(
        "SELECT uin, payer, kbk, oktmo, kopecks, paid_on, known_on, payment.id, card_number, "
        "reason FROM payment JOIN card ON card.id = payment.card_id WHERE card_number = ? "
        "ORDER BY paid_on, payment.id",
        card_number);
    return payments_in(*rows);
  });
}

Logged<std::vector<StoredPayment>> StatusBook::unmatched() {
  return database_.guarded([&]() -> Logged<std::vector<StoredPayment>> {
    const auto rows = database_.query(
        "SELECT uin, payer, kbk, oktmo, kopecks, paid_on, known_on, id, '', reason "
        "FROM payment WHERE card_id IS NULL ORDER BY paid_on, id");
    return payments_in(*rows);
  });
}

Logged<void> StatusBook::match(std::int64_t payment, std::string_view card_number) {
  return transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto owner, card(card_number));
    if (!owner) return crypto::unexpected<LedgerFailure>({LedgerError::not_found, std::string(card_number), {}});
    const auto changed = database_.run(
        "UPDATE payment SET card_id = (SELECT id FROM card WHERE card_number = ?), reason = 0 "
        "WHERE id = ? AND card_id IS NULL",
        card_number, payment);
    if (changed == 0)
      return crypto::unexpected<LedgerFailure>({LedgerError::wrong_state, "payment " + std::to_string(payment), {}});
    return {};
  });
}

Logged<void> StatusBook::release(std::int64_t payment) {
  return database_.guarded([&]() -> Logged<void> {
    const auto changed =
        database_.run("UPDATE payment SET card_id = NULL, reason = ?, settled = 0 WHERE id = ? AND card_id IS NOT NULL",
                      Unmatched::released, payment);
    if (changed == 0)
      return crypto::unexpected<LedgerFailure>({LedgerError::wrong_state, "payment " + std::to_string(payment), {}});
    return {};
  });
}

Logged<std::vector<std::string>> StatusBook::unsettled() {
  return database_.guarded([&]() -> Logged<std::vector<std::string>> {
    const auto rows = database_.query(
        "SELECT DISTINCT card_number FROM payment JOIN card ON card.id = payment.card_id "
        "WHERE payment.settled = 0 ORDER BY card_number");
    std::vector<std::string> cards;
    while (rows->next()) cards.push_back(rows->text(0));
    return cards;
  });
}

// While it stands where it was seen.
Logged<void> StatusBook::mark_settled(const StoredPayment& payment) {
  return database_.guarded([&]() -> Logged<void> {
    database_.run(
        "UPDATE payment SET settled = 1 WHERE id = ? AND settled = 0 AND "
        "card_id = (SELECT id FROM card WHERE card_number = ?)",
        payment.id, payment.card_number);
    return {};
  });
}

Logged<void> StatusBook::hand_over_payments(std::string_view from_card, std::string_view to_card) {
  return database_.guarded([&]() -> Logged<void> {
    database_.run(
        "UPDATE payment SET card_id = (SELECT id FROM card WHERE card_number = ?) WHERE settled = 0 AND "
        "card_id = (SELECT id FROM card WHERE card_number = ?)",
        to_card, from_card);
    return {};
  });
}

}  // namespace personalize
