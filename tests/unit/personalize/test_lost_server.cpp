// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL server that restarts, stays away, or drops a connection at the worst moment.
#include <atomic>
#include <catch2/catch.hpp>
#include <latch>

#include "personalize/ledger/commit_queue.hpp"
#include "tests/unit/personalize/ledger_place.hpp"

using namespace personalize;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<Database> open(const std::string& where, const Patience& patience = {}) {
  return open_database(where, MissingDatabase::make, patience).value();
}

void add(Database& database, std::string_view uri) { database.run("INSERT INTO list (uri) VALUES (?)", uri); }

std::int64_t count(Database& database, const std::string& table = "list") {
  const auto row = database.query("SELECT COUNT(*) FROM " + table);
  row->next();
  return row->number(0);
}

// All connections to this database but its own are gone when it returns; new ones may be there.
void cut_others(Database& database) {
  const auto cut = database.query(
      "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity "
      "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  while (cut->next())
    while (database.query("SELECT 1 FROM pg_stat_activity WHERE pid = ?", cut->number(0))->next())
      std::this_thread::sleep_for(5ms);
}

CommitQueue::Work adding(Database& database, std::string uri) {
  return [&database, uri = std::move(uri)]() -> Logged<void> {
    add(database, uri);
    return {};
  };
}

// Comes once.
class Once {
public:
  bool operator()() { return std::exchange(waiting_, false); }

private:
  bool waiting_ = true;
};

// A database on a server that may stop.
struct Rig {
  postgres::Server& server = []() -> postgres::Server& {
    static postgres::Server own;
    return own;
  }();
  std::string where = server.database();
};

}  // namespace

TEST_CASE("A server that was restarted is found again, and nobody hears of it", "[lost_server]") {
  Rig rig;
  const auto database = open(rig.where);
  const auto restart = [&] {
    rig.server.stop();
    rig.server.start();
  };
  restart();
  CHECK(count(*database) == 0);
  restart();
  add(*database, "alone");
  restart();
  CHECK(database->transaction(adding(*database, "whole")));
  restart();
  CHECK(database->snapshot([&]() -> Logged<void> {
    CHECK(count(*database) == 2);
    return {};
  }));
}

TEST_CASE("Works go on through restarts of the server, each done once", "[lost_server]") {
  Rig rig;
  const auto database = open(rig.where);
  constexpr int kWorks = 600;
  std::vector<std::future<Logged<void>>> works;
  {
    CommitQueue queue(*database);
    std::atomic<int> waited = 0;
    // One commit outlives four of them: however slow the machine, no more than three come upon it.
    std::jthread restarts([&](const std::stop_token& stop) {
      for (int before = 0, in_a_row = 0; !stop.stop_requested();) {
        std::this_thread::sleep_for(100ms);
        in_a_row = waited == before ? in_a_row + 1 : 1;
        before = waited;
        if (in_a_row > 3) continue;
        rig.server.stop();
        rig.server.start();
      }
    });
    for (int i = 0; i < kWorks; ++i) {
      works.push_back(queue.post(adding(*database, std::to_string(i))));
      if (i % 8 != 0) continue;
      works.back().wait();
      ++waited;
    }
    works.back().wait();
  }
  for (auto& work : works) {
    const auto done = work.get();
    INFO((done ? 0 : static_cast<int>(done.error().error)));
    CHECK(done);
  }
  CHECK(count(*database) == kWorks);
}

TEST_CASE("What a lost connection undid is run once more, as a whole", "[lost_server]") {
  const sample::LedgerPlace place(Engine::postgres);
  const auto database = place.open(), other = place.open();
  CommitQueue queue(*database);
  Once once;
  int runs = 0;
  const auto done = queue.post([&]() -> Logged<void> {
    ++runs;
    add(*database, "first");
    if (once()) cut_others(*other);
    add(*database, "second");
    return {};
  });
  CHECK(done.valid());
  std::future<Logged<void>> last = queue.post(adding(*database, "third"));
  CHECK(last.get());
  CHECK(runs == 2);
  CHECK(count(*other) == 3);
}

