// SPDX-License-Identifier: Apache-2.0
// Owns how days and moments stand in the ledger's tables: YYYYMMDD, and seconds since 1970 UTC.
#pragma once

#include <chrono>

#include "card/patent/patent.hpp"

namespace personalize {

inline std::int64_t number_of(patent::Date date) {
  return std::int64_t{static_cast<int>(date.year())} * 10000 + static_cast<unsigned>(date.month()) * 100 +
         static_cast<unsigned>(date.day());
}
inline patent::Date date_of(std::int64_t number) {
  const auto digits = static_cast<unsigned>(number);
  return std::chrono::year(static_cast<int>(digits / 10000)) / std::chrono::month(digits / 100 % 100) /
         std::chrono::day(digits % 100);
}
inline std::int64_t number_of(std::chrono::sys_seconds moment) { return moment.time_since_epoch().count(); }
inline std::chrono::sys_seconds moment_of(std::int64_t number) {
  return std::chrono::sys_seconds(std::chrono::seconds(number));
}

}  // namespace personalize
