// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/status_choice.hpp"

namespace personalize {
namespace {

crypto::unexpected<ChoiceFailure> failure(ChoiceFailure what) { return crypto::unexpected(std::move(what)); }

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
    if (!newest || newest->sequence <= entered) newest = std::move(known);
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
