// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/settlement.hpp"

#include <algorithm>
#include <span>
#include <thread>

#include "personalize/status/payment_account.hpp"
#include "personalize/status/transitions.hpp"

namespace personalize {
namespace {

using patent::Date;

constexpr std::chrono::hours kMoscow{3};  // banks' days; no summer time since 2014
// SQLite has no queue: who waits for it looks again every 100 ms.
constexpr std::chrono::milliseconds kOthersTurn{120};

class CardAccount {
public:
  CardAccount(const LedgerCard& card, const patent::RegionProfile& region, std::vector<Credit> credits)
      : card_(card), region_(region), credits_(std::move(credits)) {}

  // From the last restoration, which judged the money from before it; else from the issue.
  [[nodiscard]] Account settled(const std::vector<patent::StatusRecord>& life) const {
    const auto restored = std::ranges::find(life.rbegin(), life.rend(), kReasonRestored, &patent::StatusRecord::reason);
    if (restored != life.rend())
      return settled_after(patent::civil_date(restored->as_of, kMoscow), restored->months_paid);
    const auto given = life.front().months_paid;
    // The money for the first months may have come through the statements, or only with the order.
    const auto late = std::ranges::upper_bound(credits_, card_.issue_date, {}, &Credit::paid_on);
    const std::span early(credits_.begin(), late);
    if (settle(rules(0), region_.prices, early).months_paid >= given) return settle(rules(0), region_.prices, credits_);
    return settled_after(card_.issue_date, given);
  }

private:
  [[nodiscard]] Account settled_after(Date day, std::uint8_t months_given) const {
    const auto first = std::ranges::upper_bound(credits_, day, {}, &Credit::paid_on);
    return settle(rules(months_given), region_.prices, std::span(first, credits_.end()));
  }
  [[nodiscard]] AccountRules rules(std::uint8_t months_given) const {
    return {
        .issue_date = card_.issue_date, .policy = card_.policy, .basis = region_.basis, .months_given = months_given};
  }

  const LedgerCard& card_;
  const patent::RegionProfile& region_;
  std::vector<Credit> credits_;  // in the order of payment
};

Logged<void> extend(StatusLedger& ledger, const patent::StatusRecord& newest, std::uint8_t months,
                    std::chrono::sys_seconds at, Settlements& result) {
  if (months <= newest.months_paid) return {};
  const auto reason = newest.reason == kReasonRestored ? std::uint8_t{0} : newest.reason;
  const auto next = follow(newest, {newest.state, reason, months, at});
  if (!next) return {};
  ++result.extended;
  return ledger.add_status(*next);
}

Logged<void> settle_card(StatusLedger& ledger, const patent::RegionProfiles& regions, std::string_view card_number,
                         std::chrono::sys_seconds at, Settlements& result) {
  PATENT_TRY(const auto card, ledger.card(card_number));
  PATENT_TRY(const auto life, ledger.statuses(card_number));
  if (!card || life.empty())
    return crypto::unexpected<LedgerFailure>({LedgerError::corrupt, std::string(card_number), {}});
  PATENT_TRY(const auto payments, ledger.payments_of(card_number));
  if (is_living(life.back().state)) {
    std::vector<Credit> credits;
    for (const auto& payment : payments) credits.push_back({payment.line.paid_on, payment.line.kopecks});
    const auto* const region = regions.of_territory(card->territory_oktmo);
    const auto account = region ? CardAccount(*card, *region, std::move(credits)).settled(life) : Account{};
    if (!region || account.unpriced) {
      result.without_price.push_back(card->card_number);
      return {};
    }
    PATENT_TRY_VOID(extend(ledger, life.back(), account.months_paid, at, result));
  }
  ++result.settled;
  for (const auto& payment : payments) PATENT_TRY_VOID(ledger.mark_settled(payment));
  return {};
}

}  // namespace

Logged<Settlements> settle_accounts(StatusLedger& ledger, const patent::RegionProfiles& regions,
                                    std::chrono::sys_seconds at) {
  Settlements result;
  PATENT_TRY(const auto cards, ledger.unsettled());
  for (std::span rest(cards); !rest.empty();) {
    const auto portion = rest.first(std::min(rest.size(), kSettledTogether));
    const auto done = ledger.transaction([&]() -> Logged<void> {
      for (const auto& card : portion) PATENT_TRY_VOID(settle_card(ledger, regions, card, at, result));
      return {};
    });
    PATENT_TRY_VOID(done);
    rest = rest.subspan(portion.size());
    if (!rest.empty()) std::this_thread::sleep_for(kOthersTurn);
  }
  return result;
}

}  // namespace personalize
