// SPDX-License-Identifier: Apache-2.0
// Owns the reading of an order's JSON: strict text, the published schema, every fault with its JSON pointer.
#pragma once

#include <json/value.h>

#include <optional>
#include <vector>

#include "personalize/order/order_rules.hpp"

namespace personalize {

class Findings {
public:
  void add(OrderRule rule, std::string pointer, std::string detail = {});
  [[nodiscard]] bool faulty() const;
  [[nodiscard]] std::vector<OrderFinding> take() { return std::move(all_); }

private:
  std::vector<OrderFinding> all_;
};

// The schema's text, as published.
std::string_view order_schema();

// The object when it is strict JSON of a bearable size, whatever it says: an order that is not finished yet.
std::optional<Json::Value> read_draft_document(std::string_view text, Findings& findings);
// The document when it is strict JSON and fits the schema; otherwise nothing, and the findings say why.
std::optional<Json::Value> read_order_document(std::string_view text, Findings& findings);

}  // namespace personalize
