// SPDX-License-Identifier: Apache-2.0
// Owns the reading of a delivery of blanks from CSV, with all its faults at once, and its entry into the stock, whole
// or not at all (docs/stock.md).
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "personalize/ledger/stock.hpp"

namespace personalize {

enum class DeliveryFault : std::uint8_t {
  too_large,  // more than kMaxDeliveryOctets
  no_header,
  column_missing,
  column_unknown,
  column_twice,
  fields,  // more or fewer than columns
  bad_number,
  bad_product,
  bad_chip_serial,
  number_twice,
  chip_twice,
  // against the stock
  known_otherwise,  // another blank has this number or this chip
};
struct DeliveryFaultText {
  std::string_view name;  // the JSON output's word, never changed
  std::string_view en;
};
const DeliveryFaultText& text_of(DeliveryFault fault);

struct DeliveryFinding {
  DeliveryFault fault{};
  std::uint64_t line = 0;  // from 1
  std::string column;      // empty: the whole line
};

struct Delivery {
  struct Line {
    std::uint64_t number = 0;
    Blank blank;
  };
  std::vector<Line> lines;
  std::vector<DeliveryFinding> findings;  // in the order of their lines
};

inline constexpr std::size_t kMaxDeliveryOctets = 64U << 20;

// `note`: the delivery note's number. Columns number, product and, if the maker tells, chip_serial; ',' or ';'.
Delivery read_delivery(std::istream& in, std::string_view note);

// How many blanks are new; the rest were there already. Nothing is entered when a line does not fit: it is found in
// `delivery`, and the error is blank_used.
Logged<std::int64_t> enter_delivery(Database& database, Stock& stock, Delivery& delivery,
                                    std::string_view operator_name, std::chrono::sys_seconds now);

}  // namespace personalize
