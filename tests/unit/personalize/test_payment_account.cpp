// SPDX-License-Identifier: Apache-2.0
// The cases of docs/domain.md, 2: a patent issued on 22 April 2021, when a month cost 5341 roubles in Moscow.
#include "personalize/status/payment_account.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/seed.hpp"

using namespace personalize;
using patent::PriceTable;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kRouble = 100;
constexpr std::int64_t kPrice = 5341 * kRouble;
const AccountRules kRules{.issue_date = 2021y / 4 / 22};

PriceTable moscow() {
  return PriceTable::of({{2020y / 1 / 1, 5350 * kRouble}, {2021y / 1 / 1, kPrice}, {2022y / 1 / 1, 5900 * kRouble}})
      .value();
}

Account settled(std::vector<Credit> credits, const AccountRules& rules = kRules) {
  return settle(rules, moscow(), credits);
}

}  // namespace

TEST_CASE("an early payment adds a month and does not move the anchor") {
  const auto account = settled({{2021y / 4 / 22, kPrice}, {2021y / 5 / 10, kPrice}});
  CHECK(account.months_paid == 2);
  CHECK(patent::paid_until(kRules.issue_date, account.months_paid, kRules.policy) == patent::Date(2021y / 6 / 21));
}

TEST_CASE("the last paid day is in time, the next one is late and revives nothing") {
  CHECK(settled({{2021y / 4 / 22, kPrice}, {2021y / 5 / 21, kPrice}}).months_paid == 2);
  const auto late = settled({{2021y / 4 / 22, kPrice}, {2021y / 5 / 22, kPrice}, {2021y / 5 / 23, kPrice}});
  CHECK(late.months_paid == 1);
  CHECK(late.lapsed == patent::Date(2021y / 5 / 22));
  CHECK(late.late_kopecks == 2 * kPrice);
  CHECK(late.carried_kopecks == 0);
}

TEST_CASE("the first payment comes on the day of issue at the latest") {
  CHECK(settled({{2021y / 4 / 1, kPrice}}).months_paid == 1);
  const auto late = settled({{2021y / 4 / 23, kPrice}});
  CHECK(late.months_paid == 0);
  CHECK(late.lapsed == kRules.issue_date);
}

TEST_CASE("several months at once, and parts of a month") {
  CHECK(settled({{2021y / 4 / 22, 3 * kPrice}}).months_paid == 3);
  const auto part = settled({{2021y / 4 / 22, 7000 * kRouble}});
  CHECK(part.months_paid == 1);
  CHECK(part.carried_kopecks == 1659 * kRouble);
  CHECK(settled({{2021y / 4 / 22, 7000 * kRouble}, {2021y / 5 / 21, 3682 * kRouble}}).months_paid == 2);
  const auto short_by_one = settled({{2021y / 4 / 22, 7000 * kRouble}, {2021y / 5 / 21, 3682 * kRouble - 1}});
  CHECK(short_by_one.months_paid == 1);
  CHECK_FALSE(short_by_one.lapsed);
}

TEST_CASE("twelve months are the end of it") {
  const auto account = settled({{2021y / 4 / 22, 14 * kPrice}, {2021y / 5 / 1, 7 * kRouble}});
  CHECK(account.months_paid == 12);
  CHECK(account.surplus_kopecks == 2 * kPrice + 7 * kRouble);
  CHECK(account.carried_kopecks == 0);
}

TEST_CASE("the price across the first of January goes by the chosen basis") {
  AccountRules rules{.issue_date = 2021y / 12 / 10};
  const std::vector<Credit> paid{{2021y / 12 / 10, 2 * kPrice}};
  CHECK(settled(paid, rules).months_paid == 2);
  rules.basis = patent::PriceBasis::covered_month;  // the second begins on 10 January, at 5900
  CHECK(settled(paid, rules).months_paid == 1);
  CHECK(settled(paid, rules).carried_kopecks == kPrice);
  CHECK(settled({{2019y / 12 / 10, kPrice}}, {.issue_date = 2019y / 12 / 10}).unpriced);
}

TEST_CASE("no kopeck is lost, and a later payment never takes a month away") {
  std::mt19937 random(test_seed());
  for (int run = 0; run < 500; ++run) {
    const AccountRules rules{
        .issue_date = patent::Date(std::chrono::sys_days(2021y / 1 / 1) + std::chrono::days(random() % 360))};
    std::vector<Credit> credits;
    std::int64_t sum = 0;
    std::uint8_t months = 0;
    auto day = std::chrono::sys_days(rules.issue_date);
    for (int i = 0; i < 20; ++i, day += std::chrono::days(random() % 25)) {
      credits.push_back({day, static_cast<std::int64_t>(random() % (3 * kPrice)) + 1});
      sum += credits.back().kopecks;
      const auto account = settled(credits, rules);
      CHECK(account.months_paid >= months);
      CHECK(account.months_paid <= patent::kMaxMonths);
      CHECK(sum - account.carried_kopecks - account.surplus_kopecks - account.late_kopecks >=
            account.months_paid * kPrice);
      months = account.months_paid;
    }
  }
}
