// SPDX-License-Identifier: Apache-2.0
// Owns the words of the stock report as text and HTML, by language.
#pragma once

#include "personalize/floor/stock_report.hpp"

namespace personalize {

// Some are sentences with places ({}) for what they are about.
struct StockReportWords {
  std::string_view tag, title, made;  // made: when, where
  std::string_view received, issued, rejected, destroyed, remaining;
  std::string_view sum_holds, sum_fails;
  std::string_view check, check_fits, check_fails;  // fails: how many
  std::string_view code, subject, meaning;
  std::string_view deliveries, delivery, product, total;
  std::string_view shifts, shifts_note, no_shifts;
  std::string_view shift_opened;              // number, station, when, by whom
  std::string_view shift_closed, still_open;  // when, by whom, with whom, how signed
  std::string_view well_signed, badly_signed;
  std::string_view at_opening, at_closing, moved_by, nobody, outside_shifts;
  std::string_view in_hand, reject_bin, destroyed_blanks;
  std::string_view blank, order, reason, alive;
  std::string_view state, state_note, station, line, hash;  // of the ledger
  std::string_view compiled_by, checked_by, name, signature, date;
};

const StockReportWords& stock_report_words(reader::Language language);
// One line on a shift and its signatures.
std::string words_for(const ShiftReport& report, const StockReportWords& words);
std::string readable(std::chrono::sys_seconds moment);  // 2026-03-10 09:00:00 UTC
// What people wrote, as it may stand in a line.
std::string shown(std::string_view text);

}  // namespace personalize
