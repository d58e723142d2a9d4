// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <latch>

#include "personalize/ledger/commit_queue.hpp"
#include "tests/unit/personalize/ledger_place.hpp"

using namespace personalize;

namespace {

class Rig {
public:
  Rig() : database_(place_.open()) {}
  Database& operator*() { return *database_; }
  // As another program sees it.
  [[nodiscard]] std::int64_t committed() const {
    const auto other = place_.open();
    const auto row = other->query("SELECT COUNT(*) FROM list");
    row->next();
    return row->number(0);
  }

private:
  sample::LedgerPlace place_{GENERATE(Engine::sqlite, Engine::postgres)};
  std::unique_ptr<Database> database_;
};

CommitQueue::Work add(Database& database, std::string uri) {
  return [&database, uri = std::move(uri)]() -> Logged<void> {
    database.run("INSERT INTO list (uri) VALUES (?)", uri);
    return {};
  };
}

// Keeps the queue busy, so that what is posted meanwhile waits and is committed together.
class Plug {
public:
  explicit Plug(CommitQueue& queue)
      : held_(queue.post([this]() -> Logged<void> {
          begun_.count_down();
          go_.wait();
          return {};
        })) {
    begun_.wait();
  }
  void pull() {
    go_.count_down();
    REQUIRE(held_.get());
  }

private:
  std::latch begun_{1}, go_{1};
  std::future<Logged<void>> held_;
};

// Counts the transactions that a database is asked for, and lets the next COMMIT fail.
class Watched final : public Database {
public:
  void queue_up() override {}
  void script(const std::string& sql) override {
    if (sql == "COMMIT" && std::exchange(fails, false)) throw failed(LedgerError::unavailable);
    commits += sql == "COMMIT";
    parts += sql.starts_with("SAVEPOINT");
  }
  std::vector<std::string> tables() override { return {}; }
  std::vector<Column> columns(std::string_view) override { return {}; }
  void continue_ids(const std::string&) override {}
  [[nodiscard]] bool is_shared() const override { return false; }
  [[nodiscard]] const std::string& place() const override { return place_; }
  int commits = 0, parts = 0;
  bool fails = false;

private:
  [[nodiscard]] const char* begin_words() const override { return "BEGIN"; }
  [[nodiscard]] const char* snapshot_words() const override { return "BEGIN"; }
  std::int64_t execute(std::string_view, std::span<const Value>) override { return 0; }
  std::unique_ptr<Rows> select(std::string_view, std::span<const Value>) override { return nullptr; }
  std::unique_ptr<Rows> select_by_and_by(std::string_view, std::span<const Value>) override { return nullptr; }
  std::string place_ = "watched";
};

Logged<void> nothing() { return {}; }

}  // namespace

TEST_CASE("What a work did is durable when its future is ready") {
  Rig rig;
  CommitQueue queue(*rig);
  REQUIRE(queue.post(add(*rig, "a")).get());
  CHECK(rig.committed() == 1);
  const auto number = queue.run<int>([] { return 7; });
  CHECK(number == 7);
}

TEST_CASE("A part that fails is undone alone") {
  Rig rig;
  CommitQueue queue(*rig);
  Plug plug(queue);
  auto first = queue.post(add(*rig, "a"));
  auto twice = queue.post(add(*rig, "a"));  // the column is UNIQUE
  auto refused = queue.post([&]() -> Logged<void> {
    (*rig).run("INSERT INTO list (uri) VALUES ('undone')");
    return crypto::unexpected<LedgerFailure>({LedgerError::blank_used, "b", {}});
  });
  auto thrown = queue.post([&]() -> Logged<void> {
    (*rig).run("INSERT INTO list (uri) VALUES ('undone')");
    throw std::runtime_error("a work that throws");
  });
  auto last = queue.post(add(*rig, "b"));
  plug.pull();
  CHECK(first.get());
  CHECK(twice.get().error().error == LedgerError::wrong_state);
  CHECK(refused.get().error().error == LedgerError::blank_used);
  CHECK_THROWS_AS(thrown.get(), std::runtime_error);
  CHECK(last.get());
  CHECK(rig.committed() == 2);
}

TEST_CASE("What waits together is one transaction") {
  Watched database;
  {
    CommitQueue queue(database);
    Plug plug(queue);
    std::vector<std::future<Logged<void>>> works;
    for (int i = 0; i < 100; ++i) works.push_back(queue.post(nothing));
    plug.pull();
    for (auto& work : works) CHECK(work.get());
  }
  CHECK(database.commits == 2);  // the plug's, and theirs
  CHECK(database.parts == 101);
}

TEST_CASE("A COMMIT that fails fails all that hung on it, and nothing else") {
  Watched database;
  CommitQueue queue(database);
  Plug plug(queue);
  auto one = queue.post(nothing);
  auto other = queue.post([&]() -> Logged<void> {
    database.fails = true;
    return {};
  });
  database.fails = false;
  plug.pull();
  CHECK(one.get().error().error == LedgerError::unavailable);
  CHECK(other.get().error().error == LedgerError::unavailable);
  CHECK(queue.post(nothing).get());
}

TEST_CASE("What was posted is done before the queue ends") {
  Rig rig;
  std::future<Logged<void>> last;
  {
    CommitQueue queue(*rig);
    for (int i = 0; i < 20; ++i) last = queue.post(add(*rig, std::to_string(i)));
  }
  CHECK(last.get());
  CHECK(rig.committed() == 20);
}

TEST_CASE("A part that meets another station crosswise comes through alone") {
  const sample::LedgerPlace place(Engine::postgres);
  const auto ours = place.open(), theirs = place.open();
  ours->run("INSERT INTO list (uri) VALUES ('one'), ('two')");
  const auto rename = [](Database& database, const char* from, const char* to) {
    return [&database, from, to]() -> Logged<void> {
      return database.guarded([&]() -> Logged<void> {
        database.run("UPDATE list SET uri = ? WHERE uri = ? OR uri = ?", to, from, to);
        return {};
      });
    };
  };
  std::latch both_hold_one(2);
  CommitQueue queue(*ours);
  Plug plug(queue);
  auto first = queue.post([&]() -> Logged<void> {
    const auto done = rename(*ours, "one", "one of ours")();
    both_hold_one.arrive_and_wait();
    return done;
  });
  auto second = queue.post(rename(*ours, "two", "two of ours"));
  std::thread station([&] {
    const auto crossed = theirs->transaction([&]() -> Logged<void> {
      PATENT_TRY_VOID(rename(*theirs, "two", "two")());
      both_hold_one.arrive_and_wait();
      std::this_thread::sleep_for(std::chrono::milliseconds(300));  // the other side waits first, and finds out first
      return rename(*theirs, "one", "one")();
    });
    (void)crossed;  // either of the two may have been ended
  });
  plug.pull();
  CHECK(first.get());
  CHECK(second.get());
  station.join();
}
