// SPDX-License-Identifier: Apache-2.0
// Owns the life cycle of a card as data: one table, one direction (GlobalPlatform Card Specification 2.3.1, 5.1;
// docs/file-layout.md, 6).
#pragma once

#include <cstdint>

namespace layout {

// The octets of GET STATUS and SET STATUS (11.1.1, table 11-6). PERSONALIZED takes a value that the table leaves free
// (docs/adr).
enum class LifeCycle : std::uint8_t {
  op_ready = 0x01,
  initialized = 0x07,
  secured = 0x0F,
  personalized = 0x1F,
  locked = 0x7F,
  terminated = 0xFF,
};

[[nodiscard]] constexpr bool may_follow(LifeCycle from, LifeCycle to) {
  switch (to) {
    case LifeCycle::op_ready: return false;
    case LifeCycle::initialized: return from == LifeCycle::op_ready;
    case LifeCycle::secured: return from == LifeCycle::initialized;
    case LifeCycle::personalized: return from == LifeCycle::secured;
    case LifeCycle::locked: return from == LifeCycle::secured || from == LifeCycle::personalized;
    case LifeCycle::terminated: return from != LifeCycle::terminated;
  }
  return false;
}

}  // namespace layout
