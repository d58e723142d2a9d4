// SPDX-License-Identifier: Apache-2.0
// Owns the decision whether a file's access condition holds.
#pragma once

#include "card/host/security_status.hpp"
#include "card/layout/access.hpp"

namespace host {

[[nodiscard]] inline bool holds(layout::Access access, const SecurityStatus& security) {
  switch (access) {
    case layout::Access::always: return true;
    case layout::Access::pace: return security.pace();
    case layout::Access::dg3_right: return security.rights().read_fingerprints;
    case layout::Access::append_right: return security.rights().append_records;
    case layout::Access::never:
    case layout::Access::personalizer: break;  // the security domain's own affair
  }
  return false;
}

// security_not_satisfied when it does not.
[[nodiscard]] inline Answer<> require(layout::Access access, const SecurityStatus& security) {
  return holds(access, security) ? Answer<>{} : refuse(wire::StatusWord::security_not_satisfied);
}

}  // namespace host
