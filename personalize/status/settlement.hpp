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
// Each card with payments that nobody has settled, in one transaction. Months only grow; a patent that has lapsed is
// not revived by money, and one that has ended takes none.
Logged<Settlements> settle_accounts(StatusLedger& ledger, const patent::RegionProfiles& regions,
                                    std::chrono::sys_seconds at);

}  // namespace personalize
