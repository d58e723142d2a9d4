// SPDX-License-Identifier: Apache-2.0
// What the ledger knows of orders, and how it forgets whom they were for.
#include "personalize/ledger/order_content.hpp"
#include "personalize/ledger/order_ledger.hpp"
#include "personalize/ledger/order_rows.hpp"
#include "personalize/ledger/print_form_text.hpp"
#include "reader/inspect/instant.hpp"

namespace personalize {
namespace {

std::string text_of(const crypto::Bytes& octets) { return {octets.begin(), octets.end()}; }

std::optional<LedgerEntry> first_of(const std::unique_ptr<Rows>& rows) {
  return rows->next() ? std::optional(entry_in(*rows)) : std::nullopt;
}

}  // namespace

std::string OrderLedger::receipt_place(std::string_view order_id) const {
  return database_.place() + '#' + std::string(order_id);
}

Logged<std::optional<LedgerEntry>> OrderLedger::find(std::string_view order_id) {
  return database_.guarded([&]() -> Logged<std::optional<LedgerEntry>> {
    static const auto words = select_entry("WHERE order_id = ? AND state <> 0");
    return first_of(database_.query(words, order_id));
  });
}

Logged<std::optional<LedgerEntry>> OrderLedger::find_by_chip(std::string_view chip_serial) {
  return database_.guarded([&]() -> Logged<std::optional<LedgerEntry>> {
    // One at most is not voided.
    static const auto words = select_entry(
        "WHERE chip_serial = ? AND chip_serial <> '' "
        "ORDER BY CASE state WHEN 5 THEN 1 ELSE 0 END, ended DESC LIMIT 1");
    return first_of(database_.query(words, chip_serial));
  });
}

Logged<void> OrderLedger::check_numbers(const LedgerEntry& entry) {
  return database_.guarded([&]() -> Logged<void> {
    static const auto of_card = select_entry("WHERE card_number = ? AND order_id <> ?");
    const auto same_card = first_of(database_.query(of_card, entry.card_number, entry.order_id));
    if (same_card)
      return crypto::unexpected<LedgerFailure>({LedgerError::card_number_used, database_.place(), same_card->order_id});
    // The last one that is not voided bears the number now.
    static const auto of_patent = select_entry(
        "WHERE patent_number = ? AND patent_number <> '' AND order_id <> ? "
        "AND state <> 5 ORDER BY id DESC LIMIT 1");
    const auto bearer = first_of(database_.query(of_patent, entry.patent_number, entry.order_id));
    const bool succeeds =
        bearer && !entry.previous_card_number.empty() && bearer->card_number == entry.previous_card_number;
    if (bearer && !succeeds)
      return crypto::unexpected<LedgerFailure>({LedgerError::patent_number_used, database_.place(), bearer->order_id});
    return {};
  });
}

Logged<OpenCard> OrderLedger::open_card(std::string_view order_id) {
  return database_.guarded([&]() -> Logged<OpenCard> {
    PATENT_TRY(const auto found,
               entry(order_id, {OrderState::prepared, OrderState::writing, OrderState::personalized}));
    PATENT_TRY(const auto form, print_form(order_id));
    auto can = form ? can_of(*form) : std::nullopt;
    if (!can) return refuse(LedgerError::corrupt, order_id);
    OpenCard open{{}, *std::move(can)};
    if (found.image_sha256.empty()) return open;
    PATENT_TRY(const auto image, OrderContent(database_, personal_).get(order_id, Content::image));
    if (image) open.image = card_image_from_json(text_of(*image));
    if (!open.image) return refuse(LedgerError::corrupt, order_id);
    return open;
  });
}

Logged<std::vector<LedgerEntry>> OrderLedger::list(std::string_view after, std::int64_t count) {
  return database_.guarded([&]() -> Logged<std::vector<LedgerEntry>> {
    static const auto words =
        select_entry("WHERE id > COALESCE((SELECT id FROM orders WHERE order_id = ?), 0) ORDER BY id LIMIT ?");
    const auto rows = database_.query(words, after, count);
    std::vector<LedgerEntry> entries;
    while (rows->next()) entries.push_back(entry_in(*rows));
    return entries;
  });
}

Logged<std::optional<PrintForm>> OrderLedger::print_form(std::string_view order_id) {
  return database_.guarded([&]() -> Logged<std::optional<PrintForm>> {
    PATENT_TRY(const auto text, OrderContent(database_, personal_).get(order_id, Content::print_form));
    if (!text) return std::optional<PrintForm>();
    auto form = print_form_from(text_of(*text));
    if (!form) return refuse(LedgerError::corrupt, order_id);
    return form;
  });
}

Logged<std::optional<std::string>> OrderLedger::receipt(std::string_view order_id) {
  return database_.guarded([&]() -> Logged<std::optional<std::string>> {
    const auto row = database_.query(
        "SELECT content FROM receipt JOIN orders ON orders.id = receipt.orders_id WHERE order_id = ?", order_id);
    if (!row->next()) return std::optional<std::string>();
    return std::optional(row->text(0));
  });
}

Logged<OrderLedger::Erasure> OrderLedger::erase_personal_data(std::chrono::sys_seconds ended_before) {
  Erasure erased;
  auto& orders = erased.orders;
  PATENT_TRY_VOID(database_.transaction([&]() -> Logged<void> {
    {
      const auto row = database_.query(
          "SELECT COUNT(DISTINCT orders_id) FROM order_content JOIN orders ON orders.id = orders_id WHERE ended < ?",
          number_of(ended_before));
      row->next();
      orders = row->number(0);
    }
    PATENT_TRY(erased.inns, statuses_.forget_inns(ended_before));
    const auto& [holders, payers] = erased.inns;
    if (orders + holders + payers == 0) return {};
    database_.run("DELETE FROM order_content WHERE orders_id IN (SELECT id FROM orders WHERE ended < ?)",
                  number_of(ended_before));
    return audit_.append({"personal_data_erased",
                          clock_(),
                          workplace_.operator_name,
                          {{"ended_before", reader::to_iso(ended_before)},
                           {"orders", std::to_string(orders)},
                           {"cards", std::to_string(holders)},
                           {"payments", std::to_string(payers)}}});
  }));
  PATENT_TRY_VOID(database_.guarded([&]() -> Logged<void> {  // nor may it stand in a log, or in rows that are dead
    if (database_.is_shared()) {
      database_.script("VACUUM order_content, card, payment, clear_inn");
      return {};
    }
    const auto row = database_.query("PRAGMA wal_checkpoint(TRUNCATE)");
    erased.log_remains = row->next() && row->number(0) != 0;
    return {};
  }));
  return erased;
}

}  // namespace personalize
