// SPDX-License-Identifier: Apache-2.0
#include "reader/report/check_json.hpp"

#include <json/json.h>

#include "crypto/strict_json.hpp"

namespace reader {

std::string line_of(const Json::Value& value) {
  Json::StreamWriterBuilder writer;
  writer["indentation"] = "";
  writer["emitUTF8"] = true;
  return Json::writeString(writer, value);
}

std::optional<Json::Value> parse_line(std::string_view line) {
  auto root = crypto::parse_strict_json(line);
  if (!root || !root->isObject() || line_of(*root) != line) return std::nullopt;
  return *std::move(root);
}

Json::Value point_value(const ChainPoint& point) {
  Json::Value out;
  out["number"] = Json::Int64{point.number};
  out["hash"] = crypto::to_hex(point.hash);
  return out;
}

std::optional<ChainPoint> point_from(const Json::Value& value) {
  if (!value.isObject() || value.size() != 2 || !value["number"].isInt64() || !value["hash"].isString())
    return std::nullopt;
  const auto hash = chain_hash_from_hex(value["hash"].asString());
  if (!hash || value["number"].asInt64() < 0) return std::nullopt;
  return ChainPoint{value["number"].asInt64(), *hash};
}

}  // namespace reader
