// SPDX-License-Identifier: Apache-2.0
// The report of the stock as text, JSON and HTML; and the lines that are signed.
#include <fmt/format.h>
#include <json/writer.h>

#include <algorithm>
#include <array>
#include <map>

#include "crypto/json_text.hpp"
#include "personalize/floor/stock_report.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/report/chain_line.hpp"
#include "reader/report/terminal_text.hpp"

namespace personalize {
namespace {

constexpr bool is_open(const Shift& shift) { return shift.closed == std::chrono::sys_seconds{}; }

// One operator's hand in one shift. A blank that was destroyed was rejected before; so these do not add up to sums.
struct Hand {
  std::int64_t received = 0, issued = 0, rejected = 0, destroyed = 0;
};
std::map<std::string, Hand> hands(const std::vector<MovementCount>& counts) {
  std::map<std::string, Hand> by_name;
  for (const auto& [shift, name, place, count] : counts) {
    auto& hand = by_name[name];
    switch (place) {
      case BlankState::issued: hand.issued += count; break;
      case BlankState::rejected: hand.rejected += count; break;
      case BlankState::destroyed: hand.destroyed += count; break;
      default: hand.received += count;
    }
  }
  return by_name;
}

std::string signatures_of(const ShiftReport& report) {
  if (is_open(report.shift)) return "open";
  return fmt::format("{} and {}, {}", report.shift.closed_by, report.shift.witnessed_by,
                     report.well_signed() ? "signatures good" : "NOT SIGNED BY BOTH");
}

// ---- text

std::string line_of(std::string_view label, const StockSums& sums) {
  return fmt::format("{:<28}{:>9} = {:>9} {:>9} {:>9} {:>9}\n", label, sums.received, sums.issued, sums.rejected,
                     sums.destroyed, sums.remaining);
}

std::string text_of(const std::vector<MovementCount>& counts) {
  std::string out;
  for (const auto& [name, hand] : hands(counts))
    out += fmt::format("    {}: {} received, {} issued, {} rejected, {} destroyed\n", name.empty() ? "(nobody)" : name,
                       hand.received, hand.issued, hand.rejected, hand.destroyed);
  return out;
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
  for (const auto& [name, hand] : hands(counts)) {
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

Json::Value json_of(const std::vector<Blank>& blanks) {
  Json::Value list(Json::arrayValue);
  for (const auto& blank : blanks) {
    Json::Value json;
    json["number"] = blank.number;
    json["product"] = blank.product;
    json["delivery"] = blank.delivery;
    if (!blank.chip_serial.empty()) json["chip_serial"] = blank.chip_serial;
    if (!blank.order_id.empty()) json["order_id"] = blank.order_id;
    if (!blank.reason.empty()) json["reason"] = blank.reason;
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

// ---- HTML

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : reader::shown(text, ' ')) {
    constexpr std::array<std::pair<char, std::string_view>, 4> kEntities{
        {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}}};
    const auto* const entity = std::ranges::find(kEntities, c, &std::pair<char, std::string_view>::first);
    entity == kEntities.end() ? out.append(1, c) : out.append(entity->second);
  }
  return out;
}

// No script, no picture, no other file: what is signed off can be kept as it is.
constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Stock of blanks</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; --line: #8884; --good: #0a7d3b; --bad: #c22 }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin-bottom: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .4rem } p { margin: .3rem 0 }
table { border-collapse: collapse; width: 100% } caption { text-align: left }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top }
th { font-weight: 600 } .n { text-align: right; font-variant-numeric: tabular-nums }
.sums { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; align-items: center; font-size: 1.1rem }
.sums div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem }
.sums b { display: block; font-size: 1.6rem; font-variant-numeric: tabular-nums }
.good { color: var(--good) } .bad { color: var(--bad); font-weight: 600 }
@media print { body { margin: 0; max-width: none } h2 { break-after: avoid } tr { break-inside: avoid } }
</style></head><body>
)";

class Table {
public:
  // Headings; those that begin with '#' stand over numbers.
  explicit Table(std::initializer_list<std::string_view> headings) {
    out_ = "<table><thead><tr>";
    for (const auto heading : headings) {
      numbers_.push_back(heading.starts_with('#'));
      out_ +=
          fmt::format("<th{}>{}</th>", numbers_.back() ? " class=\"n\"" : "", heading.substr(numbers_.back() ? 1 : 0));
    }
    out_ += "</tr></thead><tbody>\n";
  }
  void row(std::initializer_list<std::string> cells, std::string_view last_class = {}) {
    out_ += "<tr>";
    std::size_t i = 0;
    for (const auto& cell : cells) {
      const std::string_view which = i + 1 == cells.size() ? last_class : std::string_view();
      out_ += fmt::format("<td class=\"{}{}\">{}</td>", numbers_.at(i) ? "n" : "", which, escaped(cell));
      ++i;
    }
    out_ += "</tr>\n";
  }
  [[nodiscard]] std::string end() const { return out_ + "</tbody></table>\n"; }

private:
  std::string out_;
  std::vector<bool> numbers_;
};

std::string number(std::int64_t value) { return std::to_string(value); }

std::string sums_box(const StockSums& sums) {
  const auto box = [](std::int64_t value, std::string_view label) {
    return fmt::format("<div><b>{}</b>{}</div>", value, label);
  };
  return "<div class=\"sums\">" + box(sums.received, "received") + "=" + box(sums.issued, "issued") + "+" +
         box(sums.rejected, "rejected") + "+" + box(sums.destroyed, "destroyed") + "+" +
         box(sums.remaining, "remaining") + "</div>\n";
}

