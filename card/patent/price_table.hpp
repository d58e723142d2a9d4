// SPDX-License-Identifier: Apache-2.0
// Owns what one month costs in a region, as a dated table (NK RF art. 227.1; docs/regions.md). Prices fall as well as
// grow (2021: 5350 to 5341).
#pragma once

#include <optional>
#include <vector>

#include "card/patent/patent.hpp"

namespace patent {

// The law's own reckoning: the base sum, the federal deflator and the region's coefficient, both in ten-thousandths.
struct PriceFactors {
  std::int64_t base_roubles = 0;
  std::int64_t deflator = 0;
  std::int64_t coefficient = 0;
  // In whole roubles, half a rouble up (NK RF art. 52 p. 6).
  [[nodiscard]] std::int64_t roubles() const;
  friend bool operator==(const PriceFactors&, const PriceFactors&) = default;
};

struct MonthlyPrice {
  Date from{};
  std::int64_t kopecks = 0;
  PriceFactors factors{};
  friend bool operator==(const MonthlyPrice&, const MonthlyPrice&) = default;
};

// Which day's price a month is bought at: the law's text leaves it open across 1 January.
enum class PriceBasis : std::uint8_t { payment_date, covered_month };

class PriceTable {
public:
  PriceTable() = default;  // knows no price
  // Nothing unless the dates ascend, every price is above zero, and `until`, the last day that the table speaks of,
  // does not come before the last price: a region that has not set its coefficient yet has no price for that year.
  static std::optional<PriceTable> of(std::vector<MonthlyPrice> prices, std::optional<Date> until = std::nullopt);
  // Kopecks; nothing before the first date or after the last day.
  [[nodiscard]] std::optional<std::int64_t> on(Date day) const;
  [[nodiscard]] const std::vector<MonthlyPrice>& prices() const { return prices_; }
  [[nodiscard]] std::optional<Date> until() const { return until_; }
  friend bool operator==(const PriceTable&, const PriceTable&) = default;

private:
  PriceTable(std::vector<MonthlyPrice> prices, std::optional<Date> until) : prices_(std::move(prices)), until_(until) {}
  std::vector<MonthlyPrice> prices_;
  std::optional<Date> until_;
};

}  // namespace patent
