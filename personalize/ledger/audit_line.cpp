// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/audit_line.hpp"

#include <json/value.h>

#include "personalize/ledger/utf8.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/report/chain_line.hpp"

namespace personalize {
namespace {

constexpr std::size_t kMostLine = 1U << 16;

}  // namespace

std::string to_line(const AuditLine& line) {
  Json::Value out;
  out["at"] = reader::to_iso(line.at);
  out["facts"] = Json::Value(Json::objectValue);
  for (const auto& [name, value] : line.facts) out["facts"][name] = value;
  out["number"] = Json::Int64{line.number};
  out["operator"] = line.operator_name;
  out["station"] = line.station;
  out["what"] = line.what;
  return reader::line_of(out);
}

std::optional<AuditLine> read_audit_line(std::string_view text) {
  const auto value = text.size() <= kMostLine && is_utf8(text) ? reader::parse_line(text) : std::nullopt;
  if (!value || value->size() != 6 || !(*value)["number"].isInt64() || !(*value)["facts"].isObject())
    return std::nullopt;
  for (const auto* const name : {"at", "operator", "station", "what"})
    if (!(*value)[name].isString()) return std::nullopt;
  const auto at = reader::instant_from_iso((*value)["at"].asString());
  if (!at) return std::nullopt;
  AuditLine line{(*value)["number"].asInt64(), (*value)["station"].asString(),  *at,
                 (*value)["what"].asString(),  (*value)["operator"].asString(), {}};
  const auto& facts = (*value)["facts"];
  for (const auto& name : facts.getMemberNames()) {
    if (!facts[name].isString()) return std::nullopt;
    line.facts[name] = facts[name].asString();
  }
  return line;
}

}  // namespace personalize
