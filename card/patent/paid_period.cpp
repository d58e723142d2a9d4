// SPDX-License-Identifier: Apache-2.0
#include "card/patent/paid_period.hpp"

namespace patent {

using std::chrono::days;
using std::chrono::sys_days;

std::optional<Date> paid_until(Date issue, unsigned months, PaidPeriodPolicy policy) {
  if (!issue.ok() || months == 0 || months > kMaxMonths) return std::nullopt;
  const Date anniversary = issue + std::chrono::months(months);
  if (anniversary.ok()) return Date(sys_days(anniversary) - days(1));
  // The calendar lacks the day: civil law ends the term on the last day of that month (NK RF art. 6.1 p. 5).
  const sys_days last = sys_days(anniversary.year() / anniversary.month() / std::chrono::last);
  return Date(policy == PaidPeriodPolicy::inclusive_month_end ? last : last - days(1));
}

std::optional<Date> last_possible_day(Date issue) {
  return paid_until(issue, kMaxMonths, PaidPeriodPolicy::inclusive_month_end);
}

Date civil_date(std::chrono::sys_seconds at, std::chrono::minutes utc_offset) {
  return Date(std::chrono::floor<days>(at + utc_offset));
}

}  // namespace patent
