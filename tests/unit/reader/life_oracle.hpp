// SPDX-License-Identifier: Apache-2.0
// Owns a second, naive reading of docs/judgement.md: it counts days one by one and collects what must be said. It
// shares nothing with the evaluator but the types.
#pragma once

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "reader/judge/evaluator.hpp"

namespace testing::oracle {

using patent::State;
using reader::Answer;
using reader::Reason;

// Days are numbered from 1 January 2020 on.
class Calendar {
public:
  Calendar() {
    for (int year = 2020; year < 2035; ++year)
      for (int month = 1; month <= 12; ++month)
        for (int day = 1; day <= length(year, month); ++day) {
          number_[{year, month, day}] = static_cast<int>(dates_.size());
          dates_.push_back({year, month, day});
        }
  }
  static int length(int year, int month) {
    if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }
  [[nodiscard]] int number(int year, int month, int day) const { return number_.at({year, month, day}); }
  [[nodiscard]] int number(patent::Date date) const {
    return number(int{date.year()}, static_cast<int>(unsigned{date.month()}), static_cast<int>(unsigned{date.day()}));
  }
  [[nodiscard]] std::tuple<int, int, int> date(int number) const { return dates_.at(static_cast<std::size_t>(number)); }
  // The last day that `months` whole months pay for.
  [[nodiscard]] int until(int issue, int months, bool policy_a) const {
    auto [year, month, day] = date(issue);
    for (int i = 0; i < months; ++i) {
      month = month == 12 ? 1 : month + 1;
      year += month == 1 ? 1 : 0;
    }
    if (day <= length(year, month)) return number(year, month, day) - 1;
    return number(year, month, length(year, month)) - (policy_a ? 0 : 1);
  }

private:
  std::map<std::tuple<int, int, int>, int> number_;
  std::vector<std::tuple<int, int, int>> dates_;
};

inline const Calendar& calendar() {
  static const Calendar kCalendar;
  return kCalendar;
}

inline int day_in_moscow(std::chrono::sys_seconds at) {
  constexpr std::int64_t kFirstDay = 18262;  // 1 January 2020, of the epoch
  return static_cast<int>((at.time_since_epoch().count() + 3 * 3600) / 86400 - kFirstDay);
}

// What is said of months and days alone, when everything is fresh.
inline std::vector<Reason> of_days(int today, int issue, int term, int until, bool all_paid) {
  std::vector<Reason> out;
  const bool paid = until >= 0 && today <= until;
  if (today > term || (!paid && all_paid)) out.push_back(Reason::term_over);
  if (!paid && !all_paid && until != term) out.push_back(Reason::unpaid);
  if (today < issue) out.push_back(Reason::not_active);
  if (out.empty()) out.push_back(Reason::ok);
  return out;
}

struct Word {
  bool by_list = false;
  unsigned value = 0;
  std::chrono::sys_seconds as_of{};
  bool expired = false;
};

inline const Word* newest(const std::vector<Word>& words) {
  const Word* out = nullptr;
  for (const auto& word : words)
    if (out == nullptr || word.as_of > out->as_of || (word.as_of == out->as_of && word.by_list)) out = &word;
  return out;
}

inline bool gone(unsigned state) { return state >= 0xD && state <= 0xF; }

// All that must be said of a situation under the default limits; not in order.
inline std::vector<Reason> expected(const reader::Situation& s, std::chrono::sys_seconds at) {
  using std::chrono::hours;
  std::vector<Reason> bad, good;
  std::vector<Word> states, months;
  if (s.record) {
    states.push_back({false, static_cast<unsigned>(s.record->state), s.record->as_of});
    months.push_back({false, s.record->months_paid, s.record->as_of});
  }
  if (const auto& listed = s.listed.state)
    states.push_back(
        {true, static_cast<unsigned>(listed->state), listed->as_of, listed->expires && at > *listed->expires});
  if (const auto& listed = s.listed.months)
    months.push_back({true, listed->months_paid, listed->as_of, listed->expires && at > *listed->expires});

  const auto* state = newest(states);
  std::optional<Word> ended;
  if (state == nullptr || !gone(state->value)) {
    if (s.gone) ended = Word{false, static_cast<unsigned>(s.gone->state), s.gone->as_of};
    for (const auto& word : states)
      if (gone(word.value)) ended = word;
    if (ended) state = &*ended;
  }
  const auto* paid_by = newest(months);

  const std::map<unsigned, Reason> kStates{{1, Reason::revoked},    {2, Reason::suspended}, {3, Reason::not_active},
                                           {0xC, Reason::annulled}, {0xD, Reason::lost},    {0xE, Reason::replaced},
                                           {0xF, Reason::returned}};
  if (state == nullptr) bad.push_back(Reason::status_missing);
  if (state != nullptr && state->value != 0)
    bad.push_back(kStates.contains(state->value) ? kStates.at(state->value) : Reason::state_unknown);

  auto newest_signed = s.newest_signed;
  for (const auto* words : {&states, &months})
    for (const auto& word : *words) newest_signed = std::max(newest_signed, word.as_of);
  const bool behind = newest_signed > at + std::chrono::minutes{10};
  const bool unconfirmed = s.synchronised && *s.synchronised < at - hours{24 * 30};
  if (behind) bad.push_back(Reason::clock);
  if (unconfirmed) bad.push_back(Reason::clock_unconfirmed);

  const int today = day_in_moscow(at), issue = calendar().number(s.issue_date);
  const int term = std::min(calendar().until(issue, 12, true), calendar().number(s.last_day));
  if (paid_by == nullptr) {
    bad.push_back(Reason::status_missing);
    if (today > term) bad.push_back(Reason::term_over);
    if (today < issue) bad.push_back(Reason::not_active);
  } else {
    const auto policy = s.record ? s.record->policy : s.policy;
    const bool a = policy == patent::PaidPeriodPolicy::inclusive_month_end;
    const int until =
        paid_by->value == 0 ? -1 : std::min(term, calendar().until(issue, static_cast<int>(paid_by->value), a));
    for (const auto reason : of_days(today, issue, term, until, paid_by->value == 12)) {
      if (reason == Reason::ok) continue;
      if (reason != Reason::unpaid) {
        bad.push_back(reason);
        continue;
      }
      const int first_unpaid = until < 0 ? issue : until + 1;
      const bool fresh = !paid_by->expired && paid_by->as_of >= at - hours{24} && !behind && !unconfirmed;
      if (s.receipt == Answer::yes && today < first_unpaid + 30)
        bad.push_back(Reason::payment_not_seen);
      else
        bad.push_back(fresh ? Reason::unpaid : Reason::unpaid_unconfirmed);
    }
  }

  if (s.territory == Answer::no) bad.push_back(Reason::wrong_territory);
  if (s.profession == Answer::no) bad.push_back(Reason::profession);
  if (s.person_flagged) bad.push_back(Reason::person_flag);
  if (!s.region_live) bad.push_back(Reason::region_not_live);
  if (s.listed.out_of_range) bad.push_back(Reason::list_no_entry);
  const bool list_in_force = s.listed.state && s.listed.state->as_of >= at - hours{72} &&
                             !(s.listed.state->expires && at > *s.listed.state->expires);
  if (s.records_left_out && !list_in_force) bad.push_back(Reason::status_gap);

  bool old = false, ageing = false;
  for (const auto* word : {state, paid_by}) {
    if (word == nullptr) continue;
    old = old || word->expired || word->as_of < at - hours{72};
    ageing = ageing || word->as_of < at - hours{24};
  }
  if (old) bad.push_back(Reason::stale);
  if (ageing && !old) good.push_back(Reason::status_ageing);
  if (s.record && s.listed.state && s.record->state != s.listed.state->state) good.push_back(Reason::states_differ);
  const bool extended = s.record && paid_by != nullptr && paid_by->by_list && paid_by->value > s.record->months_paid;
  if (bad.empty()) good.push_back(extended ? Reason::ok_extended : Reason::ok);
  if (s.record && s.listed.months && s.record->months_paid != s.listed.months->months_paid &&
      (!bad.empty() || !extended))
    good.push_back(Reason::months_differ);

  bad.insert(bad.end(), good.begin(), good.end());
  std::ranges::sort(bad);
  bad.erase(std::unique(bad.begin(), bad.end()), bad.end());
  return bad;
}

}  // namespace testing::oracle
