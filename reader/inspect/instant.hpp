// SPDX-License-Identifier: Apache-2.0
// Owns instants and dates as text: ISO 8601 in UTC, to the second.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace reader {

std::string to_iso(std::chrono::sys_seconds instant);  // 2026-03-10T09:00:00Z
std::string to_iso(std::chrono::year_month_day date);  // 2026-03-10
std::optional<std::chrono::sys_seconds> instant_from_iso(std::string_view text);
std::optional<std::chrono::year_month_day> date_from_iso(std::string_view text);

}  // namespace reader
