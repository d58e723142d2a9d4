// SPDX-License-Identifier: Apache-2.0
#include "reader/report/chain_line.hpp"

#include <json/json.h>

#include "crypto/json_text.hpp"
#include "crypto/strict_json.hpp"

namespace reader {
namespace {

constexpr std::string_view kBeforeHash = R"(,"hash":")", kBehind = R"("})";
constexpr std::size_t kHashDigits = 2 * std::tuple_size_v<ChainHash>;

}  // namespace

std::string line_of(const Json::Value& value) { return crypto::json_line(value); }

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

std::string export_line(std::string_view line, crypto::ByteView hash) {
  std::string out(kBeforeEntry);
  out += line;
  out += kBeforeHash;
  out += crypto::to_hex(hash);
  out += kBehind;
  out += '\n';
  return out;
}

std::optional<ExportedLine> exported_line(std::string_view text) {
  const auto behind = kBeforeHash.size() + kHashDigits + kBehind.size();
  if (!text.starts_with(kBeforeEntry) || !text.ends_with(kBehind) || text.size() < kBeforeEntry.size() + behind)
    return std::nullopt;
  const auto line = text.substr(kBeforeEntry.size(), text.size() - kBeforeEntry.size() - behind);
  const auto rest = text.substr(kBeforeEntry.size() + line.size());
  const auto hash = chain_hash_from_hex(rest.substr(kBeforeHash.size(), kHashDigits));
  if (!rest.starts_with(kBeforeHash) || !hash) return std::nullopt;
  return ExportedLine{line, *hash};
}

}  // namespace reader
