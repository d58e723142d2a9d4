// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <set>

#include "crypto/file_key_vault.hpp"
#include "crypto/sha256_text.hpp"
#include "crypto/signature.hpp"
#include "personalize/floor/stock_report.hpp"
#include "tests/unit/personalize/ledger_place.hpp"
#include "tests/unit/personalize/ledger_sample.hpp"

namespace {

using namespace personalize;
using reader::Language;

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
    REQUIRE(signatories.enrol("Anna", anna->public_key(), "Chief", kNow, {}));
    REQUIRE(signatories.enrol("Boris", boris->public_key(), "Anna", kNow, by_anna));
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
      for (const auto language : {Language::english, Language::russian}) CHECK_FALSE(words_for(each, language).empty());
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
  std::vector<Signatories::Voucher> by_anna{{"Anna", anna.get()}}, by_boris{{"Boris", boris.get()}},
      by_both{by_anna[0], by_boris[0]};
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
  const auto text = to_text(report, Language::english), russian = to_text(report, Language::russian);
  CHECK_THAT(text, Contains("Anna and Boris, signatures good") && Contains("3 received, 1 issued, 1 rejected"));
  CHECK_THAT(russian, Contains("Anna и Boris: подписи верны") && Contains("3 получено, 1 выпущено, 1 брак"));
  const std::vector<StockDiscrepancy> none;
  CHECK_THAT(to_json(report, &none), Contains("\"well_signed\" : true") && Contains("\"discrepancies\" : []"));
  const auto html = to_html(report, &none, Language::english);
  CHECK_THAT(html, Contains("Everything was counted again, and fits.") && Contains("1 + 0 + 1 + 1 = 3: the sum holds"));
  CHECK_THAT(to_html(report, &none, Language::russian), Contains("Всё пересчитано") && Contains("сумма сходится"));

  // Which state of the ledger this is: the head of its audit chain.
  REQUIRE(report.chains.size() == 1);
  const auto head = crypto::to_hex(report.chains.at("station-1").hash);
  for (const auto& form : {text, russian, html, to_json(report, nullptr)}) CHECK_THAT(form, Contains(head));
}

TEST_CASE("A sum that does not hold is seen", "[stock]") {
  Day day;
  auto report = day.report();
  ++report.sums.received;
  const auto html = to_html(report, nullptr, Language::english);
  CHECK(html.find("<p class=\"bad\">1 + 0 + 1 + 1 = 3: THE SUM DOES NOT HOLD") != std::string::npos);
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
  const auto eve = key(day.folder / "", "eve")->public_key();
  CHECK_FALSE(day.signatories.enrol("Eve", day.anna->public_key(), "Anna", kNow, day.by_both));  // a key is one's own
  CHECK_FALSE(day.signatories.enrol("", eve, "Anna", kNow, day.by_both));
  CHECK_FALSE(day.signatories.enrol("Eve", {crypto::Bytes(5, 1)}, "Anna", kNow, day.by_both));

  const auto newer = key(day.folder / "", "anna-2");
  REQUIRE(day.signatories.enrol("Anna", newer->public_key(), "Boris", kEnd, day.by_boris));
  CHECK(day.report().shifts[0].well_signed());
  CHECK(day.signatories.sign("x", "statement", "Anna", *day.anna).error().error == LedgerError::wrong_state);
  CHECK(day.signatories.sign("x", "statement", "Anna", *newer));
  const auto signatures = *day.signatories.signatures("x");
  REQUIRE(signatures.size() == 1);
  CHECK_FALSE(signed_by_two(signatures, "statement", "Anna", "Anna"));
  CHECK_FALSE(signed_by_two(signatures, "statement", "Anna", "Boris"));
}

