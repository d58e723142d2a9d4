// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/evaluator.hpp"

#include "card/patent/paid_period.hpp"
#include "reader/judge/decision_table.hpp"

namespace reader {
namespace {

using enum CheckState;
using patent::Date;
using patent::State;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

// One fact of two that may be known from several sides.
template <class Value>
struct Fact {
  Value value{};
  sys_seconds as_of{};
  bool expired = false;  // by the list's own word
};

template <class Value>
using Known = std::optional<Fact<Value>>;

template <class Value, class Listed>
Known<Value> listed_fact(const std::optional<Listed>& listed, Value Listed::*value, sys_seconds at) {
  if (!listed) return std::nullopt;
  return Fact<Value>{*listed.*value, listed->as_of, listed->expires && at > *listed->expires};
}

// The newer one; of two of the same moment the list's, which is of all that the issuer knew then.
template <class Value>
const Known<Value>& newer(const Known<Value>& recorded, const Known<Value>& listed) {
  return !listed || (recorded && recorded->as_of > listed->as_of) ? recorded : listed;
}

class Life {
public:
  Life(const Situation& situation, const EvaluationLimits& limits, sys_seconds at)
      : is_(situation), limits_(limits), at_(at), today_(patent::civil_date(at, limits.utc_offset)) {
    choose_state();
    choose_months();
    newest_signed_ = is_.newest_signed;
    if (is_.record) newest_signed_ = std::max(newest_signed_, is_.record->as_of);
    if (is_.listed.state) newest_signed_ = std::max(newest_signed_, is_.listed.state->as_of);
    if (is_.listed.months) newest_signed_ = std::max(newest_signed_, is_.listed.months->as_of);
    behind_ = clock_is_behind(newest_signed_, at, limits.clock_tolerance);
    unconfirmed_ = is_.synchronised && at - *is_.synchronised > limits.clock_trust;
    // Twelve months from the issue date is the law's own limit, whatever the document says.
    term_end_ = std::min(is_.last_day, patent::last_possible_day(is_.issue_date).value_or(is_.last_day));
    if (!months_) return;
    const auto policy = is_.record ? is_.record->policy : is_.policy;
    if (const auto until = patent::paid_until(is_.issue_date, months_->value, policy))
      paid_until_ = std::min(*until, term_end_);
  }

  [[nodiscard]] Evaluation judge() const {
    Evaluation out;
    out.checks = {{{Check::status_age, age_known() ? successful : aborted},
                   {Check::state, state_ ? successful : aborted},
                   {Check::term, successful},
                   {Check::paid_period, !months_ ? aborted
                                        : paid() ? successful
                                                 : failed},
                   {Check::territory, is_.territory == Answer::not_asked ? not_supported : successful},
                   {Check::clock, successful}}};
    bool against = false;
    for (const auto& rule : kDecisionTable) {
      if (!holds(rule.condition, against)) continue;
      if (rule.fails) fail(out, *rule.fails);
      against = against || rule_of(rule.reason).outcome != Outcome::valid;
      const bool said = out.count != 0 && out.hits[out.count - 1].reason == rule.reason;
      if (!said && out.count < out.hits.size()) out.hits[out.count++] = tell(rule);
    }
    out.headline = out.hits.front().reason;
    out.outcome = rule_of(out.headline).outcome;
    out.paid_until = paid_until_;
    if (months_) out.months_paid = months_->value;
    if (state_ || months_) out.status_as_of = oldest();
    return out;
  }

private:
  void choose_state() {
    const Known<State> recorded = is_.record ? Known<State>({is_.record->state, is_.record->as_of}) : std::nullopt;
    const auto listed = listed_fact(is_.listed.state, &ListedState::state, at_);
    state_ = newer(recorded, listed);
    if (state_ && is_gone(state_->value)) return;
    if (is_.gone) state_ = {is_.gone->state, is_.gone->as_of};
    if (recorded && is_gone(recorded->value)) state_ = recorded;
    if (listed && is_gone(listed->value)) state_ = listed;
  }

