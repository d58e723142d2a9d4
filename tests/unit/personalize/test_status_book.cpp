// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "tests/unit/personalize/ledger_place.hpp"

namespace {

using namespace personalize;
using patent::State;
using sample::entered;
using sample::first_record;
using sample::kInn;
using sample::ledger_card;
using sample::LedgerPlace;
using std::chrono::hours;

constexpr std::string_view kOtherInn = "500100732259";

std::unique_ptr<StatusLedger> opened(const std::string& where) {
  auto ledger = StatusBook::open(where, MissingDatabase::make, sample::personal_data());
  REQUIRE(ledger);
  return *std::move(ledger);
}

// Most tests run on both engines.
class Rig {
public:
  [[nodiscard]] std::unique_ptr<StatusLedger> open() const { return opened(place_.where()); }
  [[nodiscard]] std::unique_ptr<Database> below() const { return place_.open(); }
  [[nodiscard]] const std::string& where() const { return place_.where(); }

private:
  LedgerPlace place_{GENERATE(Engine::sqlite, Engine::postgres)};
};

LedgerError error_of_opening(const std::filesystem::path& file, MissingDatabase missing = MissingDatabase::refuse) {
  const auto ledger = StatusBook::open(file, missing);
  REQUIRE(!ledger);
  return ledger.error().error;
}

PaymentLine payment(std::string_view uin, unsigned day, std::int64_t kopecks = 1'000'000) {
  using namespace std::chrono;
  return {.uin = std::string(uin),
          .payer_inn = std::string(kInn),
          .kbk = "18210102040011000110",
          .oktmo = "45000000",
          .kopecks = kopecks,
          .paid_on = year{2026} / 4 / day,
          .known_on = year{2026} / 4 / 30};
}

struct Listed {
  State state;
  std::uint8_t months;
  friend bool operator==(const Listed&, const Listed&) = default;
};
std::map<std::uint32_t, Listed> listed(StatusLedger& ledger, std::int64_t up_to) {
  std::map<std::uint32_t, Listed> found;
  REQUIRE(ledger.each_status(sample::kListUri, up_to, [&](std::uint32_t index, State state, std::uint8_t months) {
    CHECK(found.emplace(index, Listed{state, months}).second);
  }));
  return found;
}

}  // namespace

TEST_CASE("What is entered in the ledger is there after it is opened again", "[ledger]") {
  const Rig rig;
  const auto card = ledger_card("P00000017", 5);
  {
    const auto ledger = rig.open();
    REQUIRE(ledger->enter(card, kInn, first_record(card)));
    REQUIRE(ledger->enter(card, kInn, first_record(card)));  // the same once more
  }
  const auto ledger = rig.open();
  CHECK(*ledger->card("P00000017") == card);
  CHECK(*ledger->newest_status("P00000017") == first_record(card));
  CHECK(ledger->cards_of(kInn)->size() == 1);
  CHECK(ledger->cards_of(kOtherInn)->empty());
  CHECK(ledger->is_held_by("P00000017", kInn).value() == true);
  CHECK(ledger->is_held_by("P00000017", kOtherInn).value() == false);
  CHECK(ledger->is_held_by("P00000018", kInn).value() == std::nullopt);
  CHECK(*ledger->card("P00000018") == std::nullopt);
}

TEST_CASE("Neither a card nor a place in a list is given twice", "[ledger]") {
  const Rig rig;
  const auto ledger = rig.open();
  const auto card = entered(*ledger, "P00000017", 5);
  CHECK(ledger->enter(card, kOtherInn, first_record(card)).error().error == LedgerError::card_number_used);
  auto other_start = first_record(card);
  other_start.months_paid = 2;
  CHECK(ledger->enter(card, kInn, other_start).error().error == LedgerError::card_number_used);
  const auto neighbour = ledger_card("P00000018", 5);
  CHECK(ledger->enter(neighbour, kInn, first_record(neighbour)).error().error == LedgerError::wrong_state);
  CHECK(*ledger->card("P00000018") == std::nullopt);
  const auto beyond = ledger_card("P00000018", kShardCards);
  CHECK(ledger->enter(beyond, kInn, first_record(beyond)).error().error == LedgerError::wrong_state);
  CHECK(ledger->claim_index({std::string(sample::kListUri), 5}, "order").error().error == LedgerError::wrong_state);
}

