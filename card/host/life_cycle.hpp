// SPDX-License-Identifier: Apache-2.0
// Owns the card's life cycle state in its memory; which state may follow which is layout::may_follow.
#pragma once

#include "card/host/answer.hpp"
#include "card/layout/life_cycle.hpp"

namespace host {

// A state that is none is a memory failure: never guessed at.
[[nodiscard]] Answer<layout::LifeCycle> life_cycle(ObjectStore& store);
// Inside the command's transaction. conditions_not_satisfied when the table has no such step.
Answer<> change_life_cycle(ObjectStore& store, layout::LifeCycle to);

// OP_READY, INITIALIZED, SECURED: files and keys may be written.
[[nodiscard]] constexpr bool before_personalized(layout::LifeCycle state) {
  return state == layout::LifeCycle::op_ready || state == layout::LifeCycle::initialized ||
         state == layout::LifeCycle::secured;
}
// The octet of GET STATUS and SET STATUS, if it is one.
[[nodiscard]] std::optional<layout::LifeCycle> life_cycle_from(std::uint8_t octet);

}  // namespace host
