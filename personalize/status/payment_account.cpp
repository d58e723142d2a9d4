// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/payment_account.hpp"

#include <algorithm>
#include <utility>

namespace personalize {
namespace {

using patent::Date;
using std::chrono::days;
using std::chrono::sys_days;

class Settlement {
public:
  Settlement(const AccountRules& rules, const PriceTable& prices) : rules_(rules), prices_(prices) {}

  void take(const Credit& credit) {
    const Date due = first_unpaid_day();
    if (account_.months_paid == patent::kMaxMonths) {
      account_.surplus_kopecks += credit.kopecks;
    } else if (credit.paid_on > last_day_to_pay(due)) {
      account_.lapsed = account_.lapsed.value_or(due);
      account_.late_kopecks += credit.kopecks;
    } else {
      account_.carried_kopecks += credit.kopecks;
      buy_months(credit.paid_on);
    }
  }
  [[nodiscard]] const Account& account() const { return account_; }

private:
  [[nodiscard]] Date first_unpaid_day() const {
    const auto until = patent::paid_until(rules_.issue_date, account_.months_paid, rules_.policy);
    return account_.months_paid == 0 || !until ? rules_.issue_date : Date(sys_days(*until) + days(1));
  }
  // The first month is paid on the day of issue at the latest, each later one before it begins.
  [[nodiscard]] Date last_day_to_pay(Date due) const {
    return account_.months_paid == 0 ? due : Date(sys_days(due) - days(1));
  }

  void buy_months(Date paid_on) {
    while (account_.months_paid < patent::kMaxMonths) {
      const auto price = prices_.on(rules_.basis == PriceBasis::payment_date ? paid_on : first_unpaid_day());
      if (!price) {
        account_.unpriced = true;
        return;
      }
      if (account_.carried_kopecks < *price) return;
      account_.carried_kopecks -= *price;
      ++account_.months_paid;
    }
    account_.surplus_kopecks += std::exchange(account_.carried_kopecks, 0);
  }

  const AccountRules& rules_;
  const PriceTable& prices_;
  Account account_;
};

}  // namespace

std::optional<PriceTable> PriceTable::of(std::vector<Entry> entries) {
  const auto from = [](const Entry& entry) { return entry.from; };
  const bool ascending = std::ranges::adjacent_find(entries, std::ranges::greater_equal{}, from) == entries.end();
  const bool sound =
      std::ranges::all_of(entries, [](const Entry& entry) { return entry.from.ok() && entry.kopecks > 0; });
  if (!ascending || !sound) return std::nullopt;
  return PriceTable(std::move(entries));
}

std::optional<std::int64_t> PriceTable::on(Date day) const {
  const auto behind = std::ranges::upper_bound(entries_, day, {}, &Entry::from);
  return behind == entries_.begin() ? std::nullopt : std::optional(std::prev(behind)->kopecks);
}

Account settle(const AccountRules& rules, const PriceTable& prices, std::span<const Credit> credits) {
  Settlement settlement(rules, prices);
  for (const auto& credit : credits) settlement.take(credit);
  return settlement.account();
}

}  // namespace personalize
