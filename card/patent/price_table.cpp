// SPDX-License-Identifier: Apache-2.0
#include "card/patent/price_table.hpp"

#include <algorithm>

namespace patent {

std::int64_t PriceFactors::roubles() const {
  constexpr std::int64_t kScale = 10'000 * 10'000;
  return (base_roubles * deflator * coefficient + kScale / 2) / kScale;
}

std::optional<PriceTable> PriceTable::of(std::vector<MonthlyPrice> prices, std::optional<Date> until) {
  const bool ascending =
      std::ranges::adjacent_find(prices, std::ranges::greater_equal{}, &MonthlyPrice::from) == prices.end();
  const bool sound = std::ranges::all_of(prices, [](const auto& p) { return p.from.ok() && p.kopecks > 0; });
  if (!ascending || !sound) return std::nullopt;
  if (until && (!until->ok() || (!prices.empty() && *until < prices.back().from))) return std::nullopt;
  return PriceTable(std::move(prices), until);
}

std::optional<std::int64_t> PriceTable::on(Date day) const {
  const auto behind = std::ranges::upper_bound(prices_, day, {}, &MonthlyPrice::from);
  if (behind == prices_.begin() || (until_ && day > *until_)) return std::nullopt;
  return std::prev(behind)->kopecks;
}

}  // namespace patent
