// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/status_event.hpp"

#include <algorithm>
#include <array>

#include "card/patent/paid_period.hpp"

namespace personalize {
namespace {

using patent::State;

enum class Months : std::uint8_t { required, optional, none };

struct Rule {
  StatusEvent event;
  std::string_view name;
  std::uint16_t from;       // a bit for each state
  std::optional<State> to;  // nothing: as it is
  Months months;
  std::optional<std::uint8_t> reason;  // where none is given; nothing: as it is
};

template <class... States>
constexpr std::uint16_t from(States... states) {
  return static_cast<std::uint16_t>((0U | ... | (1U << static_cast<unsigned>(states))));
}
constexpr std::uint16_t kInHands = from(State::valid, State::invalid, State::suspended, State::not_active);
constexpr std::uint16_t kNotYetOver = kInHands | from(State::lost);

// Nothing follows what is annulled, replaced or returned: a court's word comes through the ledger.
constexpr std::array kRules{
    Rule{StatusEvent::payment, "payment", from(State::valid, State::suspended, State::not_active), std::nullopt,
         Months::required, std::nullopt},
    Rule{StatusEvent::activation, "activation", from(State::not_active), State::valid, Months::optional, 0},
    Rule{StatusEvent::suspension, "suspension", from(State::valid), State::suspended, Months::none, 0},
    Rule{StatusEvent::restoration, "restoration", from(State::valid, State::suspended, State::invalid), State::valid,
         Months::optional, kReasonRestored},
    Rule{StatusEvent::replacement, "replacement", kNotYetOver, State::replaced, Months::none, 0},
    Rule{StatusEvent::annulment, "annulment", kInHands, State::annulled, Months::none, 0},
    Rule{StatusEvent::loss, "loss", kInHands, State::lost, Months::none, 0},
    Rule{StatusEvent::handed_in, "return", kNotYetOver, State::returned, Months::none, 0},
};

const Rule& rule_of(StatusEvent event) { return *std::ranges::find(kRules, event, &Rule::event); }

bool is_late(const patent::StatusRecord& newest, patent::Date issue_date, std::chrono::sys_seconds at) {
  constexpr std::chrono::minutes kMoscow{180};
  const auto until = patent::paid_until(issue_date, newest.months_paid, newest.policy);
  return until && patent::civil_date(at, kMoscow) > *until;
}

}  // namespace

std::optional<StatusEvent> event_named(std::string_view name) {
  const auto rule = std::ranges::find(kRules, name, &Rule::name);
  return rule == kRules.end() ? std::nullopt : std::optional(rule->event);
}

crypto::Result<patent::StatusRecord, EventError> status_after(const patent::StatusRecord& newest,
                                                              patent::Date issue_date, const EventDetails& details) {
  const auto& rule = rule_of(details.event);
  if (rule.months == Months::none && details.months) return crypto::unexpected(EventError::months_not_taken);
  if (rule.months == Months::required && !details.months) return crypto::unexpected(EventError::months_missing);
  const Change change{rule.to.value_or(newest.state), details.reason.value_or(rule.reason.value_or(newest.reason)),
                      details.months.value_or(newest.months_paid), details.at};
  const bool same_months = change.months_paid == newest.months_paid;
  const bool allowed = (rule.from & from(newest.state)) != 0;
  if (change.state == newest.state && same_months && change.reason == newest.reason &&
      (allowed || rule.months != Months::required))
    return newest;
  // A patent in force can only be restored together with months that were paid too late.
  if (!allowed || (change.state == newest.state && same_months))
    return crypto::unexpected(EventError::not_from_this_state);
  if (details.event == StatusEvent::payment && is_late(newest, issue_date, details.at))
    return crypto::unexpected(EventError::paid_period_over);
  return follow(newest, change).map_error([](TransitionError error) {
    return error == TransitionError::bad_months ? EventError::bad_months : EventError::not_from_this_state;
  });
}

}  // namespace personalize
