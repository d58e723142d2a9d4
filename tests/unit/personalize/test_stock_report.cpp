// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <set>

#include "crypto/file_key_vault.hpp"
#include "crypto/sha256_text.hpp"
#include "personalize/floor/stock_report.hpp"
#include "tests/unit/personalize/ledger_place.hpp"
#include "tests/unit/personalize/ledger_sample.hpp"

namespace {

using namespace personalize;

constexpr auto kNow = sample::kEnteredAt;
constexpr auto kEnd = kNow + std::chrono::hours(8);

std::unique_ptr<crypto::SigningKey> key(const std::filesystem::path& folder, std::string_view name) {
  auto made = crypto::FileKeyVault(folder, crypto::Passphrase("pass")).make_signing_key(name, crypto::Curve::secp256r1);
  REQUIRE(made);
  return *std::move(made);
}

// A day: three blanks, one issued for a written order, one spoilt and destroyed, one left; a shift that two signed.
struct Day {
  Day() {
    REQUIRE(signatories.enrol("Anna", anna->public_key(), "Chief", kNow));
    REQUIRE(signatories.enrol("Boris", boris->public_key(), "Chief", kNow));
    REQUIRE(stock.open_shift("station-1", "Anna", kNow));
    for (const auto* const number : {"AB1", "AB2", "AB3"}) receive(number);
    run("INSERT INTO orders (order_id, order_sha256, batch, received, state, card_number, chip_serial, blank_number,"
        " ended) VALUES ('order-1', '', '', 0, 4, 'P00000017', 'chip-AB1', 'AB1', 1)");
    run("INSERT INTO receipt (orders_id, content) VALUES (1, '{}')");
    REQUIRE(stock.take("AB1", "P", "chip-AB1", "order-1"));
    REQUIRE(stock.mark_issued("AB1", "Anna", kNow));
    REQUIRE(audit.append({"card_issued",
                          kNow,
                          "Anna",
                          {{"order", "order-1"}, {"receipt_sha256", crypto::sha256_text(crypto::as_bytes("{}"))}}}));
    REQUIRE(stock.reject("AB2", "scratched", "Anna", kNow));
    REQUIRE(stock.destroy("AB2", "Anna", "Boris", kNow));
    sign(blank_subject("AB2"), destruction_statement("AB2", "Anna", "Boris", kNow));
    const auto closed = stock.close_shift("station-1", "Anna", "Boris", kEnd);
    REQUIRE(closed);
    sign(shift_subject(closed->number), closing_statement(*closed));
  }
  void receive(std::string_view number) {
    REQUIRE(stock.receive({std::string(number), "P", "chip-" + std::string(number), "D-1", {}, {}, {}}, "Anna", kNow));
  }
  void sign(const std::string& subject, const std::string& statement) {
    REQUIRE(signatories.sign(subject, statement, "Anna", *anna));
    REQUIRE(signatories.sign(subject, statement, "Boris", *boris));
  }
  void run(const char* sql) {
    REQUIRE(database->guarded([&]() -> Logged<void> {
      database->run(sql);
      return {};
    }));
  }
  // As somebody does who owns the database.
  void unguard(const std::string& table) {
    const auto drop = "DROP TRIGGER " + table + "_stays" + (database->is_shared() ? " ON " + table : "");
    run(drop.c_str());
  }
  StockReport report() {
    const auto read = read_stock_report(*database, audit, kEnd);
    REQUIRE(read);
    return *read;
  }
  std::set<std::string> discrepancies() {
    const auto found = check_stock(*database, report());
    REQUIRE(found);
    std::set<std::string> codes;
    for (const auto& each : *found) {
      codes.insert(each.code + " " + each.subject);
      CHECK_FALSE(words_for(each).empty());
    }
    return codes;
  }

  TemporaryFolder folder;
  sample::LedgerPlace place{GENERATE(Engine::sqlite, Engine::postgres)};
  std::unique_ptr<Database> database = place.open();
  AuditChain audit{*database, "station-1"};
  Stock stock{*database, audit};
  Signatories signatories{*database, audit};
  std::unique_ptr<crypto::SigningKey> anna = key(folder / "", "anna"), boris = key(folder / "", "boris");
};

using Codes = std::set<std::string>;

}  // namespace

TEST_CASE("A day's stock adds up, by delivery, shift and operator", "[stock]") {
  Day day;
  const auto report = day.report();
  CHECK(report.sums == StockSums{3, 1, 0, 1, 1});
  REQUIRE(report.deliveries.size() == 1);
  CHECK(report.deliveries[0].sums == report.sums);
  REQUIRE(report.shifts.size() == 1);
  CHECK(report.shifts[0].well_signed());
  CHECK(report.shifts[0].counts.size() == 4);
  CHECK(report.outside_shifts.empty());
  REQUIRE(report.destroyed.size() == 1);
  CHECK(report.destroyed[0].reason == "scratched");
  CHECK(day.discrepancies().empty());

  using Catch::Matchers::Contains;
  CHECK_THAT(to_text(report), Contains("Anna and Boris, signatures good"));
  CHECK_THAT(to_text(report), Contains("3 received, 1 issued, 1 rejected, 1 destroyed"));
  const std::vector<StockDiscrepancy> none;
  CHECK_THAT(to_json(report, &none), Contains("\"well_signed\" : true") && Contains("\"discrepancies\" : []"));
  CHECK_THAT(to_html(report, &none), Contains("Everything was counted again, and fits."));
}

