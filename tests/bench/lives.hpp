// SPDX-License-Identifier: Apache-2.0
// Owns lives of patents as a day at the metro brings them: most are paid, by the list or by the card; some are not,
// some are annulled, some facts are old.
#pragma once

#include <array>

#include "card/patent/paid_period.hpp"
#include "reader/judge/evaluator.hpp"

namespace bench {

inline constexpr std::chrono::sys_seconds kNow{std::chrono::seconds{1'782'896'400}};  // 2026-07-01 09:00 UTC

template <std::size_t Count>
std::array<reader::Situation, Count> lives() {
  using std::chrono::days;
  using std::chrono::hours;
  std::array<reader::Situation, Count> out;
  for (std::size_t i = 0; i < Count; ++i) {
    const auto n = static_cast<int>(i);
    auto& life = out[i];
    life.issue_date = patent::Date(std::chrono::floor<days>(kNow) - days{(n * 37) % 360});
    life.last_day = *patent::last_possible_day(life.issue_date);
    const auto months = static_cast<std::uint8_t>(1 + n % 12);
    const auto policy =
        n % 2 == 0 ? patent::PaidPeriodPolicy::inclusive_month_end : patent::PaidPeriodPolicy::inclusive_clamped;
    if (n % 5 != 0) life.record = reader::RecordedStatus{patent::State::valid, months, policy, kNow - hours{n % 100}};
    if (n % 7 != 0) {
      const auto state = n % 33 == 0 ? patent::State::annulled : patent::State::valid;
      life.listed.state = {state, kNow - hours{n % 30}, kNow + hours{n % 40 - 4}};
      life.listed.months = {static_cast<std::uint8_t>(1 + n % 11), kNow - hours{n % 30}, {}};
    }
    life.territory = n % 11 == 0 ? reader::Answer::no : reader::Answer::yes;
    life.synchronised = kNow - hours{20};
  }
  return out;
}

}  // namespace bench
