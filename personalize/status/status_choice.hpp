// SPDX-License-Identifier: Apache-2.0
// Owns which status a card gets next: the ledger's newest, or what an event makes of the newest that is known.
#pragma once

#include <variant>

#include "personalize/ledger/status_ledger.hpp"
#include "personalize/status/status_event.hpp"

namespace personalize {

// What a genuine card says of itself.
struct CardStatus {
  std::string card_number;
  std::string patent_number;  // series and number
  patent::Date issue_date{};
  std::optional<patent::StatusRecord> newest{};  // when its signature, signer and numbers hold
};

enum class ChoiceError : std::uint8_t {
  newest_untrusted,   // nobody known signed the card's newest record, and there is no ledger to go by
  unknown_to_ledger,  // the card was never entered
  other_patent,       // the ledger knows the card with another patent number
};
using ChoiceFailure = std::variant<ChoiceError, EventError, LedgerFailure>;
using Choice = crypto::Result<patent::StatusRecord, ChoiceFailure>;

Choice from_ledger(StatusLedger& ledger, const CardStatus& card);
// The event follows the newest status of card and ledger; with a ledger, it is entered there before the card gets it.
// A card that is ahead undoes no end of the patent that the ledger knows, nor a later suspension.
Choice from_event(const EventDetails& details, StatusLedger* ledger, const CardStatus& card);

}  // namespace personalize
