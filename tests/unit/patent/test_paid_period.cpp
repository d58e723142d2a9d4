// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdio>

#include "card/patent/paid_period.hpp"
#include "vectors.hpp"

using namespace patent;
using namespace std::chrono_literals;
using std::chrono::sys_days;

namespace {

Date date(const std::string& text) {
  int y = 0;
  unsigned m = 0, d = 0;
  REQUIRE(std::sscanf(text.c_str(), "%d-%u-%u", &y, &m, &d) == 3);
  return std::chrono::year(y) / std::chrono::month(m) / std::chrono::day(d);
}

constexpr auto kA = PaidPeriodPolicy::inclusive_month_end;
constexpr auto kB = PaidPeriodPolicy::inclusive_clamped;

}  // namespace

TEST_CASE("the paid period ends on the day that the table says") {
  const auto v = vectors("paid_period.json");
  REQUIRE(v["rows"].size() > 20);
  for (const auto& row : v["rows"]) {
    INFO(row[0].asString() << " + " << row[1].asUInt());
    CHECK(paid_until(date(row[0].asString()), row[1].asUInt(), kA) == date(row[2].asString()));
    CHECK(paid_until(date(row[0].asString()), row[1].asUInt(), kB) == date(row[3].asString()));
  }
}

TEST_CASE("no period for no months, more than a year, or a day that does not exist") {
  CHECK_FALSE(paid_until(date("2026-03-10"), 0, kA));
  CHECK_FALSE(paid_until(date("2026-03-10"), 13, kA));
  CHECK_FALSE(paid_until(date("2026-02-29"), 1, kA));
  CHECK_FALSE(last_possible_day(date("2026-13-01")));
}

TEST_CASE("over ten years of issue days the period grows with each month and policy B is never later than A") {
  for (auto day = sys_days(date("2020-01-01")); day < sys_days(date("2030-01-01")); day += std::chrono::days(1)) {
    auto before = day;
    for (unsigned n = 1; n <= kMaxMonths; ++n) {
      const auto a = paid_until(Date(day), n, kA);
      const auto b = paid_until(Date(day), n, kB);
      if (!a || !b || sys_days(*a) <= before || *b > *a || sys_days(*a) - sys_days(*b) > std::chrono::days(1)) {
        INFO(day.time_since_epoch().count() << " + " << n);
        FAIL();
      }
      before = sys_days(*a);
    }
    if (last_possible_day(Date(day)) != Date(before)) FAIL();
  }
}

TEST_CASE("the civil date follows the region's offset") {
  const auto evening = sys_days(date("2026-03-09")) + 21h;
  CHECK(civil_date(evening, 180min) == date("2026-03-10"));
  CHECK(civil_date(evening - 1s, 180min) == date("2026-03-09"));
  CHECK(civil_date(sys_days(date("1969-12-31")) + 23h, 0min) == date("1969-12-31"));
  CHECK(civil_date(sys_days(date("2026-01-01")), -60min) == date("2025-12-31"));
}
