// SPDX-License-Identifier: Apache-2.0
#include "card/layout/life_cycle.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace layout;
using L = LifeCycle;

TEST_CASE("the life cycle is this table and nothing else") {
  const std::set<std::pair<L, L>> allowed{
      {L::op_ready, L::initialized},   {L::initialized, L::secured}, {L::secured, L::personalized},
      {L::secured, L::locked},         {L::personalized, L::locked}, {L::op_ready, L::terminated},
      {L::initialized, L::terminated}, {L::secured, L::terminated},  {L::personalized, L::terminated},
      {L::locked, L::terminated},
  };
  for (int from = 0; from < 256; ++from)
    for (int to = 0; to < 256; ++to) {
      const auto a = static_cast<L>(from);
      const auto b = static_cast<L>(to);
      const bool known = std::set<int>{0x01, 0x07, 0x0F, 0x1F, 0x7F, 0xFF}.contains(from);
      if (known && may_follow(a, b) != allowed.contains({a, b})) {
        INFO(from << " -> " << to);
        FAIL_CHECK();
      }
    }
}

TEST_CASE("a card is never younger than it was") {
  const L states[] = {L::op_ready, L::initialized, L::secured, L::personalized, L::locked, L::terminated};
  for (const auto from : states)
    for (const auto to : states)
      if (may_follow(from, to)) CHECK(static_cast<int>(to) > static_cast<int>(from));
}
