// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/transitions.hpp"

#include <algorithm>
#include <array>

#include "card/patent/paid_period.hpp"

namespace personalize {
namespace {

using patent::State;

struct Row {
  State state;
  std::string_view name;
  std::array<State, 8> followers;  // filled up with the first
  std::size_t count;
};

template <class... States>
constexpr Row row(State state, std::string_view name, States... followers) {
  return {state, name, {followers...}, sizeof...(followers)};
}

// Out of the hands of the holder, a card stays what it is: a returned one is never given out again, an annulled one
// may be restored by a court, one reported lost may be handed in.
constexpr std::array kRows{
    row(State::valid, "valid", State::valid, State::suspended, State::invalid, State::annulled, State::lost,
        State::replaced, State::returned),
    row(State::invalid, "invalid", State::valid, State::annulled, State::lost, State::replaced, State::returned),
    row(State::suspended, "suspended", State::suspended, State::valid, State::invalid, State::annulled, State::lost,
        State::replaced, State::returned),
    row(State::not_active, "not_active", State::not_active, State::valid, State::invalid, State::annulled, State::lost,
        State::replaced, State::returned),
    row(State::annulled, "annulled", State::valid),
    row(State::lost, "lost", State::replaced, State::returned),
    row(State::replaced, "replaced", State::returned),
    row(State::returned, "returned"),
};

const Row& row_of(State state) { return *std::ranges::find(kRows, state, &Row::state); }

}  // namespace

bool may_follow(State from, State to) {
  const auto& row = row_of(from);
  const auto end = row.followers.begin() + static_cast<std::ptrdiff_t>(row.count);
  return std::find(row.followers.begin(), end, to) != end;
}

std::vector<State> followers(State from) {
  const auto& row = row_of(from);
  return {row.followers.begin(), row.followers.begin() + static_cast<std::ptrdiff_t>(row.count)};
}

std::string_view name_of(State state) { return row_of(state).name; }

std::optional<State> state_named(std::string_view name) {
  const auto row = std::ranges::find(kRows, name, &Row::name);
  return row == kRows.end() ? std::nullopt : std::optional(row->state);
}

crypto::Result<patent::StatusRecord, TransitionError> follow(const patent::StatusRecord& newest, const Change& change) {
  if (!may_follow(newest.state, change.state)) return crypto::unexpected(TransitionError::not_allowed);
  if (change.months_paid > patent::kMaxMonths || change.months_paid < newest.months_paid)
    return crypto::unexpected(TransitionError::bad_months);
  auto next = newest;
  next.sequence = newest.sequence + 1;
  next.state = change.state;
  next.reason = change.reason;
  next.months_paid = change.months_paid;
  next.as_of = std::max(change.at, newest.as_of);
  return next;
}

}  // namespace personalize
