// SPDX-License-Identifier: Apache-2.0
// Owns how dates are shown to people.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <string>

namespace reader {

inline constexpr auto* kNotKnown = "—";

// ДД.ММ.ГГГГ, as printed on the document.
inline std::string printed(std::chrono::year_month_day date) {
  return fmt::format("{:02}.{:02}.{:04}", unsigned{date.day()}, unsigned{date.month()}, int{date.year()});
}

inline std::string printed(std::chrono::sys_seconds instant, std::chrono::minutes utc_offset) {
  const auto local = instant + utc_offset;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss time{local - day};
  return fmt::format("{} {:02}:{:02}", printed(std::chrono::year_month_day{day}), time.hours().count(),
                     time.minutes().count());
}

}  // namespace reader
