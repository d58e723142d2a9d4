// SPDX-License-Identifier: Apache-2.0
// The evaluator against a naive second reading of its rules, over all dates and all orders of evidence.
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "reader/judge/decision_table.hpp"
#include "reader/judge/judgement.hpp"
#include "tests/seed.hpp"
#include "tests/unit/reader/life.hpp"
#include "tests/unit/reader/life_oracle.hpp"

using namespace reader;
using namespace testing;
using patent::State;
using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

namespace {

constexpr std::array kStates{State::valid,    State::invalid, State::suspended, State::not_active,
                             State::annulled, State::lost,    State::replaced,  State::returned};
const auto kNow = at("2026-07-01T09:00:00Z");

// What was said, sorted by number; and that it was said in the order of precedence.
std::vector<Reason> said_of(const Situation& life, sys_seconds when) {
  const auto evaluation = evaluate(life, {}, when);
  std::vector<Reason> out;
  bool in_order = true;
  for (const auto& hit : evaluation.found()) {
    in_order = in_order && (out.empty() || rule_of(out.back()).rank < rule_of(hit.reason).rank);
    out.push_back(hit.reason);
  }
  if (!in_order || out.empty() || evaluation.headline != out.front() ||
      evaluation.outcome != rule_of(out.front()).outcome)
    return {};
  std::ranges::sort(out);
  return out;
}

std::string text(const std::vector<Reason>& reasons) {
  std::string out;
  for (const auto reason : reasons) out.append(rule_of(reason).name).append(" ");
  return out;
}

// Compares millions, tells the first that differs.
class Comparison {
public:
  void of(const Situation& life, sys_seconds when) {
    ++made_;
    const auto said = said_of(life, when), expected = oracle::expected(life, when);
    seen_.insert(said.begin(), said.end());
    most_ = std::max(most_, said.size());
    if (said == expected || !first_.empty()) return;
    first_ = "said: " + text(said) + "expected: " + text(expected) + "after " + std::to_string(made_);
  }
  [[nodiscard]] const std::string& first_difference() const { return first_; }
  [[nodiscard]] const std::set<Reason>& seen() const { return seen_; }
  [[nodiscard]] std::size_t most() const { return most_; }

private:
  std::size_t made_ = 0, most_ = 0;
  std::string first_;
  std::set<Reason> seen_;
};

std::optional<sys_seconds> any_time(std::mt19937& random, bool may_lack) {
  constexpr std::array kAges{seconds{0},
                             seconds{1},
                             hours{24} + seconds{0},
                             hours{24} + seconds{1},
                             hours{72} + seconds{0},
                             hours{72} + seconds{1},
                             hours{800} + seconds{0},
                             seconds{-600},
                             seconds{-601}};
  if (may_lack && random() % 4 == 0) return std::nullopt;
  return kNow - kAges[random() % kAges.size()];
}

Situation any_life(std::mt19937& random) {
  const auto some = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
  const auto month = [&] { return static_cast<std::uint8_t>(some(13)); };
  const auto state = [&] { return some(3) != 0 ? State::valid : static_cast<State>(some(17)); };
  const auto answer = [&] { return static_cast<Answer>(some(3)); };
  Situation life;
  life.issue_date = patent::Date(sys_days{day("2025-05-20")} + std::chrono::days{some(430)});
  life.last_day = *patent::last_possible_day(life.issue_date);
  if (some(5) == 0) life.last_day = patent::Date(sys_days{life.last_day} - std::chrono::days{some(200)});
  life.policy = some(2) != 0 ? A : B;
  if (const auto as_of = any_time(random, true))
    life.record = RecordedStatus{state(), month(), some(2) != 0 ? A : B, *as_of};
  if (some(20) == 0) life.gone = RecordedStatus{State::lost, 1, A, *any_time(random, false)};
  if (const auto as_of = any_time(random, true)) life.listed.state = {state(), *as_of, any_time(random, true)};
  if (const auto as_of = any_time(random, true)) life.listed.months = {month(), *as_of, any_time(random, true)};
  life.listed.out_of_range = some(10) == 0;
  life.records_left_out = some(10) == 0;
  life.territory = answer();
  life.profession = some(4) != 0 ? Answer::yes : answer();
  life.receipt = answer();
  life.person_flagged = some(10) == 0;
  life.region_live = some(10) != 0;
  life.newest_signed = some(10) == 0 ? kNow + seconds{601} : sys_seconds{};
  if (some(2) != 0) life.synchronised = kNow - hours{24 * 30} - seconds{some(2)};
  return life;
}

}  // namespace

