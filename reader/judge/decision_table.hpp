// SPDX-License-Identifier: Apache-2.0
// Owns the decision table of a patent's life: which condition is said as which reason, and which check it fails
// (docs/judgement.md). evaluate() walks it, `patent-reader explain` prints it.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "reader/judge/reasons.hpp"

namespace reader {

enum class Condition : std::uint8_t {
  state_annulled,
  state_lost,
  state_replaced,
  state_returned,
  state_invalid,
  state_suspended,
  after_last_day,
  paid_to_the_end,
  unpaid,
  elsewhere,
  before_issue_date,
  state_not_active,
  unpaid_with_receipt,
  unpaid_by_old_facts,
  state_strange,
  records_left_out,
  not_in_list,
  no_state,
  no_months,
  person_flagged,
  other_work,
  region_not_live,
  clock_behind,
  clock_unconfirmed,
  facts_too_old,
  list_expired,
  nothing_against_and_extended,
  nothing_against,
  facts_ageing,
  states_differ,
  months_differ,
};

// What must be known before the condition can hold.
enum class Need : std::uint8_t { document, state, months, card_record, lists, place, officer, regions, package, clock };

// What a hit tells beside its reason.
enum class Tells : std::uint8_t {
  nothing,
  as_of_state,
  as_of_months,
  end_of_term,   // date: the first day behind
  end_of_paid,   // date: the first day behind
  first_unpaid,  // date, and as_of of the months
  issue_date,
  newest_signed,  // as_of
  synchronised,   // as_of, and hours since
  age,            // as_of of the older deciding fact, and hours since
  paid_until,     // date, as_of of the months, and days left
};

struct DecisionRule {
  Condition condition;
  std::string_view name;  // of the condition
  Reason reason;
  std::optional<Check> fails;
  Need needs;
  Tells tells;
};

// The worst first. Where two rows have the same reason it is said once, as the first of them tells it.
inline constexpr std::array kDecisionTable{
    DecisionRule{Condition::state_annulled, "state_annulled", Reason::annulled, Check::state, Need::state,
                 Tells::as_of_state},
    DecisionRule{Condition::state_lost, "state_lost", Reason::lost, Check::state, Need::state, Tells::as_of_state},
    DecisionRule{Condition::state_replaced, "state_replaced", Reason::replaced, Check::state, Need::state,
                 Tells::as_of_state},
    DecisionRule{Condition::state_returned, "state_returned", Reason::returned, Check::state, Need::state,
                 Tells::as_of_state},
    DecisionRule{Condition::state_invalid, "state_invalid", Reason::revoked, Check::state, Need::state,
                 Tells::as_of_state},
    DecisionRule{Condition::state_suspended, "state_suspended", Reason::suspended, Check::state, Need::state,
                 Tells::as_of_state},
    DecisionRule{Condition::after_last_day, "after_last_day", Reason::term_over, Check::term, Need::document,
                 Tells::end_of_term},
    DecisionRule{Condition::paid_to_the_end, "paid_to_the_end", Reason::term_over, Check::paid_period, Need::months,
                 Tells::end_of_paid},
    DecisionRule{Condition::unpaid, "unpaid", Reason::unpaid, Check::paid_period, Need::months, Tells::first_unpaid},
    DecisionRule{Condition::elsewhere, "elsewhere", Reason::wrong_territory, Check::territory, Need::place,
                 Tells::nothing},
    DecisionRule{Condition::before_issue_date, "before_issue_date", Reason::not_active, Check::term, Need::document,
                 Tells::issue_date},
    DecisionRule{Condition::state_not_active, "state_not_active", Reason::not_active, Check::state, Need::state,
                 Tells::as_of_state},
    DecisionRule{Condition::unpaid_with_receipt, "unpaid_with_receipt", Reason::payment_not_seen, Check::paid_period,
                 Need::officer, Tells::first_unpaid},
    DecisionRule{Condition::unpaid_by_old_facts, "unpaid_by_old_facts", Reason::unpaid_unconfirmed, Check::paid_period,
                 Need::months, Tells::first_unpaid},
    DecisionRule{Condition::state_strange, "state_strange", Reason::state_unknown, Check::state, Need::state,
                 Tells::as_of_state},
    DecisionRule{Condition::records_left_out, "records_left_out", Reason::status_gap, std::nullopt, Need::card_record,
                 Tells::nothing},
    DecisionRule{Condition::not_in_list, "not_in_list", Reason::list_no_entry, std::nullopt, Need::lists,
                 Tells::nothing},
    DecisionRule{Condition::no_state, "no_state", Reason::status_missing, std::nullopt, Need::document, Tells::nothing},
    DecisionRule{Condition::no_months, "no_months", Reason::status_missing, std::nullopt, Need::document,
                 Tells::nothing},
    DecisionRule{Condition::person_flagged, "person_flagged", Reason::person_flag, std::nullopt, Need::officer,
                 Tells::nothing},
    DecisionRule{Condition::other_work, "other_work", Reason::profession, std::nullopt, Need::officer, Tells::nothing},
    DecisionRule{Condition::region_not_live, "region_not_live", Reason::region_not_live, std::nullopt, Need::regions,
                 Tells::nothing},
    DecisionRule{Condition::clock_behind, "clock_behind", Reason::clock, Check::clock, Need::clock,
                 Tells::newest_signed},
    DecisionRule{Condition::clock_unconfirmed, "clock_unconfirmed", Reason::clock_unconfirmed, Check::clock,
                 Need::package, Tells::synchronised},
    DecisionRule{Condition::facts_too_old, "facts_too_old", Reason::stale, Check::status_age, Need::state, Tells::age},
    DecisionRule{Condition::list_expired, "list_expired", Reason::stale, Check::status_age, Need::lists, Tells::age},
    DecisionRule{Condition::nothing_against_and_extended, "nothing_against_and_extended", Reason::ok_extended,
                 std::nullopt, Need::lists, Tells::paid_until},
    DecisionRule{Condition::nothing_against, "nothing_against", Reason::ok, std::nullopt, Need::months,
                 Tells::paid_until},
    DecisionRule{Condition::facts_ageing, "facts_ageing", Reason::status_ageing, std::nullopt, Need::state, Tells::age},
    DecisionRule{Condition::states_differ, "states_differ", Reason::states_differ, std::nullopt, Need::lists,
                 Tells::as_of_state},
    DecisionRule{Condition::months_differ, "months_differ", Reason::months_differ, std::nullopt, Need::lists,
                 Tells::as_of_months},
};
static_assert(std::ranges::is_sorted(kDecisionTable, {},
                                     [](const DecisionRule& rule) { return rule_of(rule.reason).rank; }));

std::string_view name_of(Need need);

}  // namespace reader
