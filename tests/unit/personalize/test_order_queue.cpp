// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <set>
#include <thread>

#include "tests/unit/personalize/books.hpp"

using namespace personalize;
using namespace std::chrono_literals;
using sample::Books;

namespace {

std::string id(int number) { return fmt::format("0b9cbd3e-7e0e-4a7e-9d7a-{:012}", number); }

// One ledger, as two stations see it. Leases are counted by the server's clock where there is a server.
struct Rig {
  Engine engine = GENERATE(Engine::sqlite, Engine::postgres);
  sample::LedgerPlace place{engine};
  Books one{place.open(), "station-1"}, two{place.open(), "station-2"};

  void submit(int number, std::string_view document = "{}") {
    REQUIRE(one.queue.submit({id(number), "AB", "day.jsonl", document}, one.now) == Submission::entered);
  }
  void pass(std::chrono::seconds time) {
    if (engine == Engine::postgres) std::this_thread::sleep_for(time);
    one.now += time;
    two.now += time;
  }
  std::optional<ClaimedOrder> claim(Books& books, std::chrono::seconds lease = 60s) {
    const auto claimed = books.queue.claim(books.audit.station(), lease, books.now);
    REQUIRE(claimed);
    return *claimed;
  }
  ClaimOutcome claim_order(Books& books, int number, std::chrono::seconds lease = 60s) {
    return books.queue.claim_order(id(number), books.audit.station(), lease, books.now).value();
  }
};

}  // namespace

TEST_CASE("An order is entered once; the same again is known, another text is refused") {
  Rig rig;
  rig.submit(1, "{\"a\":1}");
  CHECK(rig.two.queue.submit({id(1), "AB", "again.jsonl", "{\"a\":1}"}, rig.two.now) == Submission::known);
  CHECK(rig.two.queue.submit({id(1), "CD", "again.jsonl", "{\"a\":2}"}, rig.two.now) == Submission::changed);
  const auto kept = rig.two.queue.document(id(1));
  REQUIRE(kept);
  REQUIRE(*kept);
  CHECK((*kept)->document == "{\"a\":1}");
  CHECK((*kept)->sha256 == "AB");
  CHECK((*kept)->batch == "day.jsonl");
  CHECK_FALSE(*rig.two.queue.document(id(2)));
}

TEST_CASE("What an order says stands nowhere in the ledger in the clear") {
  Rig rig;
  rig.submit(1, "Шарипов Фаррух");
  const auto row = rig.one.database->query("SELECT content FROM order_content");
  REQUIRE(row->next());
  const auto kept = row->octets(0);
  const auto name = crypto::as_bytes("Фаррух");
  CHECK(std::ranges::search(kept, name).empty());
  Books thief(rig.place.open(), "thief", sample::personal_data(8));
  CHECK(thief.queue.document(id(1)).error().error == LedgerError::no_key);
  Books locked(rig.place.open(), "locked", PersonalData::locked());
  CHECK(locked.queue.document(id(1)).error().error == LedgerError::no_key);
  CHECK(locked.queue.submit({id(2), "AB", "", "{}"}, locked.now).error().error == LedgerError::no_key);
  CHECK(locked.count("orders") == 1);
}

TEST_CASE("Orders are claimed in their order, each by one station") {
  Rig rig;
  for (int i = 1; i <= 3; ++i) rig.submit(i);
  CHECK(rig.claim(rig.one)->order_id == id(1));
  CHECK(rig.claim(rig.two)->order_id == id(2));
  CHECK(rig.claim_order(rig.two, 1) == ClaimOutcome::taken);
  CHECK(rig.claim_order(rig.one, 1) == ClaimOutcome::claimed);  // it is ours
  CHECK(rig.claim_order(rig.two, 3) == ClaimOutcome::claimed);
  CHECK_FALSE(rig.claim(rig.one));
  CHECK(rig.one.queue.claim_order(id(9), "station-1", 60s, rig.one.now).error().error == LedgerError::not_found);
  const auto counts = rig.one.queue.counts();
  CHECK(counts->waiting == 0);
  CHECK(counts->claimed == 3);
}