TEST_CASE("What does not fit the other books is named", "[stock]") {
  SECTION("an issued blank whose order is another chip's") {
    Day day;
    day.run("UPDATE orders SET chip_serial = 'chip-AB9'");
    CHECK(day.discrepancies() == Codes{"issued_without_order AB1"});
  }
  SECTION("an issued order without a blank, a receipt, or a line in the chain") {
    Day day;
    day.run(
        "INSERT INTO orders (order_id, order_sha256, batch, received, state, card_number, chip_serial,"
        " blank_number, ended) VALUES ('order-2', '', '', 0, 4, 'P00000025', 'chip-AB3', 'AB3', 1)");
    CHECK(day.discrepancies() == Codes{"order_without_blank order-2", "receipt_missing order-2"});
    day.run("INSERT INTO receipt (orders_id, content) VALUES (2, '{}')");
    CHECK(day.discrepancies() == Codes{"order_without_blank order-2", "audit_missing order-2"});
  }
  SECTION("a blank in hand for no order, and one that should be in the bin") {
    Day day;
    REQUIRE(day.stock.take("AB3", "P", "chip-AB3", "order-3"));
    CHECK(day.discrepancies() == Codes{"taken_without_order AB3"});
    day.run(
        "INSERT INTO orders (order_id, order_sha256, batch, received, state, chip_serial, blank_number, ended)"
        " VALUES ('order-3', '', '', 0, 5, 'chip-AB3', 'AB3', 1)");
    CHECK(day.discrepancies() == Codes{"taken_without_order AB3", "order_voided_blank_not_rejected order-3"});
  }
  SECTION("a movement that nobody told, and one that nobody made") {
    Day day;
    day.run("INSERT INTO blank (number, product, delivery) VALUES ('AB4', 'P', 'D-1')");
    day.run(
        "INSERT INTO blank_movement (blank, place, station, operator_name, witness, reason, moment)"
        " VALUES ('AB4', 0, 'station-1', 'Eve', '', '', 0)");
    REQUIRE(day.audit.append({"blank_rejected", kNow, "Eve", {{"blank", "AB3"}}}));
    CHECK(day.discrepancies() == Codes{"audit_missing AB4", "audit_unknown blank_rejected AB3"});
  }
  SECTION("a receipt that was exchanged") {
    Day day;
    day.unguard("receipt");
    day.run("UPDATE receipt SET content = '{\"verdict\":\"VALID\"}'");
    CHECK(day.discrepancies() == Codes{"receipt_changed order-1"});
  }
  SECTION("a shift whose sums were changed, signed or not") {
    Day day;
    day.run("UPDATE shift SET issued_after = 0, remaining_after = 2");
    CHECK(day.discrepancies() == Codes{"shift_unsigned 1", "shift_changed 1"});
  }
  SECTION("signatures that nobody made") {
    Day day;
    REQUIRE(day.stock.reject("AB3", "torn", "Anna", kNow));
    REQUIRE(day.stock.destroy("AB3", "Anna", "Boris", kNow));
    CHECK(day.discrepancies() == Codes{"destruction_unsigned AB3"});
  }
  SECTION("a broken chain") {
    Day day;
    day.unguard("audit_line");
    day.run("UPDATE audit_line SET line = 'x' WHERE number = 2");
    CHECK(day.discrepancies() == Codes{"chain_broken station-1"});
  }
}

TEST_CASE("Nobody signs for another, and a new key does not spoil an old signature", "[stock]") {
  Day day;
  CHECK(day.signatories.sign("x", "statement", "Carl", *day.anna).error().error == LedgerError::not_found);
  CHECK(day.signatories.sign("x", "statement", "Boris", *day.anna).error().error == LedgerError::wrong_state);
  CHECK_FALSE(day.signatories.enrol("Eve", day.anna->public_key(), "Eve", kNow));  // a key is one's own
  CHECK_FALSE(day.signatories.enrol("", day.anna->public_key(), "Eve", kNow));
  CHECK_FALSE(day.signatories.enrol("Eve", {crypto::Bytes(5, 1)}, "Eve", kNow));

  const auto newer = key(day.folder / "", "anna-2");
  REQUIRE(day.signatories.enrol("Anna", newer->public_key(), "Chief", kEnd));
  CHECK(day.report().shifts[0].well_signed());
  CHECK(day.signatories.sign("x", "statement", "Anna", *day.anna).error().error == LedgerError::wrong_state);
  CHECK(day.signatories.sign("x", "statement", "Anna", *newer));
  const auto signatures = *day.signatories.signatures("x");
  REQUIRE(signatures.size() == 1);
  CHECK_FALSE(signed_by_two(signatures, "statement", "Anna", "Anna"));
  CHECK_FALSE(signed_by_two(signatures, "statement", "Anna", "Boris"));
}

TEST_CASE("What people wrote stays text in the HTML report", "[stock]") {
  Day day;
  REQUIRE(day.stock.reject("AB3", "<script>alert(\"1\")</script>&", "Anna", kNow));
  const auto html = to_html(day.report(), nullptr);
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;") != std::string::npos);
}
