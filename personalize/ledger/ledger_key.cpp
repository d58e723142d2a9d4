// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/ledger_key.hpp"

#include "personalize/ledger/inn_columns.hpp"
#include "personalize/ledger/order_content.hpp"

namespace personalize {
namespace {

// False when the ledger knows no key yet.
Logged<bool> is_known(Database& database, std::string_view check) {
  return database.guarded([&]() -> Logged<bool> {
    const auto row = database.query("SELECT check_value FROM ledger_key");
    if (!row->next()) return false;
    if (row->text(0) != check) return database.failure(LedgerError::no_key);
    return true;
  });
}

// An older ledger knows its key by what it has sealed.
Logged<void> try_on_content(Database& database, const PersonalData& personal) {
  const auto row =
      database.query("SELECT order_id, kind FROM order_content JOIN orders ON orders.id = orders_id LIMIT 1");
  if (!row->next()) return {};
  PATENT_TRY_VOID(OrderContent(database, personal).get(row->text(0), static_cast<Content>(row->number(1))));
  return {};
}

Logged<void> make_known(Database& database, const PersonalData& personal, std::string_view check) {
  return database.transaction([&]() -> Logged<void> {
    database.queue_up();
    PATENT_TRY(const bool known, is_known(database, check));  // another station was quicker
    if (known) return {};
    PATENT_TRY_VOID(try_on_content(database, personal));
    database.run("INSERT INTO ledger_key (check_value) VALUES (?)", check);
    return {};
  });
}

Logged<void> seal_rows(Database& database, const PersonalData& personal) {
  const auto row = database.stream(
      "SELECT clear_inn.card_id, payment_id, uin, inn FROM clear_inn LEFT JOIN payment ON payment.id = payment_id");
  while (row->next()) {
    if (!row->is_null(0)) {
      const auto holder = holder_column(personal, row->text(3));
      if (!holder) return database.failure(LedgerError::no_key);
      database.run("UPDATE card SET holder = ? WHERE id = ?", *holder, row->number(0));
    } else if (!row->is_null(1)) {
      const auto payer = payer_column(personal, row->text(2), row->text(3));
      if (!payer) return database.failure(LedgerError::no_key);
      database.run("UPDATE payment SET payer = ? WHERE id = ?", *payer, row->number(1));
    }
  }
  return {};
}

// What was deleted stands on in free pages, dropped columns, dead rows and the log.
Logged<void> write_anew(Database& database) {
  database.script(database.is_shared() ? "VACUUM FULL card, payment, clear_inn" : "VACUUM");
  if (database.is_shared()) return {};
  const auto log = database.query("PRAGMA wal_checkpoint(TRUNCATE)");
  const bool emptied = log->next() && log->number(0) == 0;
  return emptied ? Logged<void>() : database.failure(LedgerError::in_use);
}

Logged<void> seal_clear_inns(Database& database, const PersonalData& personal) {
  const auto sealed = database.transaction([&]() -> Logged<void> {
    database.queue_up();
    PATENT_TRY_VOID(seal_rows(database, personal));
    // A server keeps deleted rows, through VACUUM FULL too, for whoever looks at an earlier moment.
    database.script(database.is_shared() ? "TRUNCATE clear_inn" : "DELETE FROM clear_inn");
    database.run("INSERT INTO clear_inn (inn) VALUES ('')");  // up to where nothing of it stands on the disk
    return {};
  });
  PATENT_TRY_VOID(sealed);
  return database.guarded([&]() -> Logged<void> {
    PATENT_TRY_VOID(write_anew(database));
    database.run("DELETE FROM clear_inn WHERE card_id IS NULL AND payment_id IS NULL");
    return {};
  });
}

}  // namespace

Logged<void> take_ledger_key(Database& database, const PersonalData& personal) {
  const auto check = personal.pseudonym("ledger", "key");
  if (!check) return database.failure(LedgerError::no_key);
  PATENT_TRY(const bool known, is_known(database, *check));
  if (!known) PATENT_TRY_VOID(make_known(database, personal, *check));
  PATENT_TRY(const bool has_clear, has_clear_inns(database));
  return has_clear ? seal_clear_inns(database, personal) : Logged<void>();
}

Logged<bool> has_clear_inns(Database& database) {
  return database.guarded([&]() -> Logged<bool> { return database.query("SELECT 1 FROM clear_inn LIMIT 1")->next(); });
}

}  // namespace personalize
