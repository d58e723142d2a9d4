// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/enrolment.hpp"

#include "personalize/issue/issuer.hpp"
#include "personalize/status/transitions.hpp"

namespace personalize {
namespace {

LedgerCard card_of(const Order& order) {
  const auto& p = order.patent;
  return {.card_number = p.card_number,
          .patent_number = p.series + p.number,
          .territory_oktmo = p.territory_oktmo,
          .issue_date = p.issue_date,
          .issuing_unit = p.issuer_code,
          .policy = p.paid_period_policy,
          .list_uri = p.status_list_uri,
          .list_index = p.status_index};
}

// What was paid for the patent, and bought nothing yet, follows it to its new card.
Logged<void> replace(StatusLedger& statuses, std::string_view old_card, std::string_view new_card,
                     std::chrono::sys_seconds now) {
  PATENT_TRY(const auto newest, statuses.newest_status(old_card));
  if (!newest) return {};  // from before this ledger
  PATENT_TRY_VOID(statuses.hand_over_payments(old_card, new_card));
  const auto ended = follow(*newest, {patent::State::replaced, 0, newest->months_paid, now});
  return ended ? statuses.add_status(*ended, new_card) : Logged<void>();
}

}  // namespace

Logged<void> recall_place(Ledger& journal, Order& order) {
  PATENT_TRY(const auto entry, journal.find(order.order_id));
  if (!entry) return crypto::unexpected<LedgerFailure>({LedgerError::not_found, order.order_id, {}});
  if (entry->status_list_uri.empty()) return {};
  order.patent.status_list_uri = entry->status_list_uri;
  order.patent.status_index = entry->status_index;
  return {};
}

Logged<void> give_place(StatusLedger& statuses, std::string_view base_uri, Order& order) {
  auto& p = order.patent;
  if (!p.status_list_uri.empty()) return statuses.claim_index({p.status_list_uri, p.status_index}, order.order_id);
  PATENT_TRY(const auto place, statuses.draw_index(base_uri, order.order_id));
  p.status_list_uri = place.uri;
  p.status_index = place.index;
  return {};
}

Logged<void> enter_issued(StatusLedger& statuses, const Order& order, std::chrono::sys_seconds signed_at,
                          std::chrono::sys_seconds now) {
  return statuses.transaction([&]() -> Logged<void> {
    const auto& p = order.patent;
    PATENT_TRY_VOID(statuses.claim_index({p.status_list_uri, p.status_index}, order.order_id));
    PATENT_TRY_VOID(statuses.enter(card_of(order), p.inn, first_status(order, signed_at)));
    const bool replaces = order.type == OrderType::duplicate || order.type == OrderType::amend;
    return replaces ? replace(statuses, order.previous_card_number, p.card_number, now) : Logged<void>();
  });
}

}  // namespace personalize