TEST_CASE("every issue date of four years, every number of months, both policies, every day to the term's end") {
  const auto& calendar = oracle::calendar();
  const auto first = sys_days{day("2023-01-01")};
  std::size_t differences = 0;
  std::string told;
  for (int offset = 0; offset < 1461; ++offset) {
    const auto issued = first + std::chrono::days{offset};
    const int issue = calendar.number(patent::Date(issued)), term = calendar.until(issue, 12, true);
    for (const auto policy : {A, B}) {
      for (int months = 0; months <= 12; ++months) {
        auto life = recorded_life("2023-01-01", static_cast<std::uint8_t>(months), policy, {});
        life.issue_date = patent::Date(issued);
        life.last_day = *patent::last_possible_day(life.issue_date);
        const int until = months == 0 ? -1 : std::min(term, calendar.until(issue, months, policy == A));
        const auto judge = [&](int today, seconds of_day) {
          // Moscow's midnight is 21:00 of the day before.
          const auto when = sys_seconds{issued} + std::chrono::days{today - issue} - hours{3} + of_day;
          life.record->as_of = when;
          const auto evaluation = evaluate(life, {}, when);
          const auto expected = oracle::of_days(today, issue, term, until, months == 12);
          if (evaluation.headline == expected.front() && evaluation.count == expected.size()) return;
          if (++differences == 1)
            told = std::to_string(offset) + " + " + std::to_string(months) + " on " + std::to_string(today - issue);
        };
        for (int today = issue - 2; today <= term + 2; ++today) judge(today, seconds{(today % 2) * 86399});
        for (const int edge : {issue, until < 0 ? issue : until + 1, term + 1}) {
          judge(edge, seconds{0});
          judge(edge - 1, seconds{86399});
        }
      }
    }
  }
  INFO(told);
  CHECK(differences == 0);
}

TEST_CASE("every pair of evidence, in every order") {
  Comparison comparison;
  constexpr std::array<std::uint8_t, 2> kMonths{1, 9};  // over and not
  const std::array kTimes{kNow - hours{2}, kNow - hours{1}, kNow};
  Situation life;
  life.issue_date = day("2026-03-10");
  life.last_day = day("2027-03-09");
  const auto with_months = [&](unsigned listed) {
    for (const auto as_of : kTimes) {
      life.listed.months.reset();
      if (listed < kMonths.size()) life.listed.months = {kMonths[listed], as_of, {}};
      comparison.of(life, kNow);
      life.gone = RecordedStatus{State::replaced, 1, A, kNow - hours{1}};
      comparison.of(life, kNow);
      life.gone.reset();
    }
  };
  for (const auto recorded : kStates)
    for (const auto months : kMonths)
      for (const auto recorded_at : kTimes)
        for (const auto listed : kStates)
          for (const auto listed_at : kTimes)
            for (unsigned listed_months = 0; listed_months <= kMonths.size(); ++listed_months)
              for (unsigned there = 0; there < 4; ++there) {
                life.record.reset();
                life.listed.state.reset();
                if ((there & 1U) != 0) life.record = RecordedStatus{recorded, months, A, recorded_at};
                if ((there & 2U) != 0) life.listed.state = {listed, listed_at, {}};
                with_months(listed_months);
              }
  CHECK(comparison.first_difference() == "");
}

TEST_CASE("every combination of fresh, ageing, stale, expired and missing") {
  Comparison comparison;
  constexpr std::array kAges{seconds{0}, seconds{hours{24}}, hours{24} + seconds{1}, seconds{hours{72}},
                             hours{72} + seconds{1}};
  const std::array<std::optional<sys_seconds>, 3> kExpiries{std::nullopt, kNow, kNow - seconds{1}};
  Situation life;
  life.issue_date = day("2026-03-10");
  life.last_day = day("2027-03-09");
  for (std::size_t record = 0; record <= kAges.size(); ++record)
    for (std::size_t state = 0; state <= kAges.size(); ++state)
      for (std::size_t months = 0; months <= kAges.size(); ++months)
        for (const auto& state_expires : kExpiries)
          for (const auto& months_expires : kExpiries)
            for (const std::uint8_t recorded : {std::uint8_t{2}, std::uint8_t{6}})
              for (const std::uint8_t listed : {std::uint8_t{2}, std::uint8_t{6}}) {
                life.record.reset();
                life.listed = {};
                if (record < kAges.size())
                  life.record = RecordedStatus{State::valid, recorded, A, kNow - kAges[record]};
                if (state < kAges.size()) life.listed.state = {State::valid, kNow - kAges[state], state_expires};
                if (months < kAges.size()) life.listed.months = {listed, kNow - kAges[months], months_expires};
                comparison.of(life, kNow);
              }
  CHECK(comparison.first_difference() == "");
}

TEST_CASE("any situation: what is said is what must be said, and every row of the table can be reached") {
  const auto seed = test_seed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Comparison comparison;
  for (int i = 0; i < 200'000; ++i) comparison.of(any_life(random), kNow);
  CHECK(comparison.first_difference() == "");
  CHECK(comparison.most() < kMostHits);
  for (const auto& row : kDecisionTable) {
    INFO(row.name);
    CHECK(comparison.seen().contains(row.reason));
  }
}

TEST_CASE("of every two hits the worse one is the headline, and both are shown") {
  for (const auto& one : reason_rules())
    for (const auto& other : reason_rules()) {
      Judgement judgement;
      judgement.find(one.reason);
      judgement.find(other.reason);
      const auto verdict = std::move(judgement).conclude({.reason = Reason::ok}, {}, {});
      const auto& worse = one.rank < other.rank ? one : other;
      INFO(one.name << " and " << other.name);
      // Where neither speaks against the patent, the checks that never ran do.
      const bool spoken = worse.outcome != Outcome::valid;
      CHECK(verdict.headline == (spoken ? worse.reason : Reason::unreadable));
      for (const auto reason : {one.reason, other.reason})
        CHECK(std::ranges::count(verdict.findings, reason, &Finding::reason) == 1);
    }
}
