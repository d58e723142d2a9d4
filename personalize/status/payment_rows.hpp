// SPDX-License-Identifier: Apache-2.0
// Owns the text of payment files: lines of bounded length, and out of them rows, from CSV (RFC 4180) or JSON.
#pragma once

#include <array>
#include <istream>
#include <memory>
#include <string_view>
#include <vector>

#include "personalize/status/payment_faults.hpp"

namespace personalize {

class TextLines {
public:
  static constexpr std::size_t kMaxLine = 64U << 10;

  // A byte order mark in front is passed over: spreadsheets write one.
  TextLines(std::istream& in, PaymentFaults& faults);
  // The next one without its end, LF or CRLF, until the one after is asked for; false at the end of the file. A line
  // that is too long or not UTF-8 is a fault, and passed over.
  bool next(std::string_view& line);
  // The first character of the file that is no space; zero when there is none.
  [[nodiscard]] char first();
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] std::uint64_t octets() const { return octets_; }

private:
  bool fill();
  bool cut(std::string_view& line);

  std::istream& in_;
  PaymentFaults& faults_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // of what is read and not yet given
  std::uint64_t number_ = 0, octets_ = 0;
};

inline constexpr std::array<std::string_view, 7> kPaymentColumns{"uin",         "payer_inn", "kbk",     "oktmo",
                                                                 "sum_kopecks", "paid_on",   "known_on"};

struct PaymentRow {
  std::uint64_t line = 0;  // where it begins
  std::array<std::string_view, kPaymentColumns.size()> values;
};

class PaymentRows {
public:
  PaymentRows() = default;
  PaymentRows(const PaymentRows&) = delete;
  PaymentRows& operator=(const PaymentRows&) = delete;
  virtual ~PaymentRows() = default;
  // The values stand until the next call. False at the end. What is no row is a fault, and passed over.
  virtual bool next(PaymentRow& row) = 0;
};

// The form is seen from the first character: '[' begins a JSON array, '{' one object a line; all else is CSV.
std::unique_ptr<PaymentRows> payment_rows(TextLines& lines, PaymentFaults& faults);

}  // namespace personalize
