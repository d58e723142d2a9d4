// SPDX-License-Identifier: Apache-2.0
#include "card/host/life_cycle.hpp"

#include "card/host/card_objects.hpp"

namespace host {

using layout::LifeCycle;

std::optional<LifeCycle> life_cycle_from(std::uint8_t octet) {
  for (const auto state : {LifeCycle::op_ready, LifeCycle::initialized, LifeCycle::secured, LifeCycle::personalized,
                           LifeCycle::locked, LifeCycle::terminated})
    if (static_cast<std::uint8_t>(state) == octet) return state;
  return std::nullopt;
}

Answer<LifeCycle> life_cycle(ObjectStore& store) {
  std::uint8_t octet = 0;
  PATENT_TRY_VOID(answer_of(store.read(kLifeCycleObject, 0, {&octet, 1})));
  const auto state = life_cycle_from(octet);
  if (!state) return refuse(wire::StatusWord::memory_failure);
  return *state;
}

Answer<> change_life_cycle(ObjectStore& store, LifeCycle to) {
  PATENT_TRY(const LifeCycle from, life_cycle(store));
  if (!layout::may_follow(from, to)) return refuse(wire::StatusWord::conditions_not_satisfied);
  const auto octet = static_cast<std::uint8_t>(to);
  return answer_of(store.write(kLifeCycleObject, {&octet, 1}));
}

}  // namespace host
