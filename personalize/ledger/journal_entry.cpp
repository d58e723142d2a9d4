// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/journal_entry.hpp"

#include <json/writer.h>

#include <algorithm>
#include <array>

#include "crypto/json_text.hpp"
#include "crypto/strict_json.hpp"
#include "reader/inspect/instant.hpp"

namespace personalize {
namespace {

constexpr std::array<std::string_view, 6> kStates{"received",     "prepared", "writing",
                                                  "personalized", "issued",   "voided"};

// Entries from before there were lists have none.
bool read_status_list(const Json::Value& json, LedgerEntry& entry) {
  if (!json.isMember("status_list")) return true;
  const auto& list = json["status_list"];
  if (!list.isObject() || !list["uri"].isString() || !list["index"].isUInt()) return false;
  entry.status_list_uri = list["uri"].asString();
  entry.status_index = list["index"].asUInt();
  return true;
}

}  // namespace

std::string_view name(OrderState state) { return kStates[static_cast<std::size_t>(state)]; }

std::string to_json(const LedgerEntry& entry) {
  Json::Value json(Json::objectValue);
  json["version"] = 1;
  json["order_id"] = entry.order_id;
  json["order_sha256"] = entry.order_sha256;
  json["state"] = std::string(name(entry.state));
  json["card_number"] = entry.card_number;
  json["patent_number"] = entry.patent_number;
  json["previous_card_number"] = entry.previous_card_number;
  json["chip_serial"] = entry.chip_serial;
  json["image_sha256"] = entry.image_sha256;
  json["signed_at"] = reader::to_iso(entry.signed_at);
  json["activate_at_handover"] = entry.activate_at_handover;
  json["void_reason"] = entry.void_reason;
  if (!entry.blank_number.empty()) json["blank_number"] = entry.blank_number;
  if (!entry.status_list_uri.empty()) {
    json["status_list"]["uri"] = entry.status_list_uri;
    json["status_list"]["index"] = entry.status_index;
  }
  return crypto::json_lines(json);
}

std::optional<LedgerEntry> ledger_entry_from(std::string_view text) {
  const auto parsed = crypto::parse_strict_json(text);
  if (!parsed || !parsed->isObject()) return std::nullopt;
  const auto& json = *parsed;
  if (json["version"] != 1 || !json["activate_at_handover"].isBool()) return std::nullopt;
  LedgerEntry entry;
  std::string state;
  std::string signed_at;
  for (const auto& [member, value] : std::initializer_list<std::pair<const char*, std::string*>>{
           {"order_id", &entry.order_id},
           {"order_sha256", &entry.order_sha256},
           {"state", &state},
           {"card_number", &entry.card_number},
           {"patent_number", &entry.patent_number},
           {"previous_card_number", &entry.previous_card_number},
           {"chip_serial", &entry.chip_serial},
           {"image_sha256", &entry.image_sha256},
           {"signed_at", &signed_at},
           {"void_reason", &entry.void_reason}}) {
    if (!json[member].isString()) return std::nullopt;
    *value = json[member].asString();
  }
  const auto known = std::ranges::find(kStates, state);
  const auto instant = reader::instant_from_iso(signed_at);
  if (known == kStates.begin() || known == kStates.end() || !instant || !read_status_list(json, entry))
    return std::nullopt;
  entry.state = static_cast<OrderState>(known - kStates.begin());
  entry.signed_at = *instant;
  entry.activate_at_handover = json["activate_at_handover"].asBool();
  const auto& blank = json["blank_number"];  // entries from before there was a stock have none
  if (!blank.isNull() && !blank.isString()) return std::nullopt;
  entry.blank_number = blank.asString();
  return entry;
}

}  // namespace personalize
