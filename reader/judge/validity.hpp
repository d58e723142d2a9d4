// SPDX-License-Identifier: Apache-2.0
// Owns the rules of the patent's validity, day by day: pure dates and states (NK RF art. 227.1; docs/domain.md).
#pragma once

#include "card/patent/status_record.hpp"
#include "reader/judge/judgement.hpp"
#include "reader/judge/trust.hpp"

namespace reader {

struct PatentLife {
  patent::Date issue_date{};
  patent::Date last_day{};
  std::string territory_oktmo;
  std::string territory_name;
  std::optional<patent::StatusRecord> status{};  // trusted
};

// The last day that the record says is paid, and never one after the patent's term. Nothing when nothing is paid.
std::optional<patent::Date> paid_until(const PatentLife& life);

// Sets the checks status_age, state, term, paid_period and territory. `today` is the region's civil date of `at`.
void judge_validity(const PatentLife& life, const Policy& policy, std::chrono::sys_seconds at, Judgement& judgement);

// Sets the check clock. `newest` is the newest moment that somebody trusted has signed.
void judge_clock(std::chrono::sys_seconds newest, const Policy& policy, std::chrono::sys_seconds at,
                 Judgement& judgement);

// What is said when nothing speaks against the patent: paid until when, and how many days are left.
Finding still_valid(const PatentLife& life, const Policy& policy, std::chrono::sys_seconds at);

}  // namespace reader
