// SPDX-License-Identifier: Apache-2.0
// Which event may follow which state, and what becomes of it; every pair.
#include "personalize/status/status_event.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace personalize;
using patent::State;
using namespace std::chrono;

namespace {

constexpr patent::Date kIssued = year(2026) / 3 / 10;
constexpr sys_seconds kAt{sys_days{year(2026) / 4 / 5} + hours{9}};

patent::StatusRecord record(State state, std::uint8_t months = 2) {
  patent::StatusRecord made;
  made.card_number = "P00000017";
  made.patent_number = "772600123456";
  made.sequence = 7;
  made.state = state;
  made.months_paid = months;
  made.as_of = sys_days{year(2026) / 3 / 10};
  made.issuing_unit = "770-001";
  return made;
}

constexpr std::array kStates{State::valid,    State::invalid, State::suspended, State::not_active,
                             State::annulled, State::lost,    State::replaced,  State::returned};

}  // namespace

TEST_CASE("every event in every state") {
  // For each event, the letter of what follows each of kStates: the state's own for what was said already, - for a
  // refusal.
  const std::map<std::string, std::string> table{
      {"payment", "v-sn----"},     {"activation", "=--v----"}, {"suspension", "s-=-----"}, {"restoration", "vvv-----"},
      {"replacement", "pppp-p=-"}, {"annulment", "aaaa=---"},  {"loss", "llll-=--"},       {"return", "rrrr-r-="},
  };
  const std::map<char, State> letters{{'v', State::valid},    {'s', State::suspended}, {'n', State::not_active},
                                      {'a', State::annulled}, {'l', State::lost},      {'p', State::replaced},
                                      {'r', State::returned}};
  for (const auto& [name, row] : table) {
    const auto event = event_named(name);
    REQUIRE(event);
    const bool with_months = name == "payment" || name == "restoration";
    for (std::size_t i = 0; i < kStates.size(); ++i) {
      INFO(name << " in state " << i);
      const auto newest = record(kStates[i]);
      EventDetails details{*event, {}, {}, kAt};
      if (with_months) details.months = 3;
      const auto next = status_after(newest, kIssued, details);
      if (row[i] == '-') {
        REQUIRE_FALSE(next);
        CHECK(next.error() == EventError::not_from_this_state);
        continue;
      }
      REQUIRE(next);
      if (row[i] == '=') {
        CHECK(*next == newest);
        continue;
      }
      CHECK(next->state == letters.at(row[i]));
      CHECK(next->sequence == 8);
      CHECK(next->as_of == kAt);
      CHECK(next->months_paid == (with_months ? 3 : 2));
      // The same event again says nothing new.
      CHECK(status_after(*next, kIssued, details) == *next);
    }
  }
  CHECK_FALSE(event_named("forgery"));
}

TEST_CASE("months are paid in all, grow, and end with the twelfth") {
  const auto pay = [](const patent::StatusRecord& newest, std::optional<std::uint8_t> months, sys_seconds at = kAt) {
    return status_after(newest, kIssued, {StatusEvent::payment, months, {}, at});
  };
  const auto newest = record(State::valid);
  CHECK(pay(newest, 12)->months_paid == 12);
  CHECK(pay(newest, 2) == newest);
  CHECK(pay(newest, 1).error() == EventError::bad_months);
  CHECK(pay(newest, 13).error() == EventError::bad_months);
  CHECK(pay(newest, {}).error() == EventError::months_missing);
  for (const auto event :
       {StatusEvent::suspension, StatusEvent::annulment, StatusEvent::loss, StatusEvent::replacement})
    CHECK(status_after(newest, kIssued, {event, 3, {}, kAt}).error() == EventError::months_not_taken);
}

TEST_CASE("a payment after the paid period revives nothing; the issuer restores") {
  const auto newest = record(State::valid);  // two months: to 9 May, in Moscow
  const auto at = [](int day, int hour) { return sys_seconds{sys_days{year(2026) / 5 / day} + hours{hour}}; };
  const auto pay = [&](sys_seconds when) { return status_after(newest, kIssued, {StatusEvent::payment, 3, {}, when}); };
  CHECK(pay(at(9, 20)));
  CHECK(pay(at(9, 21)).error() == EventError::paid_period_over);  // midnight in Moscow
  const auto restored = status_after(newest, kIssued, {StatusEvent::restoration, 3, {}, at(11, 9)});
  REQUIRE(restored);
  CHECK(restored->months_paid == 3);
  CHECK(restored->reason == kReasonRestored);
  // In force, and no month more: there is nothing to restore.
  CHECK(status_after(newest, kIssued, {StatusEvent::restoration, {}, {}, kAt}).error() ==
        EventError::not_from_this_state);
}

TEST_CASE("a payment keeps state and reason; other events bring their own") {
  auto newest = record(State::suspended);
  newest.reason = 9;
  CHECK(status_after(newest, kIssued, {StatusEvent::payment, 3, {}, kAt})->reason == 9);
  CHECK(status_after(newest, kIssued, {StatusEvent::annulment, {}, {}, kAt})->reason == 0);
  CHECK(status_after(newest, kIssued, {StatusEvent::annulment, {}, 4, kAt})->reason == 4);
  // Another reason for what is so already is no new event.
  CHECK(status_after(newest, kIssued, {StatusEvent::suspension, {}, 4, kAt}).error() ==
        EventError::not_from_this_state);
  // Never dated before the newest.
  CHECK(status_after(newest, kIssued, {StatusEvent::loss, {}, {}, newest.as_of - hours{1}})->as_of == newest.as_of);
}
