// SPDX-License-Identifier: Apache-2.0
// Owns passive authentication (ICAO Doc 9303-11, 5.1; 9303-12, 7.2): is this the state's own, unchanged document?
#pragma once

#include "reader/judge/authentic_document.hpp"
#include "reader/judge/judgement.hpp"
#include "reader/judge/revocations.hpp"

namespace reader {

struct PassiveAuthentication {
  // There when signature, chain and hashes hold: the data groups are what a trusted signer signed. Says nothing of
  // dates, revocation or consistency.
  std::optional<AuthenticDocument> document{};
  // Every check of passive authentication was successful.
  bool complete = false;
  std::optional<crypto::Time> signed_at{};
  std::string country;  // of the document signer
};

// Sets the checks 20 to 27.
PassiveAuthentication authenticate(const Evidence& evidence, const Trust& trust, const Policy& policy,
                                   Revocations& revocations, crypto::Time at, Judgement& judgement);

}  // namespace reader
