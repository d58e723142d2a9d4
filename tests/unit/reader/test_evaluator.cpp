// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/evaluator.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "reader/judge/decision_table.hpp"
#include "reader/judge/judgement.hpp"
#include "tests/unit/reader/life.hpp"

using namespace reader;
using namespace testing;
using patent::State;

namespace {

// What is said of a patent on a day, with a record of that very hour.
struct Row {
  const char* issue;
  std::uint8_t months;
  patent::PaidPeriodPolicy policy;
  const char* when;  // UTC; Moscow is three hours ahead
  const char* expected;
};

const std::array kRows{
    // the last paid day, to the second, in Moscow's time
    Row{"2021-04-22", 1, A, "2021-05-21T20:59:59Z", "OK"},
    Row{"2021-04-22", 1, A, "2021-05-21T21:00:00Z", "UNPAID"},
    Row{"2021-04-22", 3, A, "2021-07-21T12:00:00Z", "OK"},
    Row{"2021-04-22", 3, A, "2021-07-22T12:00:00Z", "UNPAID"},
    // the first day
    Row{"2021-04-22", 1, A, "2021-04-21T20:59:59Z", "NOT_ACTIVE"},
    Row{"2021-04-22", 1, A, "2021-04-21T21:00:00Z", "OK"},
    // the end of the term
    Row{"2021-04-22", 12, A, "2022-04-21T20:59:59Z", "OK"},
    Row{"2021-04-22", 12, A, "2022-04-21T21:00:00Z", "TERM_OVER"},
    Row{"2021-04-22", 11, A, "2022-04-22T12:00:00Z", "TERM_OVER UNPAID"},
    Row{"2024-02-29", 12, A, "2025-02-28T12:00:00Z", "OK"},
    Row{"2024-02-29", 12, A, "2025-03-01T12:00:00Z", "TERM_OVER"},
    Row{"2024-02-29", 12, B, "2025-02-27T12:00:00Z", "OK"},
    Row{"2024-02-29", 12, B, "2025-02-28T12:00:00Z", "TERM_OVER"},
    // months that lack the day
    Row{"2022-01-31", 1, A, "2022-02-28T12:00:00Z", "OK"},
    Row{"2022-01-31", 1, A, "2022-03-01T12:00:00Z", "UNPAID"},
    Row{"2022-01-31", 1, B, "2022-02-27T12:00:00Z", "OK"},
    Row{"2022-01-31", 1, B, "2022-02-28T12:00:00Z", "UNPAID"},
    Row{"2022-01-31", 2, B, "2022-03-30T12:00:00Z", "OK"},
    Row{"2022-01-31", 2, B, "2022-03-31T12:00:00Z", "UNPAID"},
    Row{"2021-08-31", 6, A, "2022-02-28T12:00:00Z", "OK"},
    Row{"2021-08-31", 6, B, "2022-02-28T12:00:00Z", "UNPAID"},
    Row{"2026-03-10", 0, A, "2026-03-10T12:00:00Z", "UNPAID"},
};

constexpr const char* kNow = "2026-04-01T09:00:00Z";  // the paid months of the usual life run until 2026-06-09

Situation usual(const char* as_of = kNow) { return recorded_life("2026-03-10", 3, A, at(as_of)); }

Situation with_lists(std::uint8_t months, const char* as_of = kNow, State state = State::valid) {
  auto life = usual("2026-03-31T09:00:00Z");
  life.listed.state = {state, at(as_of), {}};
  life.listed.months = {months, at(as_of), {}};
  return life;
}

}  // namespace

TEST_CASE("the verdict changes at midnight of the region, on the exact day") {
  for (const auto& row : kRows) {
    INFO(row.issue << " + " << int{row.months} << " at " << row.when);
    CHECK(said(recorded_life(row.issue, row.months, row.policy, at(row.when)), at(row.when)) == row.expected);
  }
}

TEST_CASE("the age of the facts is warned of, then refused") {
  const auto life = usual("2026-03-12T00:00:00Z");
  CHECK(said(life, at("2026-03-13T00:00:00Z")) == "OK");
  CHECK(said(life, at("2026-03-13T00:00:01Z")) == "OK STATUS_AGEING");
  CHECK(said(life, at("2026-03-15T00:00:00Z")) == "OK STATUS_AGEING");
  CHECK(said(life, at("2026-03-15T00:00:01Z")) == "STALE");
}

