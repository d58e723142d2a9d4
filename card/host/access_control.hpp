// SPDX-License-Identifier: Apache-2.0
// Owns the decision whether a file's access condition holds.
#pragma once

#include "card/host/security_status.hpp"
#include "card/layout/access.hpp"

namespace host {

// security_not_satisfied when it does not. Nobody can have a right of terminal authentication before the card can
// check one: fail closed.
[[nodiscard]] inline Answer<> require(layout::Access access, const SecurityStatus& security) {
  const bool holds = access == layout::Access::always || (access == layout::Access::pace && security.pace());
  return holds ? Answer<>{} : refuse(wire::StatusWord::security_not_satisfied);
}

}  // namespace host
