// SPDX-License-Identifier: Apache-2.0
// Owns the measure of payments: a file of 100,000 lines read, matched and committed, against a bare loop that inserts
// the same rows into the same tables, in one run.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <sstream>

#include "card/patent/text.hpp"
#include "personalize/ledger/inn_columns.hpp"
#include "personalize/ledger/status_book.hpp"
#include "personalize/status/payment_import.hpp"
#include "tests/bench/measure.hpp"
#include "tests/open_master_key.hpp"
#include "tests/temporary_folder.hpp"

namespace {

using namespace personalize;
using namespace std::chrono_literals;

constexpr int kPayments = 100'000;
constexpr double kMostRatio = 2.0;
constexpr patent::Date kIssued = 2026y / 3 / 10;

std::string inn(int number) { return fmt::format("77{:010}", number); }

PersonalData personal_data() { return *must(PersonalData::open(OpenMasterKey())); }

// As many cards as payments: each payment finds a card of its own.
void enter_cards(StatusLedger& ledger) {
  must(ledger.transaction([&]() -> Logged<void> {
    for (int i = 0; i < kPayments; ++i) {
      const LedgerCard card{.card_number = fmt::format("P{:08}", i),
                            .patent_number = fmt::format("7726{:08}", i),
                            .territory_oktmo = "45000000",
                            .issue_date = kIssued,
                            .issuing_unit = "770-001",
                            .list_uri = "https://status.example/lists/0",
                            .list_index = static_cast<std::uint32_t>(i)};
      PATENT_TRY_VOID(ledger.enter(card, inn(i),
                                   {.card_number = card.card_number,
                                    .patent_number = card.patent_number,
                                    .months_paid = 1,
                                    .as_of = std::chrono::sys_days(kIssued) + 9h,
                                    .issuing_unit = card.issuing_unit}));
    }
    return {};
  }));
}

// In the order of a statement: whoever paid first stands first.
std::string statement() {
  std::vector<int> payers(kPayments);
  for (int i = 0; i < kPayments; ++i) payers[static_cast<std::size_t>(i)] = i;
  std::shuffle(payers.begin(), payers.end(), std::mt19937(20260409));
  std::string text = "uin;payer_inn;kbk;oktmo;sum_kopecks;paid_on;known_on\n";
  for (int i = 0; i < kPayments; ++i)
    text += fmt::format("188{:017};{};{};45382000;1000000;2026-04-0{};2026-04-09\n", i,
                        inn(payers[static_cast<std::size_t>(i)]), kPatentKbk, 1 + i / (kPayments / 8 + 1));
  return text;
}

// The rows that the import makes, inserted into the same table of the same ledger without them; their payers have to be
// sealed here too.
class BareLoop {
public:
  // Of a ledger that holds them.
  explicit BareLoop(const std::filesystem::path& full) : personal_(personal_data()) {
    const SQLite::Database database(full);
    SQLite::Statement all(
        database, "SELECT uin, payer, kbk, oktmo, kopecks, paid_on, known_on, card_id FROM payment ORDER BY id");
    while (all.executeStep()) {
      const auto sealed = all.getColumn(1).getString();
      rows_.push_back({all.getColumn(0),
                       payer_in(personal_, all.getColumn(0).getString(), crypto::as_bytes(sealed)).value(),
                       all.getColumn(2), all.getColumn(3), all.getColumn(4).getInt64(), all.getColumn(5).getInt64(),
                       all.getColumn(6).getInt64(), all.getColumn(7).getInt64()});
    }
  }

  void begin(const std::filesystem::path& empty) {
    database_.emplace(empty, SQLite::OPEN_READWRITE);
    database_->exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; "
        "PRAGMA cache_size = -65536");
    insert_.emplace(*database_,
                    "INSERT INTO payment (uin, payer, kbk, oktmo, kopecks, paid_on, known_on, card_id, "
                    "reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)");
    transaction_.emplace(*database_);
    next_ = 0;
  }
  void insert(std::size_t count) {
    for (const auto end = std::min(next_ + count, rows_.size()); next_ < end; ++next_) {
      const auto& row = rows_[next_];
      insert_->bind(1, row.uin);
      const auto payer = payer_column(personal_, row.uin, row.inn).value();
      insert_->bind(2, payer.data(), static_cast<int>(payer.size()));
      insert_->bind(3, row.kbk);
      insert_->bind(4, row.oktmo);
      insert_->bind(5, row.kopecks);
      insert_->bind(6, row.paid_on);
      insert_->bind(7, row.known_on);
      insert_->bind(8, row.card);
      insert_->exec();
      insert_->reset();
    }
  }
  void commit() {
    transaction_->commit();
    transaction_.reset();
    insert_.reset();
    database_.reset();
  }

private:
  struct Row {
    std::string uin, inn, kbk, oktmo;
    std::int64_t kopecks, paid_on, known_on, card;
  };
  PersonalData personal_;
  std::vector<Row> rows_;
  std::optional<SQLite::Database> database_;
  std::optional<SQLite::Statement> insert_;
  std::optional<SQLite::Transaction> transaction_;
  std::size_t next_ = 0;
};

// `between` is called every 1,000 lines.
void import(const std::filesystem::path& file, const std::string& text, const std::function<void()>& between) {
  const auto ledger = must(StatusBook::open(file, MissingDatabase::refuse, personal_data()));
  std::istringstream in(text);
  const auto done = must(import_payments(**ledger, in, {.today = 2026y / 4 / 10, .go_on = [&](std::uint64_t) {
                                                          between();
                                                          return true;
                                                        }}));
  if (done->matched != kPayments) throw std::runtime_error("not every payment found its card");
}

}  // namespace

// In turns of 1,000 payments: what else the machine does slows both alike.
int main() try {
  const TemporaryFolder folder;
  enter_cards(**must(StatusBook::open(folder / "empty", MissingDatabase::make, personal_data())));
  const auto copy = [&](const std::string& name) {
    std::filesystem::copy_file(folder / "empty", folder / name);
    return folder / name;
  };
  const auto text = statement();
  const auto full = copy("full");
  import(full, text, []{});
  BareLoop loop(full);
  double imported = 0, inserted = 0;
  for (int run = 0; run < 3; ++run) {
    loop.begin(copy(fmt::format("bare-{}", run)));
    double since = cpu_seconds();
    const auto take_turns = [&] {
      const double begin = cpu_seconds();
      imported += begin - since;
      loop.insert(1000);
      since = cpu_seconds();
      inserted += since - begin;
    };
    import(copy(fmt::format("imported-{}", run)), text, take_turns);
    const double begin = cpu_seconds();
    imported += begin - since;
    loop.commit();
    inserted += cpu_seconds() - begin;
  }
  fmt::print("{} payments: bare insert loop {:.3f} s, import {:.3f} s: {:.2f} times (at most {:.1f})\n", 3 * kPayments,
             inserted, imported, imported / inserted, kMostRatio);
  return imported / inserted <= kMostRatio ? 0 : 1;
} catch (const std::exception& e) {
  fmt::print(stderr, "bench_payments: {}\n", e.what());
  return 70;
}