TEST_CASE("a signed time may lie ahead of the clock only by the tolerance") {
  auto life = usual("2026-03-12T00:10:00Z");
  CHECK(said(life, at("2026-03-12T00:00:00Z")) == "OK");
  CHECK(said(life, at("2026-03-11T23:59:59Z")) == "CLOCK");
  life = usual("2026-03-12T00:00:00Z");
  life.newest_signed = at("2026-03-12T00:10:01Z");
  CHECK(said(life, at("2026-03-12T00:00:00Z")) == "CLOCK");
}

TEST_CASE("the clock is believed so long behind the last synchronisation, and no longer") {
  auto life = usual();
  life.synchronised = at(kNow) - EvaluationLimits{}.clock_trust;
  CHECK(said(life, at(kNow)) == "OK");
  life.synchronised = *life.synchronised - std::chrono::seconds{1};
  CHECK(said(life, at(kNow)) == "CLOCK_UNCONFIRMED");
}

TEST_CASE("no document lengthens the law's twelve months") {
  auto life = recorded_life("2026-03-10", 12, A, at("2027-03-10T12:00:00Z"));
  life.last_day = day("2028-01-01");
  CHECK(said(life, at("2027-03-10T12:00:00Z")) == "TERM_OVER");
  life.last_day = day("2026-04-01");  // a shorter one is kept
  CHECK(evaluate(life, {}, at("2026-03-10T12:00:00Z")).paid_until == day("2026-04-01"));
}

TEST_CASE("the region's own midnight counts") {
  EvaluationLimits kamchatka;
  kamchatka.utc_offset = std::chrono::hours{12};
  const auto when = at("2021-05-21T12:00:00Z");
  const auto life = recorded_life("2021-04-22", 1, A, when);
  CHECK(said(life, when) == "OK");
  CHECK(said(life, when, kamchatka) == "UNPAID");
}

TEST_CASE("the reason tells the first day that is not paid") {
  const auto when = at("2026-04-15T12:00:00Z");
  const auto verdict = evaluate(recorded_life("2026-03-10", 1, A, when), {}, when);
  REQUIRE(verdict.headline == Reason::unpaid);
  CHECK(verdict.hits.front().date == day("2026-04-10"));
}

TEST_CASE("a newer list prolongs what the card says, a newer record what the list says") {
  const auto later = "2026-06-15T09:00:00Z";
  auto life = usual("2026-06-14T09:00:00Z");
  CHECK(said(life, at(later)) == "UNPAID");
  life.listed.state = {State::valid, at("2026-06-15T08:00:00Z"), {}};
  life.listed.months = {4, at("2026-06-15T08:00:00Z"), {}};
  CHECK(said(life, at(later)) == "OK_EXTENDED");
  CHECK(evaluate(life, {}, at(later)).hits.front().date == day("2026-07-09"));

  life.record->months_paid = 4;  // the other way round
  life.record->as_of = at("2026-06-15T08:30:00Z");
  life.listed.months->months_paid = 3;
  CHECK(said(life, at(later)) == "OK MONTHS_DIFFER");
  life.listed.months->as_of = life.record->as_of;  // of the same moment: the list
  CHECK(said(life, at(later)) == "UNPAID MONTHS_DIFFER");
}

TEST_CASE("an annulment in the newer evidence beats the older, whichever it is; so does a restoration") {
  auto life = with_lists(3, kNow, State::annulled);
  CHECK(said(life, at(kNow)) == "ANNULLED STATES_DIFFER");
  life.record->as_of = at(kNow) + std::chrono::seconds{1};
  CHECK(said(life, at(kNow)) == "OK STATES_DIFFER");
  std::swap(life.record->state, life.listed.state->state);
  CHECK(said(life, at(kNow)) == "ANNULLED STATES_DIFFER");
}

TEST_CASE("a card that is gone stays so, however new another word is") {
  for (const auto& [state, name] : {std::pair{State::lost, "LOST"}, std::pair{State::replaced, "REPLACED"},
                                    std::pair{State::returned, "RETURNED"}}) {
    auto life = with_lists(3, "2026-03-20T09:00:00Z", state);
    CHECK(said(life, at(kNow)).starts_with(name));  // the list is older than the record
    life = with_lists(3);
    life.record->state = state;
    CHECK(said(life, at(kNow)).starts_with(name));
    life = with_lists(3);
    life.gone = RecordedStatus{state, 3, A, at("2026-03-11T09:00:00Z")};
    CHECK(said(life, at(kNow)).starts_with(name));
    CHECK(evaluate(life, {}, at(kNow)).hits.front().as_of == at("2026-03-11T09:00:00Z"));
  }
}

