// SPDX-License-Identifier: Apache-2.0
// Owns the report of the stock: what was received, where it went, in whose shift and by whose hand; and whether the
// ledger's other books say the same (docs/stock.md).
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "personalize/ledger/signatories.hpp"
#include "personalize/ledger/stock.hpp"
#include "reader/report/catalogue.hpp"
#include "reader/report/hash_chain.hpp"

namespace personalize {

struct DeliverySums {
  std::string delivery, product;
  StockSums sums;
};

struct ShiftReport {
  Shift shift;
  std::vector<MovementCount> counts;
  std::vector<StockSignature> signatures;
  // By two people who are named in it, over these very sums.
  [[nodiscard]] bool well_signed() const;
};

// What one operator moved. A blank that was destroyed was rejected before; so these do not add up to sums.
struct Hand {
  std::int64_t received = 0, issued = 0, rejected = 0, destroyed = 0;
};
std::map<std::string, Hand> hands_of(const std::vector<MovementCount>& counts);

struct StockReport {
  std::string station;
  std::chrono::sys_seconds made{};
  StockSums sums;
  std::vector<DeliverySums> deliveries;
  std::vector<ShiftReport> shifts;
  std::vector<MovementCount> outside_shifts;
  std::vector<Blank> taken, rejected, destroyed;
  std::set<std::string> alive;  // those rejected ones whose chips bear a part of an order, and were not terminated
  std::map<std::string, reader::ChainPoint> chains;  // where the audit chains were: which state of the ledger this is
};

// What is signed when a shift ends, and when a blank is destroyed: one line of JSON, members sorted.
std::string closing_statement(const Shift& shift);
std::string destruction_statement(std::string_view blank, std::string_view by, std::string_view witness,
                                  std::chrono::sys_seconds at);
std::string shift_subject(std::int64_t number);
std::string blank_subject(std::string_view number);

// Of one moment.
Logged<StockReport> read_stock_report(Database& database, AuditChain& audit, std::chrono::sys_seconds now);

// What does not fit. Each code is stable; the subject is a number of a blank, order or shift.
struct StockDiscrepancy {
  std::string code, subject;
};
std::string_view words_for(const StockDiscrepancy& discrepancy, reader::Language language);
// Counts again from orders, receipts and audit lines, and verifies signatures.
Logged<std::vector<StockDiscrepancy>> check_stock(Database& database, const StockReport& report);

std::string to_text(const ShiftReport& report, reader::Language language);
std::string to_json(const ShiftReport& report);
std::string to_text(const StockReport& report, reader::Language language);
std::string to_json(const StockReport& report, const std::vector<StockDiscrepancy>* discrepancies);
// One file that needs nothing else, and no script; HTML that is XML, too.
std::string to_html(const StockReport& report, const std::vector<StockDiscrepancy>* discrepancies,
                    reader::Language language);

}  // namespace personalize
