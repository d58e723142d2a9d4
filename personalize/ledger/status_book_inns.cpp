// SPDX-License-Identifier: Apache-2.0
// Whose the cards are, and how that is forgotten.
#include "card/patent/paid_period.hpp"
#include "personalize/ledger/column_values.hpp"
#include "personalize/ledger/inn_columns.hpp"
#include "personalize/ledger/status_book.hpp"

namespace personalize {
namespace {

constexpr std::chrono::hours kMoscow{3};

// Replaced or given back, or the longest term of its patent has run out. In the other states a patent may be put in
// force again, or another card follow.
constexpr std::string_view kCardsOver =
    "(SELECT id FROM card WHERE issue_date <= ? OR id IN "
    "(SELECT card_id FROM status WHERE state IN (14, 15) AND as_of < ?))";

}  // namespace

Logged<std::string> StatusBook::holder(std::string_view inn) {
  auto pseudonym = holder_column(personal_, inn);
  if (!pseudonym) return database_.failure(LedgerError::no_key);
  return *std::move(pseudonym);
}

Logged<std::vector<HeldCard>> StatusBook::cards_of(std::string_view holder_inn) {
  PATENT_TRY(const auto pseudonym, holder(holder_inn));
  return database_.guarded([&]() -> Logged<std::vector<HeldCard>> {
    const auto rows = database_.query(
        "SELECT card_number, territory_oktmo, issue_date, id FROM card WHERE holder = ? ORDER BY card_number",
        pseudonym);
    std::vector<HeldCard> cards;
    while (rows->next()) {
      cards.push_back({rows->text(0), rows->text(1), date_of(rows->number(2))});
      found_ = {cards.back().card_number, rows->number(3)};
    }
    return cards;
  });
}

Logged<std::optional<bool>> StatusBook::is_held_by(std::string_view card_number, std::string_view inn) {
  PATENT_TRY(const auto pseudonym, holder(inn));
  return database_.guarded([&]() -> Logged<std::optional<bool>> {
    const auto row = database_.query("SELECT holder FROM card WHERE card_number = ?", card_number);
    if (!row->next() || row->is_null(0)) return std::optional<bool>();
    return std::optional(row->text(0) == pseudonym);
  });
}

// An older ledger's may stand in the clear still.
Logged<ForgottenInns> StatusBook::forget_inns(std::chrono::sys_seconds before) {
  constexpr std::int64_t kYear = 10000;  // in YYYYMMDD
  const auto day = number_of(patent::civil_date(before, kMoscow)), issued = day - kYear;
  const auto moment = number_of(before);
  const std::string cards(kCardsOver);
  const auto payments = "(card_id IN " + cards + " OR (card_id IS NULL AND known_on < ?))";
  ForgottenInns forgotten;
  PATENT_TRY_VOID(transaction([&]() -> Logged<void> {
    forgotten.holders =
        database_.run("UPDATE card SET holder = NULL WHERE holder IS NOT NULL AND id IN " + cards, issued, moment) +
        database_.run("DELETE FROM clear_inn WHERE card_id IN " + cards, issued, moment);
    forgotten.payers =
        database_.run("UPDATE payment SET payer = NULL WHERE payer IS NOT NULL AND " + payments, issued, moment, day) +
        database_.run("DELETE FROM clear_inn WHERE payment_id IN (SELECT id FROM payment WHERE " + payments + ")",
                      issued, moment, day);
    return {};
  }));
  return forgotten;
}

}  // namespace personalize
