// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/status_choice.hpp"

#include <algorithm>

namespace personalize {
namespace {

crypto::unexpected<ChoiceFailure> failure(ChoiceFailure what) { return crypto::unexpected(std::move(what)); }

// A card that went ahead of the ledger was written by somebody who did not know what the ledger decided meanwhile.
bool holds_against(const patent::StatusRecord& known, const patent::StatusRecord& ahead) {
  const bool suspended_since = known.state == patent::State::suspended && known.as_of > ahead.as_of;
  return !is_living(known.state) || suspended_since;
}

// What the ledger says, as news for the card: neither numbered nor dated before what the card has.
patent::StatusRecord brought_past(patent::StatusRecord known, const patent::StatusRecord& ahead) {
  known.sequence = ahead.sequence + 1;
  known.months_paid = std::max(known.months_paid, ahead.months_paid);
  known.as_of = std::max(known.as_of, ahead.as_of);
  return known;
}

}  // namespace

Choice from_ledger(StatusLedger& ledger, const CardStatus& card) {
  auto newest = ledger.newest_status(card.card_number);
  if (!newest) return failure(newest.error());
  if (!*newest) return failure(ChoiceError::unknown_to_ledger);
  if ((*newest)->patent_number != card.patent_number) return failure(ChoiceError::other_patent);
  return **std::move(newest);
}

Choice from_event(const EventDetails& details, StatusLedger* ledger, const CardStatus& card) {
  auto newest = card.newest;
  std::uint32_t entered = 0;
  if (ledger != nullptr) {
    PATENT_TRY(auto known, from_ledger(*ledger, card));
    entered = known.sequence;
    if (!newest || newest->sequence <= entered)
      newest = std::move(known);
    else if (holds_against(known, *newest))
      newest = brought_past(std::move(known), *newest);
  }
  if (!newest) return failure(ChoiceError::newest_untrusted);
  auto next = status_after(*newest, card.issue_date, details);
  if (!next) return failure(next.error());
  if (ledger != nullptr && next->sequence > entered) {
    const auto done = ledger->transaction([&] { return ledger->add_status(*next); });
    if (!done) return failure(done.error());
  }
  return *std::move(next);
}

}  // namespace personalize
