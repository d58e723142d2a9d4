// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/card_events.hpp"

#include "personalize/status/transitions.hpp"

namespace personalize {
namespace {

using patent::State;

// Nothing where the state is as it was.
std::optional<EventKind> kind_of(const patent::StatusRecord& before, const patent::StatusRecord& now) {
  if (now.state == State::valid && now.reason == kReasonRestored) return EventKind::restored;
  if (now.state == before.state) return std::nullopt;
  switch (now.state) {
    case State::valid: return before.state == State::not_active ? EventKind::activated : EventKind::restored;
    case State::invalid: return EventKind::invalidated;
    case State::suspended: return EventKind::suspended;
    case State::annulled: return EventKind::annulled;
    case State::lost: return EventKind::lost;
    case State::replaced: return EventKind::replaced;
    case State::returned: return EventKind::returned;
    case State::not_active: break;  // nothing leads back to it
  }
  return std::nullopt;
}

}  // namespace

std::vector<CardEvent> events_of(const patent::StatusRecord& before, const patent::StatusRecord& now,
                                 std::string_view successor) {
  std::vector<CardEvent> out;
  const auto add = [&](EventKind kind, std::string detail) {
    out.push_back({kind, now.card_number, now.patent_number, {}, now.as_of, std::move(detail)});
  };
  if (const auto kind = kind_of(before, now))
    add(*kind, *kind == EventKind::replaced ? std::string(successor) : std::string());
  if (now.months_paid > before.months_paid) add(EventKind::extended, std::to_string(now.months_paid));
  return out;
}

}  // namespace personalize
