// SPDX-License-Identifier: Apache-2.0
// Owns a payment as the treasury reports it: one line of a statement (docs/payments.md).
#pragma once

#include <cstdint>
#include <string>

#include "card/patent/patent.hpp"

namespace personalize {

struct PaymentLine {
  std::string uin;        // the payment's own number (УИН): the same one is the same payment
  std::string payer_inn;  // as keyed by the payer: may be wrong
  std::string kbk;        // 20 digits: what the payment is for
  std::string oktmo;      // 8 or 11 digits: which territory it is for
  std::int64_t kopecks = 0;
  patent::Date paid_on{};   // the bank's date: it decides
  patent::Date known_on{};  // when the statement came
  friend bool operator==(const PaymentLine&, const PaymentLine&) = default;
};

// Why a payment belongs to no card. Numbers never change their meaning.
enum class Unmatched : std::uint8_t {
  none = 0,
  unknown_inn = 1,     // nobody with this INN has a patent
  wrong_oktmo = 2,     // another subject's: it extends nothing here
  wrong_kbk = 3,       // not the patent's advance payment
  no_live_patent = 4,  // every patent of this payer was over on that day
  ambiguous = 5,       // two patents of the payer run: somebody must say which
  released = 6,        // stood on a card's account, and was not its holder's
};

}  // namespace personalize