TEST_CASE("Who is enrolled was vouched for by two others, and nobody enrols a second name for himself", "[stock]") {
  Day day;
  const auto carl = key(day.folder / "", "carl"), second = key(day.folder / "", "anna-2");
  const auto wrong = [&](std::string_view name, std::string_view by, std::vector<Signatories::Voucher> vouchers) {
    const auto tried = day.signatories.enrol(name, carl->public_key(), by, kNow, vouchers);
    return !tried && (tried.error().error == LedgerError::wrong_state || tried.error().error == LedgerError::not_found);
  };
  CHECK(day.signatories.vouchers_wanted("Carl") == 2U);
  CHECK(day.signatories.vouchers_wanted("Anna") == 1U);
  CHECK(wrong("Carl", "Chief", {}));
  CHECK(wrong("Carl", "Anna", day.by_anna));
  CHECK(wrong("Carl", "Anna", {day.by_anna[0], day.by_anna[0]}));
  CHECK(wrong("Carl", "Chief", day.by_both));
  CHECK(wrong("Anna", "Anna", day.by_both));                                  // not for herself
  CHECK(wrong("Carl", "Anna", {day.by_anna[0], {"Carl", carl.get()}}));       // nor he
  CHECK(wrong("Carl", "Anna", {day.by_anna[0], {"Boris", day.anna.get()}}));  // with her key
  CHECK(wrong("Carl", "Anna", {day.by_anna[0], {"Nobody", second.get()}}));
  CHECK_FALSE(*day.signatories.find("Carl"));
  REQUIRE(day.signatories.enrol("Carl", carl->public_key(), "Anna", kNow, day.by_both));
  CHECK(day.signatories.find("Carl").value());
  CHECK(day.signatories.unvouched()->empty());

  // As somebody enrols his puppet who owns the database.
  const auto puppet = key(day.folder / "", "puppet")->public_key();
  REQUIRE(day.database->guarded([&]() -> Logged<void> {
    day.database->run("INSERT INTO signatory (name, spki, enrolled_by, moment) VALUES ('Puppet', ?, 'Anna', 1)",
                      puppet.spki);
    return {};
  }));
  CHECK(day.discrepancies() == std::set<std::string>{"signatory_unvouched Puppet"});
}

TEST_CASE("Two end somebody's right to sign, and what was signed before holds", "[stock]") {
  Day day;
  const auto &anna = day.by_anna[0], &boris = day.by_boris[0];
  CHECK(day.signatories.dismiss("Carl", anna, boris, kEnd).error().error == LedgerError::not_found);
  CHECK(day.signatories.dismiss("Boris", anna, anna, kEnd).error().error == LedgerError::wrong_state);
  CHECK(day.signatories.dismiss("Boris", anna, {"Boris", day.anna.get()}, kEnd).error().error ==
        LedgerError::wrong_state);
  CHECK(day.signatories.find("Boris").value());
  REQUIRE(day.signatories.dismiss("Boris", anna, boris, kEnd));
  CHECK_FALSE(*day.signatories.find("Boris"));
  CHECK(day.signatories.sign("x", "statement", "Boris", *day.boris).error().error == LedgerError::not_found);
  CHECK(day.report().shifts[0].well_signed());
  CHECK(day.discrepancies().empty());
  CHECK(day.signatories.dismiss("Boris", anna, boris, kEnd).error().error == LedgerError::not_found);

  CHECK(day.signatories.vouchers_wanted("Boris") == 1U);  // Anna is left, and takes him back with a new key
  const auto newer = key(day.folder / "", "boris-2");
  REQUIRE(day.signatories.enrol("Boris", newer->public_key(), "Anna", kEnd, day.by_anna));
  CHECK(day.signatories.sign("x", "statement", "Boris", *newer));
  CHECK(day.signatories.unvouched()->empty());
}

TEST_CASE("A signature under a key that had ended does not hold, whoever put it in", "[stock]") {
  Day day;
  const auto& boris = day.by_boris[0];
  const auto carl = key(day.folder / "", "carl"), newer = key(day.folder / "", "anna-2");
  REQUIRE(day.signatories.enrol("Carl", carl->public_key(), "Anna", kNow, day.by_both));
  // As somebody does who owns the database, and has the key.
  const auto put_in = [&](const std::string& subject, const std::string& statement, std::int64_t signatory,
                          const crypto::SigningKey& own) {
    const auto digest = crypto::digest(crypto::HashAlgorithm::sha256, crypto::as_bytes(statement));
    REQUIRE(day.database->guarded([&]() -> Logged<void> {
      day.database->run("INSERT INTO stock_signature (subject, statement, signatory_id, signature) VALUES (?, ?, ?, ?)",
                        subject, statement, signatory, *own.sign_digest(*digest));
      return {};
    }));
  };
  const auto close = [&](std::int64_t signatory, const crypto::SigningKey& own) {
    REQUIRE(day.stock.open_shift("station-1", "Anna", kNow));
    const auto closed = day.stock.close_shift("station-1", "Anna", "Boris", kNow);  // a clock that was set back
    REQUIRE(closed);
    REQUIRE(day.signatories.sign(shift_subject(closed->number), closing_statement(*closed), "Anna", *newer));
    put_in(shift_subject(closed->number), closing_statement(*closed), signatory, own);
  };
  REQUIRE(day.signatories.enrol("Anna", newer->public_key(), "Boris", kNow,
                                std::vector{boris, Signatories::Voucher{"Carl", carl.get()}}));
  close(2, *day.boris);
  CHECK(day.discrepancies().empty());
  SECTION("a dismissed one's") {
    REQUIRE(day.signatories.dismiss("Boris", {"Anna", newer.get()}, boris, kEnd));
    CHECK(day.discrepancies().empty());
    close(2, *day.boris);
    CHECK(day.discrepancies() == Codes{"shift_unsigned 3"});
  }
  SECTION("one that has a successor") {
    const auto subject = shift_subject(day.stock.open_shift("station-1", "Boris", kNow)->number);
    const auto closed = day.stock.close_shift("station-1", "Boris", "Anna", kNow);
    REQUIRE(closed);
    REQUIRE(day.signatories.sign(subject, closing_statement(*closed), "Boris", *day.boris));
    put_in(subject, closing_statement(*closed), 1, *day.anna);
    CHECK(day.discrepancies() == Codes{"shift_unsigned 3"});
  }
  SECTION("of one who dismisses") {
    const Signatories::Voucher second{"Carl", carl.get()};
    REQUIRE(day.signatories.dismiss("Boris", {"Anna", newer.get()}, second, kEnd));
    // Boris, dismissed, and whom he has won over dismiss Anna.
    day.run("INSERT INTO signatory_end (signatory_id, dismissed_by, witness, moment) VALUES (4, 'Carl', 'Boris', 0)");
    const auto statement =
        R"({"dismissed":"Anna","moment":0,"spki_sha256":")" + crypto::sha256_text(newer->public_key().spki) + "\"}";
    put_in("dismissed/4", statement, 2, *day.boris);
    put_in("dismissed/4", statement, 3, *carl);
    CHECK(day.signatories.vouchers_wanted("Dora") == 2U);
  }
}