  void choose_months() {
    const Known<std::uint8_t> recorded =
        is_.record ? Known<std::uint8_t>({is_.record->months_paid, is_.record->as_of}) : std::nullopt;
    const auto listed = listed_fact(is_.listed.months, &ListedMonths::months_paid, at_);
    months_ = newer(recorded, listed);
    months_listed_ = months_ && listed && !(recorded && recorded->as_of > listed->as_of);
  }

  static void fail(Evaluation& out, Check check) {
    for (auto& result : out.checks)
      if (result.check == check) result.state = failed;
  }

  [[nodiscard]] bool age_known() const { return state_ && months_; }
  [[nodiscard]] sys_seconds oldest() const {
    if (!state_ || !months_) return state_ ? state_->as_of : months_->as_of;
    return std::min(state_->as_of, months_->as_of);
  }
  [[nodiscard]] bool older_than(hours limit) const { return (state_ || months_) && at_ - oldest() > limit; }
  [[nodiscard]] bool expired() const { return (state_ && state_->expired) || (months_ && months_->expired); }

  [[nodiscard]] bool is_state(State state) const { return state_ && state_->value == state; }
  [[nodiscard]] bool strange_state() const {
    return state_ && !is_state(State::valid) && !is_state(State::not_active) && !is_state(State::invalid) &&
           !is_state(State::suspended) && !is_state(State::annulled) && !is_gone(state_->value);
  }

  [[nodiscard]] bool paid() const { return paid_until_ && today_ <= *paid_until_; }
  // All that the law allows was paid: the end of the term is the end of it, and nothing is owed. Policy B may end the
  // twelfth month a day before the longest term.
  [[nodiscard]] bool paid_to_the_end() const {
    return months_ && !paid() && (paid_until_ == term_end_ || months_->value == patent::kMaxMonths);
  }
  [[nodiscard]] bool owes() const { return months_ && !paid() && !paid_to_the_end(); }
  [[nodiscard]] Date first_unpaid() const {
    return paid_until_ ? Date(sys_days{*paid_until_} + days{1}) : is_.issue_date;
  }
  [[nodiscard]] bool receipt_counts() const {
    return is_.receipt == Answer::yes && sys_days{today_} - sys_days{first_unpaid()} < limits_.receipt;
  }
  // An older word may miss a payment; only a fresh one, by a clock that can be believed, says that there was none.
  [[nodiscard]] bool months_are_fresh() const {
    return months_ && !months_->expired && at_ - months_->as_of <= limits_.soft && !behind_ && !unconfirmed_;
  }

  // A list in force makes up for what the card leaves out.
  [[nodiscard]] bool gap_matters() const {
    const auto& listed = is_.listed.state;
    const bool covered = listed && at_ - listed->as_of <= limits_.hard && !(listed->expires && at_ > *listed->expires);
    return is_.records_left_out && !covered;
  }
  [[nodiscard]] bool states_differ() const {
    return is_.record && is_.listed.state && is_.record->state != is_.listed.state->state;
  }
  [[nodiscard]] bool months_differ() const {
    return is_.record && is_.listed.months && is_.record->months_paid != is_.listed.months->months_paid;
  }
  [[nodiscard]] bool extended() const {
    return months_listed_ && is_.record && months_->value > is_.record->months_paid;
  }

