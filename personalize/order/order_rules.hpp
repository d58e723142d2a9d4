// SPDX-License-Identifier: Apache-2.0
// Owns the rules of an order (docs/orders.md): their stable numbers, names and words.
#pragma once

#include <string_view>

#include "personalize/order/order.hpp"

namespace personalize {

enum class OrderRule : std::uint16_t {
  // the envelope
  too_large = 1,
  byte_order_mark = 2,
  not_json = 3,
  text_too_long = 4,
  schema = 5,
  // the order
  previous_required = 10,
  previous_forbidden = 11,
  previous_same_card = 12,
  previous_other_patent = 13,
  previous_same_patent = 14,
  // the patent
  unknown_region = 20,
  series_of_another_region = 21,
  territory_of_another_region = 22,
  issuer_of_another_region = 23,
  no_such_date = 24,
  issued_in_the_future = 25,
  term_is_over = 26,
  number_of_another_year = 27,
  blank_number_form = 28,
  text_form = 29,
  region_not_live = 30,
  unit_not_in_profile = 31,
  // the holder
  name_missing = 40,
  name_not_cyrillic = 41,
  name_not_latin = 42,
  name_differs_from_cyrillic = 43,
  under_age = 44,
  age_unsure = 45,
  citizenship_needs_no_patent = 46,
  document_look_alikes = 47,
  document_form = 48,
  document_expired = 49,
  inn_check_digits = 50,
  snils_check_digits = 51,
  // the payments
  paid_after_known = 60,
  first_payment_late = 61,
  payment_of_another_region = 62,
  // the face
  face_not_base64 = 70,
  face_not_an_image = 71,
  face_of_another_format = 72,
  face_too_small = 73,
  face_too_large = 74,
  // the fingers
  fingers_and_reason = 80,
  fingers_not_two = 81,
  finger_twice = 82,
  finger_not_base64 = 83,
  finger_not_an_image = 84,
  finger_of_another_format = 85,
  finger_too_small = 86,
  fingers_too_large = 87,
};

struct OrderRuleText {
  OrderRule rule;
  Severity severity;
  std::string_view name;  // the JSON output's word, never changed
  std::string_view en;
  std::string_view ru;
};
const OrderRuleText& text_of(OrderRule rule);

}  // namespace personalize