TEST_CASE("A clock that was set back after a dismissal accuses nobody", "[stock]") {
  Day day;
  const auto carl = key(day.folder / "", "carl"), dora = key(day.folder / "", "dora");
  REQUIRE(day.signatories.enrol("Carl", carl->public_key(), "Anna", kNow, day.by_both));
  for (const auto* const name : {"Carl", "Boris"})
    REQUIRE(day.signatories.dismiss(name, day.by_anna[0], day.by_boris[0], kEnd));
  REQUIRE(day.signatories.enrol("Dora", dora->public_key(), "Anna", kNow, day.by_anna));
  CHECK(day.discrepancies().empty());
}

TEST_CASE("Who owns the database ends nobody's right to vouch", "[stock]") {
  Day day;
  const auto puppet = key(day.folder / "", "puppet"), second = key(day.folder / "", "puppet-2");
  const auto enter = [&](std::string_view name, const crypto::SigningKey& own) {
    REQUIRE(day.database->guarded([&]() -> Logged<void> {
      day.database->run("INSERT INTO signatory (name, spki, enrolled_by, moment) VALUES (?, ?, 'Anna', 1)", name,
                        own.public_key().spki);
      return {};
    }));
  };
  SECTION("without signatures") {
    day.run(
        "INSERT INTO signatory_end (signatory_id, dismissed_by, witness, moment) "
        "SELECT id, 'Anna', 'Boris', 0 FROM signatory");
    CHECK(day.signatories.vouchers_wanted("Puppet") == 2U);
    enter("Puppet", *puppet);
    CHECK(day.discrepancies() == Codes{"signatory_unvouched Puppet"});
  }
  SECTION("by two of his own") {
    enter("Puppet", *puppet);
    enter("Second", *second);
    for (const auto* const name : {"Anna", "Boris"})
      REQUIRE(day.signatories.dismiss(name, {"Puppet", puppet.get()}, {"Second", second.get()}, {}));
    CHECK(day.discrepancies() == Codes{"signatory_unvouched Puppet", "signatory_unvouched Second"});
  }
}

TEST_CASE("What people wrote stays text in the HTML report", "[stock]") {
  Day day;
  REQUIRE(day.stock.reject("AB3", "<script>alert(\"1\")</script>&' \xE2\x80\xAEgpj.\x1B[2J", "<b>Eve</b>", kNow));
  for (const auto language : {Language::english, Language::russian}) {
    const auto html = to_html(day.report(), nullptr, language);
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find("<b>Eve") == std::string::npos);
    CHECK(html.find("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;  gpj. [2J") != std::string::npos);
  }
}

TEST_CASE("What people wrote neither steers a terminal nor adds a line to the text report", "[stock]") {
  Day day;
  REQUIRE(day.stock.reject("AB3", "torn\x1B[2J\nall 9 = 9\xE2\x80\xAE", "Eve\nBoris", kNow));
  for (const auto language : {Language::english, Language::russian}) {
    const auto text = to_text(day.report(), language);
    CHECK(text.find('\x1B') == std::string::npos);
    CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
    CHECK(text.find("\nall 9") == std::string::npos);
    CHECK(text.find("\nBoris") == std::string::npos);
    CHECK(text.find("torn [2J all 9 = 9") != std::string::npos);
  }
}
