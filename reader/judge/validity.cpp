// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/validity.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "card/patent/paid_period.hpp"
#include "card/patent/territory.hpp"

namespace reader {
namespace {

using enum CheckState;
using patent::Date;
using patent::State;
using std::chrono::days;
using std::chrono::sys_days;

constexpr std::array kStates{
    std::pair{State::invalid, Reason::revoked},
    std::pair{State::suspended, Reason::suspended},
    std::pair{State::not_active, Reason::not_active},
    std::pair{State::annulled, Reason::annulled},
    std::pair{State::lost, Reason::lost},
    std::pair{State::replaced, Reason::replaced},
    std::pair{State::returned, Reason::returned},
};

Date next_day(Date date) { return sys_days{date} + days{1}; }

// Twelve months from the issue date is the law's own limit, whatever the document says.
Date end_of_term(const PatentLife& life) {
  return std::min(life.last_day, patent::last_possible_day(life.issue_date).value_or(life.last_day));
}

bool older_than(const patent::StatusRecord& status, std::chrono::hours limit, std::chrono::sys_seconds at) {
  return at - status.as_of > limit;
}

Finding on(Reason reason, Date date) { return {.reason = reason, .date = date}; }

void judge_term(const PatentLife& life, Date today, Judgement& judgement) {
  const auto last = end_of_term(life);
  judgement.set(Check::term, today < life.issue_date || today > last ? failed : successful);
  if (today < life.issue_date) judgement.find(on(Reason::not_active, life.issue_date));
  if (today > last) judgement.find(on(Reason::term_over, next_day(last)));
}

void judge_age(const patent::StatusRecord& status, const Policy& policy, std::chrono::sys_seconds at,
               Judgement& judgement) {
  const auto age = std::chrono::floor<std::chrono::hours>(at - status.as_of).count();
  const bool stale = older_than(status, policy.status_hard_limit, at);
  judgement.set(Check::status_age, stale ? failed : successful);
  if (stale || older_than(status, policy.status_soft_limit, at))
    judgement.find({.reason = stale ? Reason::stale : Reason::status_ageing, .as_of = status.as_of, .amount = age});
}

void judge_state(const patent::StatusRecord& status, Judgement& judgement) {
  if (status.state == State::valid) return judgement.set(Check::state, successful);
  const auto* const found = std::ranges::find(kStates, status.state, [](const auto& entry) { return entry.first; });
  judgement.set(Check::state, failed);
  judgement.find({.reason = found == kStates.end() ? Reason::status_untrusted : found->second, .as_of = status.as_of});
}

void judge_payment(const PatentLife& life, const Policy& policy, Date today, std::chrono::sys_seconds at,
                   Judgement& judgement) {
  const auto until = paid_until(life);
  if (until && today <= *until) return judgement.set(Check::paid_period, successful);
  judgement.set(Check::paid_period, failed);
  if (until == end_of_term(life)) return;  // all of it was paid: the term is over, nothing is owed
  // Policy B may end the twelfth month a day before the longest term: nothing is owed either.
  if (life.status->months_paid == patent::kMaxMonths) return judgement.find(on(Reason::term_over, next_day(*until)));
  // An older record may miss a payment; only a fresh one can say that there was none.
  const bool fresh = !older_than(*life.status, policy.status_soft_limit, at);
  judgement.find({.reason = fresh ? Reason::unpaid : Reason::unpaid_unconfirmed,
                  .date = until ? next_day(*until) : life.issue_date,
                  .as_of = life.status->as_of});
}

void judge_territory(const PatentLife& life, const Policy& policy, Judgement& judgement) {
  if (policy.territory_oktmo.empty()) return judgement.set(Check::territory, not_supported);
  const bool here = patent::same_territory(life.territory_oktmo, policy.territory_oktmo);
  judgement.set(Check::territory, here ? successful : failed);
  if (!here) judgement.find({.reason = Reason::wrong_territory, .text = life.territory_name});
}

}  // namespace

std::optional<Date> paid_until(const PatentLife& life) {
  if (!life.status) return std::nullopt;
  const auto until = patent::paid_until(life.issue_date, life.status->months_paid, life.status->policy);
  return until ? std::optional{std::min(*until, end_of_term(life))} : std::nullopt;
}

void judge_validity(const PatentLife& life, const Policy& policy, std::chrono::sys_seconds at, Judgement& judgement) {
  const auto today = patent::civil_date(at, policy.utc_offset);
  judge_term(life, today, judgement);
  judge_territory(life, policy, judgement);
  if (!life.status) return;
  judge_age(*life.status, policy, at, judgement);
  judge_state(*life.status, judgement);
  judge_payment(life, policy, today, at, judgement);
}

void judge_clock(std::chrono::sys_seconds newest, const Policy& policy, std::chrono::sys_seconds at,
                 Judgement& judgement) {
  if (newest <= at + policy.clock_tolerance) return judgement.set(Check::clock, successful);
  judgement.set(Check::clock, failed);
  judgement.find({.reason = Reason::clock, .as_of = newest});
}

Finding still_valid(const PatentLife& life, const Policy& policy, std::chrono::sys_seconds at) {
  Finding finding{.reason = Reason::ok};
  if (const auto until = paid_until(life)) {
    finding.date = until;
    finding.as_of = life.status->as_of;
    finding.amount = (sys_days{*until} - sys_days{patent::civil_date(at, policy.utc_offset)}).count();
  }
  return finding;
}

}  // namespace reader
