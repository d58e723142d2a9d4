// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/payment_file.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "card/patent/identifiers.hpp"
#include "card/patent/text.hpp"

namespace personalize {
namespace {

constexpr std::int64_t kMostKopecks = 1'000'000'000'000;  // ten billion roubles: more is a slip of a key

bool are_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// As the payer keyed it: a wrong check digit is what corrections are for, and the treasury writes 0 for none.
bool is_keyed_inn(std::string_view text) {
  return are_digits(text) && (text.size() == 12 || text.size() == 10 || text == "0");
}

std::optional<std::int64_t> kopecks_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && are_digits(text);
  return whole && value > 0 && value <= kMostKopecks ? std::optional(value) : std::nullopt;
}

}  // namespace

bool is_uin(std::string_view text) {
  return (text.size() == 20 || text.size() == 25) && are_digits(text) &&
         text.find_first_not_of('0') != std::string_view::npos;
}

PaymentFile::PaymentFile(std::istream& in, patent::Date today, PaymentFaults& faults)
    : today_(today), faults_(faults), lines_(in, faults), rows_(payment_rows(lines_, faults)) {}

bool PaymentFile::next(PaymentLine& payment) {
  while (rows_->next(row_))
    if (take(payment)) return true;
  return false;
}

// All the faults of a line are named, not its first one only.
bool PaymentFile::take(PaymentLine& payment) {
  const auto& [uin, inn, kbk, oktmo, sum, paid, known] = row_.values;
  bool good = true;
  const auto require = [&](bool right, PaymentFault fault, std::string_view column) {
    if (!right) faults_.add(fault, row_.line, column);
    good = good && right;
  };
  const auto kopecks = kopecks_of(sum);
  const auto paid_on = patent::parse_iso_date(paid);
  const auto known_on = paid == known ? paid_on : patent::parse_iso_date(known);
  require(is_uin(uin), PaymentFault::bad_uin, "uin");
  require(is_keyed_inn(inn), PaymentFault::bad_inn, "payer_inn");
  require(kbk.size() == 20 && are_digits(kbk), PaymentFault::bad_kbk, "kbk");
  require(patent::is_oktmo(oktmo), PaymentFault::bad_oktmo, "oktmo");
  require(kopecks.has_value(), PaymentFault::bad_sum, "sum_kopecks");
  require(paid_on.has_value(), PaymentFault::bad_date, "paid_on");
  require(known_on.has_value(), PaymentFault::bad_date, "known_on");
  if (paid_on && known_on) require(*paid_on <= *known_on, PaymentFault::paid_after_known, "known_on");
  if (known_on) require(*known_on <= today_, PaymentFault::known_in_future, "known_on");
  if (!good) return false;
  payment.uin = uin;
  payment.payer_inn = inn;
  payment.kbk = kbk;
  payment.oktmo = oktmo;
  payment.kopecks = *kopecks;
  payment.paid_on = *paid_on;
  payment.known_on = *known_on;
  return true;
}

}  // namespace personalize
