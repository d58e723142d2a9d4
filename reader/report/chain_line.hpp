// SPDX-License-Identifier: Apache-2.0
// Owns the one form of JSON that chained logs are written in, compact and with its members sorted, and the lines of
// their exports.
#pragma once

#include <json/value.h>

#include <optional>
#include <string>
#include <string_view>

#include "reader/report/hash_chain.hpp"

namespace reader {

std::string line_of(const Json::Value& value);
// An object, and only in the form that line_of() gives it.
std::optional<Json::Value> parse_line(std::string_view line);

Json::Value point_value(const ChainPoint& point);
std::optional<ChainPoint> point_from(const Json::Value& value);

// In an export: {"entry":...,"hash":"..."}. The entry's octets stand there as they were hashed.
struct ExportedLine {
  std::string_view line;
  ChainHash hash{};
};
inline constexpr std::string_view kBeforeEntry = R"({"entry":)";
std::string export_line(std::string_view line, crypto::ByteView hash);  // with its line feed
std::optional<ExportedLine> exported_line(std::string_view text);       // without

}  // namespace reader