TEST_CASE("lists alone may say VALID, half a status never does") {
  auto life = with_lists(3);
  life.record.reset();
  CHECK(said(life, at(kNow)) == "OK");
  auto half = life;
  half.listed.state.reset();
  CHECK(said(half, at(kNow)) == "STATUS_MISSING");
  half = life;
  half.listed.months.reset();
  CHECK(said(half, at(kNow)) == "STATUS_MISSING");
  life.listed = {.out_of_range = true};
  CHECK(said(life, at(kNow)) == "LIST_NO_ENTRY STATUS_MISSING");
  life = with_lists(3);
  life.listed = {.out_of_range = true};
  CHECK(said(life, at(kNow)).starts_with("LIST_NO_ENTRY"));
}

TEST_CASE("an expired list is stale however young it is") {
  auto life = with_lists(3);
  life.listed.state->expires = at(kNow);
  CHECK(said(life, at(kNow)) == "OK");
  life.listed.state->expires = at(kNow) - std::chrono::seconds{1};
  CHECK(said(life, at(kNow)) == "STALE");
  life = with_lists(0);
  life.listed.months->expires = at(kNow) - std::chrono::seconds{1};
  CHECK(said(life, at(kNow)) == "UNPAID_UNCONFIRMED STALE MONTHS_DIFFER");
}

TEST_CASE("a receipt is waited for thirty days, and no longer") {
  const auto last = "2026-07-09T20:59:59Z", next = "2026-07-09T21:00:00Z";
  auto life = usual(last);
  life.receipt = Answer::yes;
  CHECK(said(life, at(last)) == "PAYMENT_NOT_SEEN");
  life.record->as_of = at(next);
  CHECK(said(life, at(next)) == "UNPAID");
  life = usual(last);
  life.receipt = Answer::no;
  CHECK(said(life, at(last)) == "UNPAID");
  life.record->as_of = at("2026-06-15T09:00:00Z");
  life.receipt = Answer::yes;
  CHECK(said(life, at(last)) == "PAYMENT_NOT_SEEN STALE");
  life = usual();  // paid: a receipt says nothing
  life.receipt = Answer::yes;
  CHECK(said(life, at(kNow)) == "OK");
}

TEST_CASE("what the officer and the device know is said") {
  auto life = usual();
  life.profession = Answer::no;
  CHECK(said(life, at(kNow)) == "PROFESSION");
  life.profession = Answer::yes;
  life.territory = Answer::yes;
  CHECK(said(life, at(kNow)) == "OK");
  life.person_flagged = true;
  life.region_live = false;
  life.territory = Answer::no;
  CHECK(said(life, at(kNow)) == "WRONG_TERRITORY PERSON_FLAG REGION_NOT_LIVE");
}

TEST_CASE("a gap in the card's records needs a list in force") {
  auto life = usual();
  life.records_left_out = true;
  CHECK(said(life, at(kNow)) == "STATUS_GAP");
  life = with_lists(3);
  life.records_left_out = true;
  CHECK(said(life, at(kNow)) == "OK");
  life.listed.state->expires = at(kNow) - std::chrono::seconds{1};
  CHECK(said(life, at(kNow)) == "STATUS_GAP STALE");
}

TEST_CASE("a state that nobody knows is never valid") {
  for (unsigned value = 0; value < 256; ++value) {
    auto life = with_lists(3);
    life.listed.state->state = static_cast<State>(value);
    const bool named = value <= 3 || (value >= 0xC && value <= 0xF);
    CHECK((said(life, at(kNow)) == "STATE_UNKNOWN STATES_DIFFER") == !named);
    CHECK((evaluate(life, {}, at(kNow)).outcome == Outcome::valid) == (value == 0));
  }
}

TEST_CASE("a check that did not run never counts as passed") {
  std::vector<Check> needed(mandatory_checks().begin(), mandatory_checks().end());
  needed.insert(needed.end(), checks_if_announced().begin(), checks_if_announced().end());
  const auto outcome_without = [&](std::optional<Check> missing) {
    Judgement judgement;
    for (const auto check : needed)
      if (check != missing) judgement.set(check, CheckState::successful);
    return std::move(judgement).conclude({.reason = Reason::ok}, {}, {}).outcome;
  };
  CHECK(outcome_without(std::nullopt) == Outcome::valid);
  for (const auto missing : needed) {
    INFO(name_of(missing));
    CHECK(outcome_without(missing) == Outcome::needs_check);
  }
}
