// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/payment_account.hpp"

#include <utility>

namespace personalize {
namespace {

using patent::Date;
using std::chrono::days;
using std::chrono::sys_days;

class Settlement {
public:
  Settlement(const AccountRules& rules, const patent::PriceTable& prices) : rules_(rules), prices_(prices) {
    account_.months_paid = rules.months_given;
  }

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
      const auto price = prices_.on(rules_.basis == patent::PriceBasis::payment_date ? paid_on : first_unpaid_day());
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
  const patent::PriceTable& prices_;
  Account account_;
};

}  // namespace

Account settle(const AccountRules& rules, const patent::PriceTable& prices, std::span<const Credit> credits) {
  Settlement settlement(rules, prices);
  for (const auto& credit : credits) settlement.take(credit);
  return settlement.account();
}

}  // namespace personalize