TEST_CASE("The orders of a station that died return when their lease has ended") {
  Rig rig;
  rig.submit(1);
  REQUIRE(rig.claim(rig.one, 1s));
  CHECK_FALSE(rig.claim(rig.two, 1s));
  rig.pass(2s);
  REQUIRE(rig.claim(rig.two, 60s));
  CHECK(rig.claim_order(rig.one, 1) == ClaimOutcome::taken);
  CHECK(rig.one.queue.release(id(1), "station-1").error().error == LedgerError::wrong_state);  // it is theirs now
}

TEST_CASE("A heartbeat keeps what a station has") {
  Rig rig;
  rig.submit(1);
  REQUIRE(rig.claim(rig.one, 2s));
  rig.pass(1s);
  REQUIRE(rig.one.queue.renew("station-1", rig.one.now + 2s));
  rig.pass(1s);
  CHECK_FALSE(rig.claim(rig.two));
  rig.pass(2s);
  CHECK(rig.claim(rig.two));
}

TEST_CASE("What is given back can be claimed at once") {
  Rig rig;
  rig.submit(1);
  rig.submit(2);
  REQUIRE(rig.claim(rig.one));
  REQUIRE(rig.one.queue.release(id(1), "station-1"));
  CHECK(rig.claim(rig.two)->order_id == id(1));
  REQUIRE(rig.claim(rig.one));
  CHECK(rig.one.queue.release_all("station-1") == 1);  // as the next run of a station does that died
  CHECK(rig.claim(rig.two)->order_id == id(2));
  CHECK(rig.one.queue.release_all("station-1") == 0);
}

TEST_CASE("What is held is given to nobody until somebody looked") {
  Rig rig;
  rig.submit(1);
  REQUIRE(rig.claim(rig.one));
  REQUIRE(rig.one.queue.hold(id(1), "blank_mismatch"));
  CHECK_FALSE(rig.claim(rig.two));
  CHECK(rig.claim_order(rig.two, 1) == ClaimOutcome::held);
  CHECK(rig.one.queue.counts()->held == 1);
  REQUIRE(rig.two.queue.release_held(id(1)));
  CHECK(rig.two.queue.release_held(id(1)).error().error == LedgerError::wrong_state);
  CHECK(rig.two.queue.release_held(id(2)).error().error == LedgerError::not_found);
  CHECK(rig.claim(rig.two));
}

// By a day: the claim is not stolen, and does not stay away for that day.
TEST_CASE("A clock that was set back steals nothing and loses nothing") {
  sample::LedgerPlace place(Engine::sqlite);
  Books one(place.open(), "station-1"), two(place.open(), "station-2");
  REQUIRE(one.queue.submit({id(1), "AB", "", "{}"}, one.now) == Submission::entered);
  REQUIRE(*one.queue.claim("station-1", 60s, one.now));
  two.now -= 24h;
  CHECK_FALSE(*two.queue.claim("station-2", 60s, two.now));  // from here a whole lease counts
  two.now += 59s;
  CHECK_FALSE(*two.queue.claim("station-2", 60s, two.now));
  CHECK(two.queue.claim_order(id(1), "station-2", 60s, two.now) == ClaimOutcome::taken);
  two.now += 2s;
  CHECK(*two.queue.claim("station-2", 60s, two.now));
}

TEST_CASE("Many stations claim at once: none twice, none lost") {
  constexpr int kOrders = 60, kStations = 6;
  Rig rig;
  for (int i = 0; i < kOrders; ++i) rig.submit(i);
  std::vector<std::vector<std::string>> claimed(kStations);
  std::vector<std::thread> stations;
  for (auto& mine : claimed) {
    const auto station = std::to_string(stations.size());
    stations.emplace_back([&mine, station, books = std::make_shared<Books>(rig.place.open({60s}), station)] {
      for (;;) {
        const auto next = books->queue.claim(station, 60s, books->now);
        if (!next || !*next) return;
        mine.push_back((*next)->order_id);
      }
    });
  }
  for (auto& station : stations) station.join();
  std::set<std::string> all;
  std::size_t sum = 0;
  for (const auto& mine : claimed) {
    all.insert(mine.begin(), mine.end());
    sum += mine.size();
  }
  CHECK(sum == kOrders);
  CHECK(all.size() == kOrders);
}
