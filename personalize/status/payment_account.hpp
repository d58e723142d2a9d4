// SPDX-License-Identifier: Apache-2.0
// Owns how payments become paid months (NK RF art. 227.1; 115-FZ art. 13.3; docs/domain.md, 2): the account of one
// patent, settled day by day.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "card/patent/paid_period.hpp"
#include "card/patent/price_table.hpp"

namespace personalize {

struct AccountRules {
  patent::Date issue_date{};
  patent::PaidPeriodPolicy policy = patent::PaidPeriodPolicy::inclusive_month_end;
  patent::PriceBasis basis = patent::PriceBasis::payment_date;
  std::uint8_t months_given = 0;  // by the issuer's decision, before the first credit
};

struct Credit {
  patent::Date paid_on{};  // the bank's date: it decides, not the day on which the payment became known
  std::int64_t kopecks = 0;
};

struct Account {
  std::uint8_t months_paid = 0;          // 0 to 12
  std::int64_t carried_kopecks = 0;      // a part of a month's price gives no day and waits for the rest
  std::int64_t surplus_kopecks = 0;      // beyond the twelfth month: for the issuer to decide
  std::int64_t late_kopecks = 0;         // paid after the patent had lapsed: stays on the account, revives nothing
  std::optional<patent::Date> lapsed{};  // the first unpaid day, when a credit came only on it or later
  bool unpriced = false;  // a credit on a day for which the table has no price: nothing was settled with it
};

// `credits` in ascending order of paid_on.
Account settle(const AccountRules& rules, const patent::PriceTable& prices, std::span<const Credit> credits);

}  // namespace personalize
