// SPDX-License-Identifier: Apache-2.0
// Owns lives of patents for the tests of the evaluator, and what is said of them in one line.
#pragma once

#include <string>

#include "card/patent/paid_period.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/judge/evaluator.hpp"
#include "reader/judge/reasons.hpp"

namespace testing {

inline constexpr auto A = patent::PaidPeriodPolicy::inclusive_month_end;
inline constexpr auto B = patent::PaidPeriodPolicy::inclusive_clamped;

inline std::chrono::sys_seconds at(const char* text) { return reader::instant_from_iso(text).value(); }
inline patent::Date day(const char* text) { return reader::date_from_iso(text).value(); }

// A patent of which only the card speaks.
inline reader::Situation recorded_life(const char* issue, std::uint8_t months, patent::PaidPeriodPolicy policy,
                                       std::chrono::sys_seconds as_of) {
  reader::Situation life;
  life.issue_date = day(issue);
  life.last_day = patent::last_possible_day(life.issue_date).value();
  life.policy = policy;
  life.record = reader::RecordedStatus{patent::State::valid, months, policy, as_of};
  return life;
}

// The reasons' names, the worst first.
inline std::string said(const reader::Situation& life, std::chrono::sys_seconds when,
                        const reader::EvaluationLimits& limits = {}) {
  std::string out;
  const auto evaluation = reader::evaluate(life, limits, when);
  for (const auto& hit : evaluation.found()) {
    if (!out.empty()) out += ' ';
    out += reader::rule_of(hit.reason).name;
  }
  return out;
}

}  // namespace testing