  [[nodiscard]] bool holds(Condition condition, bool against) const {
    switch (condition) {
      case Condition::state_annulled: return is_state(State::annulled);
      case Condition::state_lost: return is_state(State::lost);
      case Condition::state_replaced: return is_state(State::replaced);
      case Condition::state_returned: return is_state(State::returned);
      case Condition::state_invalid: return is_state(State::invalid);
      case Condition::state_suspended: return is_state(State::suspended);
      case Condition::after_last_day: return today_ > term_end_;
      case Condition::paid_to_the_end: return paid_to_the_end();
      case Condition::unpaid: return owes() && months_are_fresh() && !receipt_counts();
      case Condition::elsewhere: return is_.territory == Answer::no;
      case Condition::before_issue_date: return today_ < is_.issue_date;
      case Condition::state_not_active: return is_state(State::not_active);
      case Condition::unpaid_with_receipt: return owes() && receipt_counts();
      case Condition::unpaid_by_old_facts: return owes() && !months_are_fresh() && !receipt_counts();
      case Condition::state_strange: return strange_state();
      case Condition::records_left_out: return gap_matters();
      case Condition::not_in_list: return is_.listed.out_of_range;
      case Condition::no_state: return !state_;
      case Condition::no_months: return !months_;
      case Condition::person_flagged: return is_.person_flagged;
      case Condition::other_work: return is_.profession == Answer::no;
      case Condition::region_not_live: return !is_.region_live;
      case Condition::clock_behind: return behind_;
      case Condition::clock_unconfirmed: return unconfirmed_;
      case Condition::facts_too_old: return older_than(limits_.hard);
      case Condition::list_expired: return expired();
      case Condition::nothing_against_and_extended: return !against && extended();
      case Condition::nothing_against: return !against && !extended();
      case Condition::facts_ageing: return older_than(limits_.soft) && !older_than(limits_.hard) && !expired();
      case Condition::states_differ: return states_differ();
      case Condition::months_differ: return months_differ() && (against || !extended());
    }
    return false;
  }

  [[nodiscard]] Hit tell(const DecisionRule& rule) const {
    Hit hit{.reason = rule.reason};
    switch (rule.tells) {
      case Tells::nothing: break;
      case Tells::as_of_state: hit.as_of = state_->as_of; break;
      case Tells::as_of_months: hit.as_of = months_->as_of; break;
      case Tells::end_of_term: hit.date = sys_days{term_end_} + days{1}; break;
      case Tells::end_of_paid: hit.date = first_unpaid(); break;
      case Tells::first_unpaid:
        hit.date = first_unpaid();
        hit.as_of = months_->as_of;
        break;
      case Tells::issue_date: hit.date = is_.issue_date; break;
      case Tells::newest_signed: hit.as_of = newest_signed_; break;
      case Tells::synchronised: tell_age(hit, *is_.synchronised); break;
      case Tells::age: tell_age(hit, oldest()); break;
      case Tells::paid_until:
        hit.date = paid_until_;
        hit.as_of = months_->as_of;
        hit.amount = (sys_days{*paid_until_} - sys_days{today_}).count();
        break;
    }
    return hit;
  }

  void tell_age(Hit& hit, sys_seconds since) const {
    hit.as_of = since;
    hit.amount = std::chrono::floor<hours>(at_ - since).count();
  }

  const Situation& is_;
  const EvaluationLimits& limits_;
  sys_seconds at_;
  Date today_;
  Known<State> state_;
  Known<std::uint8_t> months_;
  bool months_listed_ = false;
  sys_seconds newest_signed_{};
  bool behind_ = false;
  bool unconfirmed_ = false;
  Date term_end_{};
  std::optional<Date> paid_until_;
};

}  // namespace

Evaluation evaluate(const Situation& situation, const EvaluationLimits& limits, sys_seconds at) noexcept {
  return Life(situation, limits, at).judge();
}

std::string_view name_of(Need need) {
  switch (need) {
    case Need::document: return "document";
    case Need::state: return "state";
    case Need::months: return "months";
    case Need::card_record: return "card_record";
    case Need::lists: return "lists";
    case Need::place: return "place";
    case Need::officer: return "officer";
    case Need::regions: return "regions";
    case Need::package: return "package";
    case Need::clock: break;
  }
  return "clock";
}

}  // namespace reader
