// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <map>

#include "reader/judge/reasons.hpp"
#include "reader/judge/validity.hpp"
#include "tests/unit/reader/issuing_house.hpp"

using namespace reader;
using testing::at;
using testing::day;

namespace {

// What is said of a patent on a day, with a record of that very hour.
struct Row {
  const char* issue;
  int months;
  patent::PaidPeriodPolicy policy;
  const char* when;  // UTC; Moscow is three hours ahead
  const char* expected;
};
constexpr auto A = patent::PaidPeriodPolicy::inclusive_month_end;
constexpr auto B = patent::PaidPeriodPolicy::inclusive_clamped;

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

std::string said(const PatentLife& life, crypto::Time when, const Policy& policy = {}) {
  Judgement judgement;
  judge_validity(life, policy, when, judgement);
  judge_clock(life.status ? life.status->as_of : when, policy, when, judgement);
  for (const auto check : mandatory_checks())
    if (static_cast<int>(check) < 40) judgement.set(check, CheckState::successful);
  for (const auto check : checks_if_announced()) judgement.set(check, CheckState::not_supported);
  judgement.set(Check::status_signature, CheckState::successful);
  std::string out;
  for (const auto& finding : std::move(judgement).conclude({.reason = Reason::ok}, {}, when).findings) {
    if (!out.empty()) out += ' ';
    out += rule_of(finding.reason).name;
  }
  return out;
}

PatentLife life_of(const char* issue, int months, patent::PaidPeriodPolicy policy, crypto::Time as_of) {
  PatentLife life;
  life.issue_date = day(issue);
  life.last_day = patent::last_possible_day(life.issue_date).value();
  life.territory_oktmo = "45000000";
  life.status = testing::sample_status();
  life.status->months_paid = static_cast<std::uint8_t>(months);
  life.status->policy = policy;
  life.status->as_of = as_of;
  return life;
}

}  // namespace

TEST_CASE("the verdict changes at midnight of the region, on the exact day") {
  for (const auto& row : kRows) {
    INFO(row.issue << " + " << row.months << " at " << row.when);
    CHECK(said(life_of(row.issue, row.months, row.policy, at(row.when)), at(row.when)) == row.expected);
  }
}

TEST_CASE("the age of the record is warned of, then refused") {
  const auto life = life_of("2026-03-10", 3, A, at("2026-03-12T00:00:00Z"));
  CHECK(said(life, at("2026-03-13T00:00:00Z")) == "OK");
  CHECK(said(life, at("2026-03-13T00:00:01Z")) == "OK STATUS_AGEING");
  CHECK(said(life, at("2026-03-15T00:00:00Z")) == "OK STATUS_AGEING");
  CHECK(said(life, at("2026-03-15T00:00:01Z")) == "STALE");
}

TEST_CASE("a signed time may lie ahead of the clock only by the tolerance") {
  const auto life = life_of("2026-03-10", 3, A, at("2026-03-12T00:10:00Z"));
  CHECK(said(life, at("2026-03-12T00:00:00Z")) == "OK");
  CHECK(said(life, at("2026-03-11T23:59:59Z")) == "CLOCK");
}

TEST_CASE("no document lengthens the law's twelve months") {
  auto life = life_of("2026-03-10", 12, A, at("2027-03-10T12:00:00Z"));
  life.last_day = day("2028-01-01");
  CHECK(said(life, at("2027-03-10T12:00:00Z")) == "TERM_OVER");
  life.last_day = day("2026-04-01");  // a shorter one is kept
  CHECK(paid_until(life) == day("2026-04-01"));
}

TEST_CASE("the region's own midnight counts") {
  Policy kamchatka;
  kamchatka.utc_offset = std::chrono::hours{12};
  const auto when = at("2021-05-21T12:00:00Z");
  const auto life = life_of("2021-04-22", 1, A, when);
  CHECK(said(life, when) == "OK");
  CHECK(said(life, when, kamchatka) == "UNPAID");
}

TEST_CASE("the reason tells the first day that is not paid") {
  Judgement judgement;
  const auto when = at("2026-04-15T12:00:00Z");
  judge_validity(life_of("2026-03-10", 1, A, when), {}, when, judgement);
  const auto verdict = std::move(judgement).conclude({}, {}, when);
  REQUIRE(verdict.headline == Reason::unpaid);
  CHECK(verdict.findings.front().date == day("2026-04-10"));
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
