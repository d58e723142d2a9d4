// SPDX-License-Identifier: Apache-2.0
// Owns how payments come into the ledger: whose each one is, the queue of those that are nobody's, and the correction
// of a mis-keyed INN (docs/payments.md). What a payment buys is settled later.
#pragma once

#include <array>
#include <functional>
#include <variant>

#include "personalize/ledger/status_ledger.hpp"
#include "personalize/status/payment_file.hpp"

namespace personalize {

// Advance payments of income tax by foreigners with a patent; for all of Russia.
inline constexpr std::string_view kPatentKbk = "18210102040011000110";
// The practice: so long after it became known, a payment with another INN than its payer's can be put right.
inline constexpr std::chrono::days kCorrectionDays{30};

std::string_view name_of(Unmatched reason);  // the JSON output's word, never changed
struct UnmatchedText {
  std::string_view en, ru;
};
UnmatchedText words_of(Unmatched reason);

// Whose a payment is.
struct PaymentOwner {
  std::string card_number;  // empty: nobody's
  Unmatched reason = Unmatched::none;
};
// `inn` is the payer's: the one that was keyed, or the right one. With `card` not empty, of these patents only that
// one.
Logged<PaymentOwner> owner_of(StatusLedger& ledger, const PaymentLine& payment, std::string_view inn,
                              std::string_view card = {});

enum class ImportEnd : std::uint8_t { entered, refused, stopped };
struct Import {
  ImportEnd end = ImportEnd::entered;
  std::uint64_t matched = 0, repeated = 0;
  std::array<std::uint64_t, 6> unmatched{};  // by Unmatched
  PaymentFaults faults;
};
struct ImportOptions {
  patent::Date today{};
  bool skip_bad = false;  // enter the sound lines of a file that has faults
  // Called every thousand payments, with the octets read; false stops the import and undoes it.
  std::function<bool(std::uint64_t octets)> go_on = [](std::uint64_t) { return true; };
  // Called last, in the same transaction, when the file is entered.
  std::function<Logged<void>(const Import&)> entered = [](const Import&) { return Logged<void>(); };
};
// One transaction: all of the file, or with a fault nothing of it. What the ledger has already is only counted.
Logged<Import> import_payments(StatusLedger& ledger, std::istream& file, const ImportOptions& options);

enum class CorrectionRefusal : std::uint8_t {
  unknown_payment,
  nobodys,  // what is to be released
  bad_inn,
  matched_already,  // it stands on the account of `card_number`
  too_late,         // the last day was `last_day`
  unmatched_still,  // `reason` tells why, with the right INN too
};
struct CorrectionRefused {
  CorrectionRefusal why{};
  std::string card_number{};
  patent::Date last_day{};
  Unmatched reason = Unmatched::none;
};
using CorrectionFailure = std::variant<CorrectionRefused, LedgerFailure>;
// Gives the card number whose payment it is now.
crypto::Result<std::string, CorrectionFailure> correct_payment(StatusLedger& ledger, std::string_view uin,
                                                               std::string_view inn, std::string_view card,
                                                               patent::Date today);
// Takes a payment from the account of who had the mis-keyed INN; gives that card's number. What it bought there stays.
crypto::Result<std::string, CorrectionFailure> release_payment(StatusLedger& ledger, std::string_view uin,
                                                               patent::Date today);

}  // namespace personalize
