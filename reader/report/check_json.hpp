// SPDX-License-Identifier: Apache-2.0
// Owns the one form of JSON that the log of checks is written in: compact, members sorted, a line each.
#pragma once

#include <json/value.h>

#include <optional>
#include <string>
#include <string_view>

#include "reader/report/check_entry.hpp"

namespace reader {

std::string line_of(const Json::Value& value);
// An object, and only in the form that line_of() gives it.
std::optional<Json::Value> parse_line(std::string_view line);

Json::Value point_value(const ChainPoint& point);
std::optional<ChainPoint> point_from(const Json::Value& value);

}  // namespace reader
