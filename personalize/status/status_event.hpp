// SPDX-License-Identifier: Apache-2.0
// Owns what can happen to a patent in front of a kiosk or a station, and the status that comes of it
// (docs/personalization.md, "Appending a status"). What only an authority decides goes through its ledger.
#pragma once

#include "card/patent/patent.hpp"
#include "personalize/status/transitions.hpp"

namespace personalize {

enum class StatusEvent : std::uint8_t {
  payment,
  activation,  // handed over
  suspension,
  restoration,
  replacement,  // another card takes its place
  annulment,
  loss,
  handed_in,  // returned to the issuer
};
std::optional<StatusEvent> event_named(std::string_view name);

// `months`: paid in all since the issue date, not in addition, so that the same event said twice is the same.
struct EventDetails {
  StatusEvent event{};
  std::optional<std::uint8_t> months{};
  std::optional<std::uint8_t> reason{};
  std::chrono::sys_seconds at{};
};

enum class EventError : std::uint8_t {
  not_from_this_state,
  months_missing,
  months_not_taken,  // this event changes no months
  bad_months,        // more than the twelve of the law, or fewer than are paid
  paid_period_over,  // a payment revives nothing (docs/domain.md, paid period)
};
// `newest` itself when it says already what the event would make of it.
crypto::Result<patent::StatusRecord, EventError> status_after(const patent::StatusRecord& newest,
                                                              patent::Date issue_date, const EventDetails& details);

}  // namespace personalize
