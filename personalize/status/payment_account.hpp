// SPDX-License-Identifier: Apache-2.0
// Owns how payments become paid months (NK RF art. 227.1; 115-FZ art. 13.3; docs/domain.md, 2): the account of one
// patent, settled day by day.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "card/patent/paid_period.hpp"

namespace personalize {

// What a month costs in one region: a table of dated prices. Prices fall as well as grow (2021: 5350 to 5341).
class PriceTable {
public:
  struct Entry {
    patent::Date from{};
    std::int64_t kopecks = 0;
  };
  // Nothing unless the dates ascend and every price is above zero.
  static std::optional<PriceTable> of(std::vector<Entry> entries);
  // Nothing before the first date.
  [[nodiscard]] std::optional<std::int64_t> on(patent::Date day) const;

private:
  explicit PriceTable(std::vector<Entry> entries) : entries_(std::move(entries)) {}
  std::vector<Entry> entries_;
};

// Which day's price a month is bought at: the law's text leaves it open across 1 January.
enum class PriceBasis : std::uint8_t { payment_date, covered_month };

struct AccountRules {
  patent::Date issue_date{};
  patent::PaidPeriodPolicy policy = patent::PaidPeriodPolicy::inclusive_month_end;
  PriceBasis basis = PriceBasis::payment_date;
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
  bool unpriced = false;                 // a credit before the table's first price: nothing was settled with it
};

// `credits` in ascending order of paid_on.
Account settle(const AccountRules& rules, const PriceTable& prices, std::span<const Credit> credits);

}  // namespace personalize
