// SPDX-License-Identifier: Apache-2.0
// Owns who may sign lists and trust packages: a status signer in office, under a trusted CSCA of the state whose
// patents are judged, and not revoked.
#pragma once

#include "reader/judge/revocations.hpp"

namespace reader {

enum class SignerFault : std::uint8_t {
  wrong_purpose,  // no status signer
  not_in_office,  // it, its key or its CSCA was not valid at the time that it signs for
  untrusted,      // under no trusted CSCA
  foreign_state,  // under the CSCA of a state that issues no patents here
  revoked,
};

// Whether a revocation list says that it is not revoked: not_revoked, or unknown.
crypto::Result<Revocation, SignerFault> judge_status_signer(const crypto::Certificate& signer, crypto::Time signed_at,
                                                            const Trust& trust, const Policy& policy,
                                                            Revocations& revocations);

}  // namespace reader
