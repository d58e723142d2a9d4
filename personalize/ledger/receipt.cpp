// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/receipt.hpp"

#include <json/json.h>

#include "crypto/json_text.hpp"
#include "reader/inspect/instant.hpp"

namespace personalize {

std::string to_json(const Receipt& receipt) {
  Json::Value json(Json::objectValue);
  json["version"] = 1;
  json["order_id"] = receipt.order_id;
  json["card_number"] = receipt.card_number;
  json["patent_number"] = receipt.patent_number;
  json["chip_serial"] = receipt.chip_serial;
  json["profile"] = receipt.profile;
  json["hash_algorithm"] = receipt.hash_algorithm;
  json["data_groups"] = Json::Value(Json::objectValue);
  for (const auto& [name, hash] : receipt.data_groups) json["data_groups"][name] = hash;
  json["sod_sha256"] = receipt.sod_sha256;
  json["image_sha256"] = receipt.image_sha256;
  json["verdict"] = receipt.verdict;
  json["signed_at"] = reader::to_iso(receipt.signed_at);
  json["issued_at"] = reader::to_iso(receipt.issued_at);
  json["elapsed_ms"] = Json::Int64{receipt.elapsed.count()};
  json["apdus"] = receipt.apdus;
  json["octets_sent"] = Json::UInt64{receipt.octets_sent};
  json["octets_received"] = Json::UInt64{receipt.octets_received};
  json["operator"] = receipt.operator_name;
  return crypto::json_lines(json);
}

}  // namespace personalize
