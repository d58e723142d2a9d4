// SPDX-License-Identifier: Apache-2.0
// The report of the stock as text and JSON, and the lines that are signed.
#include <fmt/format.h>
#include <json/writer.h>

#include "crypto/json_text.hpp"
#include "personalize/floor/stock_report_words.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/report/chain_line.hpp"

namespace personalize {
namespace {

constexpr bool is_open(const Shift& shift) { return shift.closed == std::chrono::sys_seconds{}; }

// ---- text

std::string sums_line(std::string_view label, const StockSums& sums) {
  return fmt::format("{:<28}{:>11} = {:>11} {:>11} {:>11} {:>11}\n", shown(label), sums.received, sums.issued,
                     sums.rejected, sums.destroyed, sums.remaining);
}

std::string text_of(const std::vector<MovementCount>& counts, const StockReportWords& words) {
  std::string out;
  for (const auto& [name, hand] : hands_of(counts))
    out += fmt::format("    {}: {} {}, {} {}, {} {}, {} {}\n", name.empty() ? words.nobody : shown(name), hand.received,
                       words.received, hand.issued, words.issued, hand.rejected, words.rejected, hand.destroyed,
                       words.destroyed);
  return out;
}

std::string text_of(std::string_view title, const std::vector<Blank>& blanks, const StockReportWords& words,
                    const std::set<std::string>& alive = {}) {
  if (blanks.empty()) return {};
  auto out = fmt::format("\n{}:\n", title);
  for (const auto& [number, product, chip, delivery, state, order, reason] : blanks)
    out += fmt::format("    {}{}{}{}\n", number, order.empty() ? "" : fmt::format(", {} {}", words.order, shown(order)),
                       reason.empty() ? "" : ": " + shown(reason),
                       alive.contains(number) ? fmt::format("; {}", words.alive) : "");
  return out;
}

std::string text_of(const ShiftReport& report, const StockReportWords& words) {
  return words_for(report, words) + '\n' + text_of(report.counts, words);
}

// ---- JSON

Json::Value json_of(const StockSums& sums) {
  Json::Value json;
  json["received"] = Json::Int64(sums.received);
  json["issued"] = Json::Int64(sums.issued);
  json["rejected"] = Json::Int64(sums.rejected);
  json["destroyed"] = Json::Int64(sums.destroyed);
  json["remaining"] = Json::Int64(sums.remaining);
  return json;
}

Json::Value json_of(const std::vector<MovementCount>& counts) {
  Json::Value list(Json::arrayValue);
  for (const auto& [name, hand] : hands_of(counts)) {
    Json::Value json;
    json["operator"] = name;
    json["received"] = Json::Int64(hand.received);
    json["issued"] = Json::Int64(hand.issued);
    json["rejected"] = Json::Int64(hand.rejected);
    json["destroyed"] = Json::Int64(hand.destroyed);
    list.append(json);
  }
  return list;
}

Json::Value json_of(const std::vector<Blank>& blanks, const std::set<std::string>& alive = {}) {
  Json::Value list(Json::arrayValue);
  for (const auto& blank : blanks) {
    Json::Value json;
    json["number"] = blank.number;
    json["product"] = blank.product;
    json["delivery"] = blank.delivery;
    if (!blank.chip_serial.empty()) json["chip_serial"] = blank.chip_serial;
    if (!blank.order_id.empty()) json["order_id"] = blank.order_id;
    if (!blank.reason.empty()) json["reason"] = blank.reason;
    if (alive.contains(blank.number)) json["chip_alive"] = true;
    list.append(json);
  }
  return list;
}

Json::Value json_of(const ShiftReport& report) {
  const auto& shift = report.shift;
  Json::Value json;
  json["shift"] = Json::Int64(shift.number);
  json["station"] = shift.station;
  json["opened_by"] = shift.operator_name;
  json["opened"] = reader::to_iso(shift.opened);
  json["before"] = json_of(shift.before);
  json["operators"] = json_of(report.counts);
  if (is_open(shift)) return json;
  json["closed"] = reader::to_iso(shift.closed);
  json["closed_by"] = shift.closed_by;
  json["witness"] = shift.witnessed_by;
  json["after"] = json_of(shift.after);
  json["well_signed"] = report.well_signed();
  return json;
}

}  // namespace

std::string closing_statement(const Shift& shift) {
  Json::Value json;
  json["shift"] = Json::Int64(shift.number);
  json["station"] = shift.station;
  json["operator"] = shift.operator_name;
  json["opened"] = reader::to_iso(shift.opened);
  json["before"] = json_of(shift.before);
  if (shift.closed != std::chrono::sys_seconds{}) {  // one that is open is shown in this form, too
    json["closed"] = reader::to_iso(shift.closed);
    json["closed_by"] = shift.closed_by;
    json["witness"] = shift.witnessed_by;
    json["after"] = json_of(shift.after);
  }
  return reader::line_of(json);
}

std::string destruction_statement(std::string_view blank, std::string_view by, std::string_view witness,
                                  std::chrono::sys_seconds at) {
  Json::Value json;
  json["destroyed"] = std::string(blank);
  json["by"] = std::string(by);
  json["witness"] = std::string(witness);
  json["at"] = reader::to_iso(at);
  return reader::line_of(json);
}

std::string to_text(const ShiftReport& report, reader::Language language) {
  return text_of(report, stock_report_words(language));
}

std::string to_json(const ShiftReport& report) { return crypto::json_lines(json_of(report)); }

std::string to_text(const StockReport& report, reader::Language language) {
  const auto& words = stock_report_words(language);
  auto out = fmt::format("{}: ", words.title) +
             fmt::format(fmt::runtime(words.made), readable(report.made), shown(report.station)) +
             fmt::format("\n\n{:<28}{:>11}   {:>11} {:>11} {:>11} {:>11}\n", "", words.received, words.issued,
                         words.rejected, words.destroyed, words.remaining);
  for (const auto& each : report.deliveries) out += sums_line(each.delivery + ' ' + each.product, each.sums);
  out += sums_line(words.total, report.sums);
  for (const auto& each : report.shifts) out += '\n' + text_of(each, words);
  if (!report.outside_shifts.empty())
    out += fmt::format("\n{}:\n", words.outside_shifts) + text_of(report.outside_shifts, words);
  out += text_of(words.in_hand, report.taken, words) + text_of(words.reject_bin, report.rejected, words, report.alive) +
         text_of(words.destroyed_blanks, report.destroyed, words);
  out += fmt::format("\n{}:\n", words.state);
  for (const auto& [station, head] : report.chains)
    out += fmt::format("    {} {}, {} {}, {} {}\n", words.station, shown(station), words.line, head.number, words.hash,
                       crypto::to_hex(head.hash));
  return out;
}

std::string to_json(const StockReport& report, const std::vector<StockDiscrepancy>* discrepancies) {
  Json::Value json;
  json["made"] = reader::to_iso(report.made);
  json["station"] = report.station;
  json["sums"] = json_of(report.sums);
  json["deliveries"] = Json::Value(Json::arrayValue);
  for (const auto& each : report.deliveries) {
    auto delivery = json_of(each.sums);
    delivery["delivery"] = each.delivery;
    delivery["product"] = each.product;
    json["deliveries"].append(delivery);
  }
  json["shifts"] = Json::Value(Json::arrayValue);
  for (const auto& each : report.shifts) json["shifts"].append(json_of(each));
  json["outside_shifts"] = json_of(report.outside_shifts);
  json["taken"] = json_of(report.taken);
  json["rejected"] = json_of(report.rejected, report.alive);
  json["destroyed"] = json_of(report.destroyed);
  json["audit_heads"] = Json::Value(Json::objectValue);
  for (const auto& [station, head] : report.chains) json["audit_heads"][station] = reader::point_value(head);
  if (discrepancies != nullptr) {
    json["discrepancies"] = Json::Value(Json::arrayValue);
    for (const auto& each : *discrepancies) {
      Json::Value one;
      one["code"] = each.code;
      one["subject"] = each.subject;
      one["words"] = std::string(words_for(each, reader::Language::english));
      json["discrepancies"].append(one);
    }
  }
  return crypto::json_lines(json);
}

}  // namespace personalize
