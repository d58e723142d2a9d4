// SPDX-License-Identifier: Apache-2.0
#include <json/json.h>

#include <catch2/catch.hpp>
#include <thread>

#include "personalize/status/card_events.hpp"
#include "personalize/status/transitions.hpp"
#include "tests/unit/personalize/ledger_place.hpp"
#include "tests/unit/personalize/sample_card.hpp"

using namespace personalize;
using patent::State;
using sample::kAt;

namespace {

CardEvent event(EventKind kind, std::string detail = {}) {
  return {kind, "P00001701", "772600001701", {}, kAt, std::move(detail)};
}

std::vector<std::int64_t> numbers_of(const std::vector<StoredEvent>& events) {
  std::vector<std::int64_t> out;
  for (const auto& one : events) out.push_back(one.sequence);
  return out;
}

patent::StatusRecord record(State state, std::uint8_t months, std::uint8_t reason = 0) {
  return {.card_number = "P00001701",
          .patent_number = "772600001701",
          .state = state,
          .reason = reason,
          .months_paid = months,
          .as_of = kAt,
          .issuing_unit = "770-001"};
}

using Kinds = std::vector<EventKind>;
Kinds kinds_of(const patent::StatusRecord& before, const patent::StatusRecord& now) {
  Kinds out;
  for (const auto& one : events_of(before, now, {})) out.push_back(one.kind);
  return out;
}

}  // namespace

TEST_CASE("each receiver gets every event, in order, until it says that it has it", "[events]") {
  const sample::LedgerPlace place(GENERATE(Engine::sqlite, Engine::postgres));
  const auto database = place.open();
  EventOutbox outbox(*database);
  for (int i = 0; i < 5; ++i) REQUIRE(outbox.add(event(EventKind::issued)));
  const auto first = outbox.next("portal", 3).value();
  CHECK(numbers_of(first) == std::vector<std::int64_t>{1, 2, 3});
  const auto again = outbox.next("portal", 3).value();
  CHECK(to_json(again.front()) == to_json(first.front()));  // the same id
  REQUIRE(outbox.acknowledge("portal", 2));
  CHECK(numbers_of(outbox.next("portal", 9).value()) == std::vector<std::int64_t>{3, 4, 5});
  REQUIRE(outbox.acknowledge("portal", 1));  // late: nothing goes back
  CHECK(outbox.position("portal").value() == 2);
  CHECK(outbox.acknowledge("portal", 6).error().error == LedgerError::wrong_state);
  CHECK(numbers_of(outbox.next("platform", 9).value()).size() == 5);
  const auto receivers = outbox.receivers().value();
  REQUIRE(receivers.size() == 1);
  CHECK(receivers.front().waiting == 3);
}

TEST_CASE("an event is there exactly when its transaction is, and numbers leave no gap", "[events]") {
  const sample::LedgerPlace place(GENERATE(Engine::sqlite, Engine::postgres));
  const auto database = place.open();
  EventOutbox outbox(*database);
  REQUIRE(outbox.add(event(EventKind::issued)));
  CHECK_FALSE(database->transaction([&]() -> Logged<void> {
    PATENT_TRY_VOID(outbox.add(event(EventKind::lost)));
    return database->failure(LedgerError::wrong_state);
  }));
  REQUIRE(outbox.add(event(EventKind::returned)));
  const auto all = outbox.after(0, 9).value();
  CHECK(numbers_of(all) == std::vector<std::int64_t>{1, 2});
  CHECK(all.back().event.kind == EventKind::returned);
  CHECK(all.front().id != all.back().id);
}

TEST_CASE("who follows a growing number misses nothing, whoever writes", "[events]") {
  const sample::LedgerPlace place(GENERATE(Engine::sqlite, Engine::postgres));
  const auto opened = place.open();  // makes the tables
  constexpr int kWriters = 3, kEach = 40;
  std::vector<std::jthread> writers;
  std::atomic<int> failed = 0;
  for (int i = 0; i < kWriters; ++i)
    writers.emplace_back([&] {
      const auto database = place.open();
      EventOutbox outbox(*database);
      for (int n = 0; n < kEach; ++n)
        if (!database->transaction([&] { return outbox.add(event(EventKind::issued)); })) ++failed;
    });
  EventOutbox outbox(*opened);
  std::vector<std::int64_t> seen;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (seen.size() < kWriters * kEach && failed == 0 && std::chrono::steady_clock::now() < end) {
    const auto some = outbox.after(seen.empty() ? 0 : seen.back(), 1000);
    REQUIRE(some);
    for (const auto number : numbers_of(*some)) seen.push_back(number);
  }
  CHECK(failed == 0);
  REQUIRE(seen.size() == kWriters * kEach);
  for (std::size_t i = 0; i < seen.size(); ++i) REQUIRE(seen[i] == static_cast<std::int64_t>(i) + 1);
}

TEST_CASE("an event's line says what belongs to its kind", "[events]") {
  const auto line = [](const CardEvent& of) {
    Json::Value json;
    Json::Reader().parse(to_json(StoredEvent{7, "0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e01", of}), json);
    return json;
  };
  CHECK(line(event(EventKind::extended, "3"))["months_paid"] == 3);
  CHECK(line(event(EventKind::replaced, "P00001702"))["successor"] == "P00001702");
  CHECK_FALSE(line(event(EventKind::replaced)).isMember("successor"));
  auto issued = event(EventKind::issued);
  issued.order_id = "x";
  CHECK(line(issued)["order_id"] == "x");
  CHECK(line(issued)["kind"] == "issued");
  CHECK(line(issued)["sequence"] == 7);
}

TEST_CASE("what follows a status is told", "[events]") {
  const auto valid = record(State::valid, 3);
  CHECK(kinds_of(record(State::not_active, 1), record(State::valid, 1)) == Kinds{EventKind::activated});
  CHECK(kinds_of(record(State::not_active, 1), record(State::valid, 2)) ==
        Kinds{EventKind::activated, EventKind::extended});
  CHECK(kinds_of(valid, record(State::valid, 4)) == Kinds{EventKind::extended});
  CHECK(kinds_of(valid, record(State::suspended, 3)) == Kinds{EventKind::suspended});
  CHECK(kinds_of(record(State::suspended, 3), valid) == Kinds{EventKind::restored});
  CHECK(kinds_of(valid, record(State::valid, 3, kReasonRestored)) == Kinds{EventKind::restored});
  CHECK(kinds_of(valid, record(State::invalid, 3)) == Kinds{EventKind::invalidated});
  CHECK(kinds_of(record(State::annulled, 3), record(State::valid, 5, kReasonRestored)) ==
        Kinds{EventKind::restored, EventKind::extended});
  CHECK(kinds_of(valid, record(State::annulled, 3)) == Kinds{EventKind::annulled});
  CHECK(kinds_of(valid, record(State::lost, 3)) == Kinds{EventKind::lost});
  CHECK(kinds_of(valid, record(State::returned, 3)) == Kinds{EventKind::returned});
  CHECK(kinds_of(valid, valid).empty());
  const auto replaced = events_of(valid, record(State::replaced, 3), "P00001702");
  REQUIRE(replaced.size() == 1);
  CHECK(replaced.front().kind == EventKind::replaced);
  CHECK(replaced.front().detail == "P00001702");
}