void add_hands(Table& table, const std::string& shift, const std::vector<MovementCount>& counts) {
  for (const auto& [name, hand] : hands(counts))
    table.row({shift, name.empty() ? "(nobody)" : name, number(hand.received), number(hand.issued),
               number(hand.rejected), number(hand.destroyed)});
}

std::string blank_table(std::string_view title, const std::vector<Blank>& blanks) {
  if (blanks.empty()) return {};
  Table table({"blank", "product", "delivery", "order", "reason"});
  for (const auto& blank : blanks)
    table.row({blank.number, blank.product, blank.delivery, blank.order_id, blank.reason});
  return fmt::format("<h2>{} ({})</h2>\n", title, blanks.size()) + table.end();
}

std::string check_section(const std::vector<StockDiscrepancy>* discrepancies) {
  if (discrepancies == nullptr) return {};
  std::string out = "<h2>Against orders, receipts and the audit chain</h2>\n";
  if (discrepancies->empty()) return out + "<p class=\"good\">Everything was counted again, and fits.</p>\n";
  Table table({"what", "which", "meaning"});
  for (const auto& each : *discrepancies) table.row({each.code, each.subject, std::string(words_for(each))});
  return out + fmt::format("<p class=\"bad\">{} things do not fit.</p>\n", discrepancies->size()) + table.end();
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

std::string to_text(const ShiftReport& report) {
  const auto& shift = report.shift;
  auto out = fmt::format("shift {} at {}: opened {} by {}", shift.number, shift.station, reader::to_iso(shift.opened),
                         shift.operator_name);
  out += is_open(shift) ? std::string("; open\n")
                        : fmt::format("; closed {} by {}\n", reader::to_iso(shift.closed), signatures_of(report));
  return reader::shown(out + text_of(report.counts), '\n');
}

std::string to_json(const ShiftReport& report) { return crypto::json_lines(json_of(report)); }

std::string to_text(const StockReport& report) {
  std::string out = fmt::format("stock of blanks, {}, by station {}\n\n{:<28}{:>9}   {:>9} {:>9} {:>9} {:>9}\n",
                                reader::to_iso(report.made), report.station, "", "received", "issued", "rejected",
                                "destroyed", "remaining");
  for (const auto& each : report.deliveries) out += line_of(each.delivery + " " + each.product, each.sums);
  out += line_of("all", report.sums);
  for (const auto& each : report.shifts) out += '\n' + to_text(each);
  if (!report.outside_shifts.empty()) out += "\noutside shifts:\n" + text_of(report.outside_shifts);
  for (const auto& [title, blanks] :
       {std::pair("in hand", &report.taken), std::pair("in the reject bin", &report.rejected)}) {
    if (!blanks->empty()) out += fmt::format("\n{}:\n", title);
    for (const auto& blank : *blanks)
      out += fmt::format("    {}{}{}\n", blank.number, blank.order_id.empty() ? "" : ", order " + blank.order_id,
                         blank.reason.empty() ? "" : ": " + blank.reason);
  }
  return reader::shown(out, '\n');
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
  json["rejected"] = json_of(report.rejected);
  json["destroyed"] = json_of(report.destroyed);
  if (discrepancies != nullptr) {
    json["discrepancies"] = Json::Value(Json::arrayValue);
    for (const auto& each : *discrepancies) {
      Json::Value one;
      one["code"] = each.code;
      one["subject"] = each.subject;
      one["words"] = std::string(words_for(each));
      json["discrepancies"].append(one);
    }
  }
  return crypto::json_lines(json);
}

std::string to_html(const StockReport& report, const std::vector<StockDiscrepancy>* discrepancies) {
  std::string out(kHead);
  out += fmt::format("<h1>Stock of blanks</h1>\n<p>{}, by station {}</p>\n", reader::to_iso(report.made),
                     escaped(report.station));
  out += sums_box(report.sums) + check_section(discrepancies);
  Table deliveries({"delivery", "product", "#received", "#issued", "#rejected", "#destroyed", "#remaining"});
  for (const auto& [name, product, sums] : report.deliveries)
    deliveries.row({name, product, number(sums.received), number(sums.issued), number(sums.rejected),
                    number(sums.destroyed), number(sums.remaining)});
  out += "<h2>Deliveries</h2>\n" + deliveries.end();
  Table shifts({"#shift", "station", "opened", "by", "closed", "#remaining before", "#after", "signatures"});
  Table operators({"shift", "operator", "#received", "#issued", "#rejected", "#destroyed"});
  for (const auto& each : report.shifts) {
    const auto& shift = each.shift;
    const bool open = is_open(shift);
    shifts.row({number(shift.number), shift.station, reader::to_iso(shift.opened), shift.operator_name,
                open ? "" : reader::to_iso(shift.closed), number(shift.before.remaining),
                open ? "" : number(shift.after.remaining), signatures_of(each)},
               open                 ? ""
               : each.well_signed() ? "good"
                                    : "bad");
    add_hands(operators, number(shift.number), each.counts);
  }
  add_hands(operators, "none", report.outside_shifts);
  out += "<h2>Shifts</h2>\n" + shifts.end() + "<h2>Operators</h2>\n" + operators.end();
  out += blank_table("In hand", report.taken) + blank_table("In the reject bin", report.rejected) +
         blank_table("Destroyed", report.destroyed);
  return out + "</body></html>\n";
}

}  // namespace personalize
