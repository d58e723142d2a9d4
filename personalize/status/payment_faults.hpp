// SPDX-License-Identifier: Apache-2.0
// Owns what can be wrong in a file of payments: stable names, words, and where it stands (docs/payments.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace personalize {

enum class PaymentFault : std::uint8_t {
  // the text
  not_utf8,
  line_too_long,
  no_header,
  column_missing,
  column_twice,
  quotes,
  fields,
  not_json,
  // the values
  bad_uin,
  bad_inn,
  bad_kbk,
  bad_oktmo,
  bad_sum,
  bad_date,
  paid_after_known,
  known_in_future,
  // against the ledger
  uin_twice,
};
struct PaymentFaultText {
  PaymentFault fault;
  std::string_view name;  // the JSON output's word, never changed
  std::string_view en;
  std::string_view ru;
};
const PaymentFaultText& text_of(PaymentFault fault);

struct PaymentFileFault {
  PaymentFault fault{};
  std::uint64_t line = 0;  // from 1
  std::string column;      // its name; empty: the whole line
  friend bool operator==(const PaymentFileFault&, const PaymentFileFault&) = default;
};

// All are counted; the first thousand are kept: a file of another form has one in every line.
class PaymentFaults {
public:
  static constexpr std::size_t kKept = 1000;
  void add(PaymentFault fault, std::uint64_t line, std::string_view column = {}) {
    if (count_++ < kKept) kept_.push_back({fault, line, std::string(column)});
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::vector<PaymentFileFault>& kept() const { return kept_; }

private:
  std::uint64_t count_ = 0;
  std::vector<PaymentFileFault> kept_;
};

}  // namespace personalize
