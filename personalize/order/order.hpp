// SPDX-License-Identifier: Apache-2.0
// Owns Order: what a migration centre asks for, checked whole (docs/orders.md). The published schema is
// order.schema.json beside this file.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "card/patent/finger.hpp"
#include "card/patent/region_profile.hpp"
#include "crypto/result.hpp"

namespace personalize {

enum class OrderType : std::uint8_t { issue, reissue, duplicate, amend };

// One payment of the fixed advance (NK RF art. 227.1). The bank's date decides, not the day it became known.
struct Payment {
  patent::Date paid_on{};
  patent::Date known_on{};
  std::int64_t sum_kopecks = 0;
  std::string oktmo;
  std::string uin;
};

struct Order {
  std::string order_id;  // UUID, lower case
  OrderType type = OrderType::issue;
  std::string previous_card_number;    // empty for ISSUE
  std::string previous_patent_number;  // 12 digits, empty for ISSUE
  std::string region_profile;          // 2 digits
  patent::Patent patent;
  patent::FaceImage face;                  // as it goes onto the card: checked, within the size budget
  std::optional<patent::Fingers> fingers;  // nothing: the card has no data group 3
  std::uint8_t months_paid = 0;            // 1..12: what the first payments cover
  bool activate_at_handover = false;       // the first status record says NOT ACTIVE YET
  std::vector<Payment> payments;
};

// What is wrong, where. Numbers are stable; words are made at the edge.
enum class OrderRule : std::uint16_t;  // in order_rules.hpp
enum class Severity : std::uint8_t { fault, warning };
struct OrderFinding {
  Severity severity = Severity::fault;
  std::string pointer;     // RFC 6901: "/holder/inn"; "" for the whole document
  std::uint16_t rule = 0;  // an OrderRule
  std::string detail;      // from the schema validator or the rule; never a value of a person
};
struct ParsedOrder {
  std::optional<Order> order;  // present exactly when there is no fault
  std::vector<OrderFinding> findings;
};

struct OrderContext {
  std::chrono::sys_seconds at{};    // the judging clock; --at
  std::size_t face_budget = 20480;  // octets of the face image
  const patent::RegionProfiles* regions = &patent::shipped_regions();
};

// SHA-256 of the text without blanks around it: a line of a file and a file of one line are the same order.
std::string order_digest(std::string_view text);

// `text` is one order's JSON, at most 1 MiB, UTF-8 without BOM, images inside in base64.
ParsedOrder parse_order(std::string_view text, const OrderContext& context);

}  // namespace personalize
