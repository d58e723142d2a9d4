// SPDX-License-Identifier: Apache-2.0
// Owns the paid period, exact to the day (NK RF art. 227.1; docs/domain.md, paid period).
#pragma once

#include "card/patent/patent.hpp"

namespace patent {

inline constexpr unsigned kMaxMonths = 12;

// The last day that is paid after `months` (1..12) whole months from the issue date, always reckoned from the anchor.
// Nothing for 0 months, more than 12, or a date that does not exist.
std::optional<Date> paid_until(Date issue, unsigned months, PaidPeriodPolicy policy);
// Issue date + 12 months - 1 day under policy A: what is printed nowhere and stands in the MRZ's expiry.
std::optional<Date> last_possible_day(Date issue);
// The civil date at an instant: the region's offset from UTC is configuration (Moscow: +3 h, no summer time).
Date civil_date(std::chrono::sys_seconds at, std::chrono::minutes utc_offset);

}  // namespace patent
