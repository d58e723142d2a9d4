// SPDX-License-Identifier: Apache-2.0
// Owns what the world outside is told of a status that follows another (docs/events.md).
#pragma once

#include <vector>

#include "card/patent/status_record.hpp"
#include "personalize/ledger/event_outbox.hpp"

namespace personalize {

// `successor`: the card that takes a replaced one's place, where it is known. In order.
std::vector<CardEvent> events_of(const patent::StatusRecord& before, const patent::StatusRecord& now,
                                 std::string_view successor);

}  // namespace personalize