TEST_CASE("An order keeps the place that it drew", "[ledger]") {
  const Rig rig;
  ListPlace place;
  std::set<std::uint32_t> drawn;
  {
    const auto ledger = rig.open();
    place = ledger->draw_index("https://status.example/lists", "order 1").value();
    CHECK(place.uri == "https://status.example/lists/0");
    REQUIRE(ledger->transaction([&]() -> Logged<void> {
      for (int i = 0; i < 50; ++i)
        drawn.insert(ledger->draw_index("https://status.example/lists", std::to_string(i))->index);
      return {};
    }));
  }
  CHECK(drawn.size() == 50);
  CHECK(!drawn.contains(place.index));
  CHECK(*drawn.rbegin() - *drawn.begin() > kShardCards / 4);  // not in a row
  const auto ledger = rig.open();
  CHECK(ledger->draw_index("https://status.example/lists", "order 1").value() == place);
  CHECK(ledger->claim_index(place, "order 1"));
  CHECK(ledger->claim_index(place, "order 2").error().error == LedgerError::wrong_state);
  const auto card = ledger_card("P00000017", place.index, place.uri);
  CHECK(ledger->enter(card, kInn, first_record(card)));
}

TEST_CASE("A shard is filled to its last place, then the next one begins", "[ledger]") {
  const LedgerPlace place(Engine::sqlite);  // a million rows take PostgreSQL too long for a test
  opened(place.where())->draw_index("b", "first").value();
  {
    const auto database = place.open();
    database->script(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999999) "
        "INSERT INTO list_entry (list_id, list_index) SELECT 1, i FROM n WHERE true ON CONFLICT DO NOTHING");
    database->script("DELETE FROM list_entry WHERE list_index = 777777 AND order_id IS NULL");
  }
  const auto ledger = opened(place.where());
  const auto last = ledger->draw_index("b", "last").value();
  CHECK(last.uri == "b/0");
  CHECK(last.index == 777'777);
  CHECK(ledger->draw_index("b", "next").value().uri == "b/1");
  CHECK(ledger->draw_index("another", "other").value().uri == "another/0");
}

TEST_CASE("Statuses only follow each other", "[ledger]") {
  const Rig rig;
  const auto ledger = rig.open();
  const auto card = entered(*ledger, "P00000017", 5);
  auto next = first_record(card);
  CHECK(ledger->add_status(next).error().error == LedgerError::wrong_state);
  next.sequence = 4;
  next.state = State::annulled;
  next.reason = 17;
  REQUIRE(ledger->add_status(next));
  CHECK(*ledger->newest_status("P00000017") == next);
  CHECK(ledger->statuses("P00000017")->size() == 2);
  next.card_number = "P00000018";
  CHECK(ledger->add_status(next).error().error == LedgerError::not_found);

  const auto database = rig.below();
  for (const auto* const sql :
       {"UPDATE status SET state = 0", "DELETE FROM status", "UPDATE status SET months_paid = 12"})
    CHECK_THROWS_AS(database->script(sql), DatabaseError);
  CHECK(ledger->statuses("P00000017")->size() == 2);
}

