// SPDX-License-Identifier: Apache-2.0
// Owns the choice of the status record that counts: the newest whose signature, signer, card and patent number hold.
// The others are ignored, and reported, each with its own reason.
#pragma once

#include "card/patent/status_record.hpp"
#include "reader/inspect/evidence.hpp"
#include "reader/judge/judgement.hpp"
#include "reader/judge/revocations.hpp"

namespace reader {

struct StatusSubject {
  std::string card_number;
  std::string patent_number;  // series and number
  std::string country;        // of the document's signer
};

struct TrustedStatus {
  std::optional<patent::StatusRecord> newest{};
  std::optional<patent::StatusRecord> gone{};  // the newest of the older ones by which the card is gone (is_gone)
  bool left_out = false;                       // the card's records skip sequence numbers
};

// Sets the check status_signature where the card has a record.
TrustedStatus trusted_status(const Evidence& evidence, const StatusSubject& subject, const Trust& trust,
                             Revocations& revocations, Judgement& judgement);

}  // namespace reader
