// SPDX-License-Identifier: Apache-2.0
// INNs in the ledger: under a key, out of older ledgers, and forgotten.
#include <SQLiteCpp/SQLiteCpp.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <pqxx/pqxx>
#include <sstream>

#include "personalize/ledger/ledger_archive.hpp"
#include "personalize/ledger/ledger_key.hpp"
#include "personalize/status/transitions.hpp"
#include "tests/unit/personalize/books.hpp"

namespace {

using namespace personalize;
using namespace std::chrono_literals;
using patent::State;
using sample::kInn;
using sample::LedgerPlace;
using sample::personal_data;

constexpr std::string_view kWrongInn = "775123456799";
const std::string kUin = "18810000000000000001", kLostUin = "18810000000000000002";

void script(Engine engine, const std::string& where, const std::string& sql) {
  if (engine == Engine::sqlite) {
    SQLite::Database(where, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
    return;
  }
  pqxx::connection connection(where);
  pqxx::nontransaction(connection).exec(sql);
}

// As schema 9 left it: a card, its payment, and one under a mistyped INN.
void make_older(Engine engine, const std::string& where) {
  std::string sql = expand("CREATE TABLE schema_version (version INTEGER PRIMARY KEY);", engine);
  for (std::size_t i = 0; i < 9; ++i) {
    sql += expand(ledger_migrations()[i], engine);
    sql += "INSERT INTO schema_version VALUES (" + std::to_string(i + 1) + ");";
  }
  script(engine, where, sql);
  script(engine, where,
         "INSERT INTO list (uri) VALUES ('https://status.example/lists/0');"
         "INSERT INTO list_entry (list_id, list_index) VALUES (1, 5);"
         "INSERT INTO card (card_number, patent_number, holder_inn, territory_oktmo, issue_date, issuing_unit, policy, "
         "list_id, list_index) VALUES ('P00000017', '772600123456', '775123456798', '45000000', 20260310, '770-001', "
         "1, 1, 5);"
         "INSERT INTO status (card_id, sequence, state, reason, months_paid, as_of, issuing_unit, policy) "
         "VALUES (1, 1, 0, 0, 1, 1773133200, '770-001', 1);"
         "INSERT INTO payment (uin, payer_inn, kbk, oktmo, kopecks, paid_on, known_on, card_id, reason) VALUES "
         "('18810000000000000001', '775123456798', '18210102040011000110', '45000000', 1000000, 20260409, 20260410, 1, "
         "0), ('18810000000000000002', '775123456799', '18210102040011000110', '45000000', 1000000, 20260409, "
         "20260410, NULL, 1);"
         "UPDATE payment SET settled = 1;");
}

// All that the engine keeps, but its server's log.
bool stands_anywhere(const LedgerPlace& place, Engine engine, std::string_view text) {
  if (engine == Engine::sqlite) {
    for (const auto* const suffix : {"", "-wal"}) {
      std::ifstream in(place.where() + suffix, std::ios::binary);
      const std::string octets{std::istreambuf_iterator<char>(in), {}};
      if (octets.find(text) != std::string::npos) return true;
    }
    return false;
  }
  pqxx::connection connection(place.where());
  pqxx::nontransaction work(connection);
  for (const auto* const table : {"card", "payment", "clear_inn", "card_of_holder"}) {
    work.exec("CHECKPOINT");
    const auto file =
        work.exec("SELECT encode(pg_read_binary_file(pg_relation_filepath('" + std::string(table) + "')), 'escape')");
    if (file[0][0].as<std::string>().find(text) != std::string::npos) return true;
  }
  return false;
}

std::unique_ptr<StatusLedger> opened(const LedgerPlace& place, PersonalData personal) {
  return StatusBook::open(place.where(), MissingDatabase::refuse, std::move(personal)).value();
}

}  // namespace

TEST_CASE("What an older ledger has in the clear comes under the first key", "[ledger]") {
  const auto engine = GENERATE(Engine::sqlite, Engine::postgres);
  const LedgerPlace place(engine);
  make_older(engine, place.where());
  CHECK(stands_anywhere(place, engine, kInn));
  {  // without the key all is there but the INNs
    const auto ledger = opened(place, PersonalData::locked());
    CHECK(ledger->card("P00000017").value() == sample::ledger_card("P00000017", 5));
    CHECK(ledger->payment(kUin).value()->line.payer_inn.empty());
    CHECK(ledger->cards_of(kInn).error().error == LedgerError::no_key);
    const auto database = place.open();
    std::ostringstream out;
    CHECK(export_ledger(*database, out).error().error == LedgerError::no_key);
    CHECK(out.str().empty());
  }
  const auto seal = [&] {
    const auto ledger = opened(place, personal_data());
    CHECK(ledger->cards_of(kInn)->size() == 1);
    CHECK(ledger->payment(kUin).value()->line.payer_inn == kInn);
    CHECK(ledger->payment(kLostUin).value()->line.payer_inn == kWrongInn);
    return Logged<void>();
  };
  if (engine == Engine::postgres) {  // while somebody looks at the moment before
    const auto looker = place.open();
    CHECK(looker->snapshot([&]() -> Logged<void> {
      looker->query("SELECT COUNT(*) FROM list");
      return seal();
    }));
  } else {
    seal();
  }
  for (const auto inn : {kInn, kWrongInn}) CHECK_FALSE(stands_anywhere(place, engine, inn));
  const auto database = place.open();
  CHECK(has_clear_inns(*database) == false);
  std::ostringstream out;
  CHECK(export_ledger(*database, out));
  CHECK(out.str().find("7751234567") == std::string::npos);
  CHECK(opened(place, personal_data())->cards_of(kInn)->size() == 1);
}

TEST_CASE("Who was killed before all of it was written over is followed by the next one", "[ledger]") {
  const auto engine = GENERATE(Engine::sqlite, Engine::postgres);
  const LedgerPlace place(engine);
  place.open()->script("INSERT INTO clear_inn (inn) VALUES ('')");  // as the transaction leaves it
  CHECK(has_clear_inns(*place.open()) == true);
  opened(place, personal_data());
  CHECK(has_clear_inns(*place.open()) == false);
}

TEST_CASE("A ledger has one key", "[ledger]") {
  const LedgerPlace place(GENERATE(Engine::sqlite, Engine::postgres));
  const auto error_under = [&](crypto::Byte octet) {
    const auto ledger = StatusBook::open(place.where(), MissingDatabase::refuse, personal_data(octet));
    return ledger ? std::nullopt : std::optional(ledger.error().error);
  };
  {
    sample::Books books(place.open());  // has sealed something, and is not asked for its key yet
    REQUIRE(books.queue.submit({"0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e01", "AB", "", "{}"}, books.now));
  }
  CHECK(error_under(8) == LedgerError::no_key);
  CHECK_FALSE(error_under(7));
  CHECK(error_under(8) == LedgerError::no_key);
  CHECK_FALSE(error_under(7));
}

TEST_CASE("A payment that came again is known by its payer too", "[ledger]") {
  const LedgerPlace place(GENERATE(Engine::sqlite, Engine::postgres));
  sample::Books books(place.open());
  sample::entered(books.statuses, "P00000017", 5);
  PaymentLine line{.uin = kUin,
                   .payer_inn = std::string(kInn),
                   .kbk = "18210102040011000110",
                   .oktmo = "45000000",
                   .kopecks = 1'000'000,
                   .paid_on = 2026y / 4 / 9,
                   .known_on = 2026y / 4 / 10};
  CHECK(books.statuses.add_payment(line, "P00000017", Unmatched::none) == true);
  CHECK(books.statuses.add_payment(line, "P00000017", Unmatched::none) == false);
  auto other = line;
  other.payer_inn = kWrongInn;
  CHECK(books.statuses.add_payment(other, {}, Unmatched::unknown_inn).error().error == LedgerError::wrong_state);
  CHECK(books.statuses.payments_of("P00000017").value().front().line == line);

  const auto locked = PersonalData::locked();
  StatusBook without(*books.database, locked);
  CHECK(without.add_payment(line, "P00000017", Unmatched::none).error().error == LedgerError::no_key);
  CHECK(without.payments_of("P00000017").value().front().line.payer_inn.empty());
  const auto stranger = personal_data(8);
  StatusBook under_another(*books.database, stranger);
  CHECK(under_another.payments_of("P00000017").error().error == LedgerError::no_key);

  REQUIRE(books.statuses.forget_inns(sample::kEnteredAt + std::chrono::days(366))->payers == 1);
  CHECK(books.statuses.add_payment(line, "P00000017", Unmatched::none) == false);  // as far as is known
}

TEST_CASE("Whose cards and payments were is forgotten when they are over", "[ledger]") {
  const LedgerPlace place(GENERATE(Engine::sqlite, Engine::postgres));
  sample::Books books(place.open());
  auto& ledger = books.statuses;
  for (std::uint32_t i = 0; i < 3; ++i) {
    const auto number = "P0000001" + std::to_string(i);
    sample::entered(ledger, number, i);  // on 2026-03-10
    REQUIRE(ledger.add_payment({.uin = "1881000000000000000" + std::to_string(i),
                                .payer_inn = std::string(kInn),
                                .kbk = "18210102040011000110",
                                .oktmo = "45000000",
                                .kopecks = 1'000'000,
                                .paid_on = 2026y / 4 / 9,
                                .known_on = 2026y / 4 / 10},
                               i == 2 ? "" : number, i == 2 ? Unmatched::wrong_kbk : Unmatched::none));
  }
  const auto end = [&](std::string_view number, State state) {
    const auto newest = ledger.newest_status(number).value().value();
    REQUIRE(ledger.add_status(follow(newest, {state, 0, newest.months_paid, sample::kEnteredAt + 24h}).value()));
  };
  end("P00000010", State::replaced);
  end("P00000011", State::annulled);  // a court may put it in force again
  const auto noon = [](patent::Date day) { return std::chrono::sys_days(day) + 9h; };
  const auto forgotten = [&](patent::Date day) {
    const auto now = ledger.forget_inns(noon(day)).value();
    return std::pair(now.holders, now.payers);
  };
  CHECK(forgotten(2026y / 3 / 11) == std::pair<std::int64_t, std::int64_t>(0, 0));
  CHECK(forgotten(2026y / 3 / 12) == std::pair<std::int64_t, std::int64_t>(1, 1));
  CHECK(ledger.cards_of(kInn)->size() == 2);
  CHECK(ledger.is_held_by("P00000010", kInn).value() == std::nullopt);
  CHECK(ledger.enter(sample::ledger_card("P00000010", 0), kInn,
                     sample::first_record(sample::ledger_card("P00000010", 0))));
  CHECK(forgotten(2026y / 4 / 10) == std::pair<std::int64_t, std::int64_t>(0, 0));
  CHECK(forgotten(2026y / 4 / 11) == std::pair<std::int64_t, std::int64_t>(0, 1));  // it was nobody's
  CHECK(forgotten(2027y / 3 / 9) == std::pair<std::int64_t, std::int64_t>(0, 0));   // the last day of the patent
  CHECK(forgotten(2027y / 3 / 10) == std::pair<std::int64_t, std::int64_t>(2, 1));
  CHECK(ledger.cards_of(kInn)->empty());
  const auto left = ledger.payments_of("P00000011").value();
  REQUIRE(left.size() == 1);
  CHECK(left.front().line.kopecks == 1'000'000);
  CHECK(left.front().line.payer_inn.empty());
}

TEST_CASE("What nobody had sealed yet is forgotten as well", "[ledger]") {
  const auto engine = GENERATE(Engine::sqlite, Engine::postgres);
  const LedgerPlace place(engine);
  make_older(engine, place.where());
  {
    const auto ledger = opened(place, PersonalData::locked());
    const auto now = ledger->forget_inns(std::chrono::sys_days(2027y / 3 / 10) + 9h).value();
    CHECK(now.holders == 1);
    CHECK(now.payers == 2);
  }
  CHECK(has_clear_inns(*place.open()) == true);  // they stand in what was deleted
  CHECK(opened(place, personal_data())->cards_of(kInn)->empty());
  CHECK(has_clear_inns(*place.open()) == false);
  for (const auto inn : {kInn, kWrongInn}) CHECK_FALSE(stands_anywhere(place, engine, inn));
}