TEST_CASE("A list is what was known then", "[ledger]") {
  const Rig rig;
  const auto ledger = rig.open();
  const auto first = entered(*ledger, "P00000017", 5);
  const auto before = ledger->last_status().value();
  entered(*ledger, "P00000018", 900'000);
  auto paid = first_record(first);
  paid.sequence = 2;
  paid.months_paid = 3;
  REQUIRE(ledger->add_status(paid));
  CHECK(listed(*ledger, before) == std::map<std::uint32_t, Listed>{{5, {State::valid, 1}}});
  CHECK(listed(*ledger, ledger->last_status().value()) ==
        std::map<std::uint32_t, Listed>{{5, {State::valid, 3}}, {900'000, {State::valid, 1}}});
  CHECK(listed(*ledger, 0).empty());
}

TEST_CASE("A payment is entered once, and may find its card later", "[ledger]") {
  const Rig rig;
  const auto ledger = rig.open();
  entered(*ledger, "P00000017", 5);
  CHECK(ledger->add_payment(payment("18810000000000000001", 9), "P00000017", Unmatched::none).value());
  CHECK(ledger->add_payment(payment("18810000000000000002", 2), {}, Unmatched::unknown_inn).value());
  auto again = payment("18810000000000000001", 9);
  again.known_on = std::chrono::year{2026} / 5 / 2;  // another statement
  CHECK(!ledger->add_payment(again, "P00000017", Unmatched::none).value());
  again.kopecks = 1;
  CHECK(ledger->add_payment(again, "P00000017", Unmatched::none).error().error == LedgerError::wrong_state);
  CHECK(ledger->add_payment(payment("18810000000000000003", 9), "P00000099", Unmatched::none).error().error ==
        LedgerError::not_found);

  CHECK(ledger->unsettled().value() == std::vector<std::string>{"P00000017"});
  REQUIRE(ledger->mark_settled(ledger->payments_of("P00000017")->front()));
  CHECK(ledger->unsettled()->empty());
  const auto lost = ledger->unmatched().value();
  REQUIRE(lost.size() == 1);
  CHECK(lost.front().reason == Unmatched::unknown_inn);
  REQUIRE(ledger->match(lost.front().id, "P00000017"));
  CHECK(ledger->match(lost.front().id, "P00000017").error().error == LedgerError::wrong_state);
  CHECK(ledger->match(lost.front().id, "P00000099").error().error == LedgerError::not_found);
  CHECK(ledger->unmatched()->empty());
  CHECK(ledger->unsettled()->size() == 1);
  const auto known = ledger->payments_of("P00000017").value();
  REQUIRE(known.size() == 2);  // in the order of payment
  CHECK(known[0].line == payment("18810000000000000002", 2));
  CHECK(known[0].reason == Unmatched::none);
  CHECK(known[1].line == payment("18810000000000000001", 9));
}

TEST_CASE("A transaction is whole or nothing", "[ledger]") {
  const Rig rig;
  const auto ledger = rig.open();
  const auto enter = [&](std::string_view number, std::uint32_t index) {
    const auto card = ledger_card(number, index);
    return ledger->enter(card, kInn, first_record(card));
  };
  const auto failed = ledger->transaction([&]() -> Logged<void> {
    REQUIRE(enter("P00000017", 5));
    return enter("P00000018", 5);
  });
  CHECK(failed.error().error == LedgerError::wrong_state);
  CHECK(*ledger->card("P00000017") == std::nullopt);
  CHECK_THROWS_AS(ledger->transaction([&]() -> Logged<void> {
    REQUIRE(enter("P00000017", 5));
    throw std::runtime_error("work");
  }),
                  std::runtime_error);
  CHECK(*ledger->card("P00000017") == std::nullopt);
  REQUIRE(ledger->transaction([&]() -> Logged<void> {
    REQUIRE(enter("P00000017", 5));
    CHECK(!enter("P00000018", 5));  // a part may fail alone
    return enter("P00000019", 6);
  }));
  CHECK(listed(*ledger, ledger->last_status().value()).size() == 2);
}

TEST_CASE("A process that dies in a transaction leaves the ledger as it was", "[ledger]") {
  const Rig rig;
  entered(*rig.open(), "P00000017", 5);
  const auto child = fork();
  if (child == 0) {
    const auto ledger = StatusBook::open(rig.where(), MissingDatabase::refuse, sample::personal_data());
    if (ledger)
      static_cast<void>((*ledger)->transaction([&]() -> Logged<void> {
        for (std::uint32_t i = 100; i < 500; ++i) {
          const auto card = ledger_card("Q" + std::to_string(10'000'000 + i), i);
          PATENT_TRY_VOID((*ledger)->enter(card, kInn, first_record(card)));
        }
        ::raise(SIGKILL);
        return {};
      }));
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  const auto ledger = rig.open();
  CHECK(listed(*ledger, ledger->last_status().value()).size() == 1);
  entered(*ledger, "Q10000100", 100);
}

TEST_CASE("A ledger of an older version is brought up to date", "[ledger]") {
  const TemporaryFolder folder;
  const auto file = folder / "ledger";
  {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("CREATE TABLE schema_version (version INTEGER PRIMARY KEY)");
    database.exec(expand(ledger_migrations().front(), Engine::sqlite));
    database.exec("INSERT INTO schema_version VALUES (1)");
    database.exec("INSERT INTO list VALUES (1, 'https://status.example/lists/0', 1)");
    database.exec("INSERT INTO list_entry VALUES (1, 5, NULL)");
    database.exec(
        "INSERT INTO card VALUES (1, 'P00000017', '772600123456', '775123456798', '45000000', 20260310, '770-001', 1, "
        "1, 5)");
    database.exec("INSERT INTO status VALUES (1, 1, 1, 0, 0, 1, 1773133200, '770-001', 1)");
  }
  const auto ledger = opened(file.string());
  CHECK(ledger->card("P00000017").value() == ledger_card("P00000017", 5));
  CHECK(ledger->add_payment(payment("18810000000000000001", 9), "P00000017", Unmatched::none).value());
}

TEST_CASE("A ledger that cannot be relied on is refused", "[ledger]") {
  const TemporaryFolder folder;
  const auto file = folder / "ledger";
  CHECK(error_of_opening(file) == LedgerError::not_found);
  CHECK(!std::filesystem::exists(file));
  CHECK(error_of_opening(folder / "no folder" / "ledger", MissingDatabase::make) == LedgerError::storage);

  SECTION("of a newer version") {
    opened(file.string());
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
        .exec("INSERT INTO schema_version VALUES (" + std::to_string(ledger_migrations().size() + 1) + ")");
    CHECK(error_of_opening(file) == LedgerError::newer_schema);
  }
  SECTION("another program's database") {
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t (a)");
    CHECK(error_of_opening(file) == LedgerError::corrupt);
  }
  SECTION("no database") {
    std::ofstream(file) << std::string(8192, 'x');
    CHECK(error_of_opening(file) == LedgerError::corrupt);
  }
  SECTION("but nobody else reads one") {
    opened(file.string());
    CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms(0077)) == std::filesystem::perms::none);
  }
  SECTION("an empty file becomes a ledger") {
    std::ofstream(file).flush();
    entered(*opened(file.string()), "P00000017", 5);
  }
  SECTION("spoiled behind its first page") {
    {
      const auto ledger = opened(file.string());
      REQUIRE(ledger->transaction([&]() -> Logged<void> {
        for (std::uint32_t i = 0; i < 200; ++i) entered(*ledger, "P" + std::to_string(10'000'000 + i), i);
        return {};
      }));
    }
    std::fstream spoil(file, std::ios::in | std::ios::out | std::ios::binary);
    spoil.seekp(4096);
    spoil << std::string(std::filesystem::file_size(file) - 4096, '\xA5');
    spoil.close();
    const auto ledger = StatusBook::open(file, MissingDatabase::refuse);
    const auto error = ledger ? (*ledger)->card("P10000100").error().error : ledger.error().error;
    CHECK(error == LedgerError::corrupt);
  }
  SECTION("in another's transaction for too long") {
    const auto ledger =
        StatusBook::open(file, MissingDatabase::make, sample::personal_data(), std::chrono::milliseconds(50)).value();
    SQLite::Database other(file.string(), SQLite::OPEN_READWRITE);
    other.exec("BEGIN IMMEDIATE");
    const auto card = ledger_card("P00000017", 5);
    CHECK(ledger->enter(card, kInn, first_record(card)).error().error == LedgerError::in_use);
    CHECK(*ledger->card("P00000017") == std::nullopt);  // reading goes on
    other.exec("COMMIT");
    CHECK(ledger->enter(card, kInn, first_record(card)));
  }
}

TEST_CASE("What was published stays so", "[ledger]") {
  const Rig rig;
  const auto ledger = rig.open();
  entered(*ledger, "P00000017", 5);
  Publication publication{.version = 1,
                          .kind = patent::ListKind::months,
                          .uri = std::string(sample::kListUri),
                          .issued_at = sample::kEnteredAt,
                          .expires = sample::kEnteredAt + hours(72),
                          .time_to_live = hours(12),
                          .aggregation_uri = "https://status.example/lists.json",
                          .up_to = 1,
                          .fingerprint = "00"};
  REQUIRE(ledger->add_publication(publication));
  CHECK(ledger->add_publication(publication).error().error == LedgerError::wrong_state);
  CHECK(ledger->publications(patent::ListKind::months, sample::kListUri).value() == std::vector{publication});
  CHECK(ledger->publications(patent::ListKind::states, sample::kListUri)->empty());
  publication.uri = "https://status.example/none";
  CHECK(ledger->add_publication(publication).error().error == LedgerError::not_found);
  const auto database = rig.below();
  CHECK_THROWS_AS(database->script("DELETE FROM publication"), DatabaseError);
}