TEST_CASE("A COMMIT whose answer was lost is asked for", "[lost_server]") {
  Rig rig;
  const auto database = open(rig.where), other = open(rig.where);
  CommitQueue queue(*database);
  REQUIRE(queue.post(adding(*database, "before")).get());
  int runs = 0;
  const auto write = [&]() -> Logged<void> {
    ++runs;
    add(*database, "one");
    return {};
  };
  const auto wait_for = [&](const std::string& event) {
    for (int i = 0; i < 2000; ++i) {
      if (other->query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = ?", event)
              ->next())
        return;
      std::this_thread::sleep_for(5ms);
    }
    FAIL("nobody waits for " << event);
  };
  SECTION("it was done") {  // and waits for a standby that is not there
    const bool in_a_transaction = GENERATE(true, false);
    other->script("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    other->query("SELECT pg_reload_conf()");
    std::this_thread::sleep_for(2s);  // until the checkpointer has heard of it
    auto done = in_a_transaction ? queue.post(write) : std::async([&] { return database->guarded(write); });
    wait_for("SyncRep");
    other->script("ALTER SYSTEM RESET synchronous_standby_names");
    cut_others(*other);
    other->query("SELECT pg_reload_conf()");
    CHECK(done.get());
    CHECK(runs == 1);
  }
  SECTION("it was not") {
    other->script(
        "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END "
        "$$;"
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON list DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        "EXECUTE FUNCTION dawdle()");
    auto done = queue.post(write);
    wait_for("PgSleep");
    cut_others(*other);
    other->script("DROP TRIGGER late ON list");
    CHECK(done.get());
    CHECK(runs == 2);
  }
  CHECK(count(*other) == 2);
}

TEST_CASE("Of several servers the one that takes commits is taken", "[lost_server]") {
  const sample::LedgerPlace place(Engine::postgres);
  REQUIRE(count(*place.open()) == 0);
  auto two = place.where();
  two.insert(two.find("host=") + 5, "/nowhere/at/all,");
  add(*open(two), "by the second");

  const auto reads_only = two + "&options=-c%20default_transaction_read_only%3Don";
  CHECK(open_database(reads_only, MissingDatabase::refuse).error().error == LedgerError::unavailable);
  const auto told_so = open_database(reads_only + "&target_session_attrs=any", MissingDatabase::refuse);
  REQUIRE(told_so);
  CHECK(count(**told_so) == 1);
}

TEST_CASE("A server that stays away is waited for, and not for ever", "[lost_server]") {
  Rig rig;
  int told = 0;
  const auto database = open(rig.where, {.with_server = 1s, .tell = [&](const std::string& place) {
                                           ++told;
                                           CHECK(place.starts_with("postgresql:///d"));
                                         }});
  CommitQueue queue(*database);
  rig.server.stop();
  const auto begun = std::chrono::steady_clock::now();
  CHECK(queue.post(adding(*database, "never")).get().error().error == LedgerError::unavailable);
  CHECK(queue.post(adding(*database, "nor this")).get().error().error == LedgerError::unavailable);
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
  CHECK(told == 1);
  rig.server.start();
  CHECK(queue.post(adding(*database, "again")).get());
  CHECK(count(*database) == 1);
}

TEST_CASE("A COMMIT that nobody can tell of is in doubt", "[lost_server]") {
  Rig rig;
  const auto database = open(rig.where, {.with_server = 300ms}), other = open(rig.where);
  other->script("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  other->query("SELECT pg_reload_conf()");
  CommitQueue queue(*database);
  std::this_thread::sleep_for(2s);
  int runs = 0;
  auto done = queue.post([&]() -> Logged<void> {
    ++runs;
    add(*database, "one");
    return {};
  });
  while (!other->query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")->next())
    std::this_thread::sleep_for(5ms);
  other->script("ALTER SYSTEM RESET synchronous_standby_names");
  rig.server.stop();
  CHECK(done.get().error().error == LedgerError::in_doubt);
  CHECK(runs == 1);
  rig.server.start();
  CHECK(count(*other) == 1);
}

TEST_CASE("What a lost connection left on the server is ended", "[lost_server]") {
  const sample::LedgerPlace place(Engine::postgres);
  const auto database = place.open(), other = place.open();
  REQUIRE(database->transaction(adding(*database, "before")));
  const auto program = [&] {
    const auto row = other->query("SELECT program FROM last_commit");
    REQUIRE(row->next());
    return row->number(0);
  }();
  // In the place of a backend that does not know of its end.
  std::jthread left([&] {
    const auto ghost = place.open({30s});
    (void)ghost->transaction([&]() -> Logged<void> {
      ghost->query("SELECT pg_advisory_lock(?)", program);
      ghost->query("SELECT pg_sleep(30)");
      return {};
    });
  });
  const std::string waits = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
  while (!other->query(waits)->next()) std::this_thread::sleep_for(5ms);
  other->query(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND "
      "(classid::bigint << 32 | objid::bigint) = ?",
      program);
  while (other->query(waits)->next()) std::this_thread::sleep_for(5ms);
  const auto begun = std::chrono::steady_clock::now();
  CHECK(database->transaction(adding(*database, "after")));
  CHECK(std::chrono::steady_clock::now() - begun < 10s);
}

TEST_CASE("What is remembered of commits goes with its connection", "[lost_server]") {
  const sample::LedgerPlace place(Engine::postgres);
  const auto other = place.open();
  {
    const auto database = place.open();
    REQUIRE(database->transaction(adding(*database, "a")));
    CHECK(count(*other, "last_commit") == 2);              // the other made the tables
    REQUIRE(database->transaction([&]() -> Logged<void> {  // what only reads leaves none
      CHECK(count(*database) == 1);
      return {};
    }));
    const auto row = other->query("SELECT MAX(number) FROM last_commit");
    REQUIRE(row->next());
    CHECK(row->number(0) == 1);
  }
  CHECK(count(*other, "last_commit") == 1);
}
