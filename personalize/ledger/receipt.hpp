// SPDX-License-Identifier: Apache-2.0
// Owns the receipt: what is kept of a card that was issued. No CAN, no name. Published as receipt.schema.json.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace personalize {

struct Receipt {
  std::string order_id;
  std::string card_number;
  std::string patent_number;  // series and number
  std::string chip_serial;    // hexadecimal
  std::string profile;
  std::string hash_algorithm;                      // of the data groups, as in EF.SOD
  std::map<std::string, std::string> data_groups;  // "DG1" -> hash, as it stands in EF.SOD
  std::string sod_sha256;
  std::string image_sha256;
  std::string verdict;  // what the reader said of the finished card: VALID or NOT_ACTIVE
  std::chrono::sys_seconds signed_at{};
  std::chrono::sys_seconds issued_at{};
  std::chrono::milliseconds elapsed{};  // with the chip, read-back included, in the run that finished it
  std::uint32_t apdus = 0;
  std::uint64_t octets_sent = 0;
  std::uint64_t octets_received = 0;
  std::string operator_name;
};

std::string to_json(const Receipt& receipt);

}  // namespace personalize
