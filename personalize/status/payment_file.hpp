// SPDX-License-Identifier: Apache-2.0
// Owns the reading of payment files, CSV and JSON, in bounded memory: every fault with its line and column
// (docs/payments.md).
#pragma once

#include "personalize/status/payment_line.hpp"
#include "personalize/status/payment_rows.hpp"

namespace personalize {

class PaymentFile {
public:
  // A payment that became known after `today` is a fault.
  PaymentFile(std::istream& in, patent::Date today, PaymentFaults& faults);
  // The next payment without a fault, into the storage of the last one; false at the end of the file.
  bool next(PaymentLine& payment);
  // Of the payment given last.
  [[nodiscard]] std::uint64_t line_number() const { return row_.line; }
  [[nodiscard]] std::uint64_t octets() const { return lines_.octets(); }

private:
  bool take(PaymentLine& payment);

  patent::Date today_;
  PaymentFaults& faults_;
  TextLines lines_;
  std::unique_ptr<PaymentRows> rows_;
  PaymentRow row_;
};

bool is_uin(std::string_view text);  // 20 or 25 digits, not all zeros (Ministry of Finance order 107n)

}  // namespace personalize
