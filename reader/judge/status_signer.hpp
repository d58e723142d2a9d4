// SPDX-License-Identifier: Apache-2.0
// Owns who may sign status records, lists and trust packages: a status signer in office, under a trusted CSCA of the
// state whose patents are judged, and not revoked.
#pragma once

#include <span>
#include <string>

#include "reader/judge/revocations.hpp"

namespace reader {

enum class StatusSignerFault : std::uint8_t {
  wrong_purpose,  // no status signer
  not_in_office,  // it, its key or its CSCA was not valid at the time that it signs for
  untrusted,      // under no trusted CSCA
  foreign_state,  // under the CSCA of a state that has no say here
  revoked,
};

// Whether a revocation list says that it is not revoked: not_revoked, or unknown. `countries`: the states, by their
// codes in certificates, under whose CSCAs it may stand.
crypto::Result<Revocation, StatusSignerFault> judge_status_signer(const crypto::Certificate& signer,
                                                                  crypto::Time signed_at,
                                                                  std::span<const std::string> countries,
                                                                  const Trust& trust, Revocations& revocations);
// Under the CSCA of any state that issues patents.
crypto::Result<Revocation, StatusSignerFault> judge_status_signer(const crypto::Certificate& signer,
                                                                  crypto::Time signed_at, const Trust& trust,
                                                                  const Policy& policy, Revocations& revocations);

}  // namespace reader
