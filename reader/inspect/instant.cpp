// SPDX-License-Identifier: Apache-2.0
#include "reader/inspect/instant.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "card/patent/text.hpp"

namespace reader {
namespace {

// The decimal number in `text`, of digits only.
std::optional<int> number(std::string_view text) {
  if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  int value = 0;
  for (const char digit : text) value = value * 10 + (digit - '0');
  return value;
}

}  // namespace

std::string to_iso(std::chrono::year_month_day date) { return patent::iso_date(date); }

std::string to_iso(std::chrono::sys_seconds instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::hh_mm_ss time{instant - day};
  return fmt::format("{}T{:02}:{:02}:{:02}Z", to_iso(std::chrono::year_month_day{day}), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::optional<std::chrono::year_month_day> date_from_iso(std::string_view text) { return patent::parse_iso_date(text); }

std::optional<std::chrono::sys_seconds> instant_from_iso(std::string_view text) {
  if (text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z')
    return std::nullopt;
  const auto date = date_from_iso(text.substr(0, 10));
  const auto hours = number(text.substr(11, 2)), minutes = number(text.substr(14, 2)),
             seconds = number(text.substr(17, 2));
  if (!date || !hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 59) return std::nullopt;
  return std::chrono::sys_days{*date} + std::chrono::hours{*hours} + std::chrono::minutes{*minutes} +
         std::chrono::seconds{*seconds};
}

}  // namespace reader
