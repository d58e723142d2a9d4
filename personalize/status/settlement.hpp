// SPDX-License-Identifier: Apache-2.0
// Owns how payments become statuses: each card's account is settled by the prices of its region (docs/status.md, "From
// payments to statuses").
#pragma once

#include "card/patent/region_profile.hpp"
#include "personalize/ledger/status_ledger.hpp"

namespace personalize {

struct Settlements {
  std::size_t settled = 0;
  std::size_t extended = 0;                // of these: cards with a new status
  std::vector<std::string> without_price;  // cards whose payments wait: no region or no price for a day of payment
};
// So many in one transaction: others who write wait no longer than for these.
inline constexpr std::size_t kSettledTogether = 200;
// Each card with payments that nobody has settled; when it is broken off or fails, what is done is done, and the next
// one goes on. Months only grow; a patent that has lapsed is not revived by money, and one that has ended takes none.
Logged<Settlements> settle_accounts(StatusLedger& ledger, const patent::RegionProfiles& regions,
                                    std::chrono::sys_seconds at);

}  // namespace personalize
