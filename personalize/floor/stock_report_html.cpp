// SPDX-License-Identifier: Apache-2.0
// The report of the stock as one page, for the screen and for paper.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "personalize/floor/stock_report_words.hpp"

namespace personalize {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --line: #8886; --faint: #8882; --good: #0a7d3b; --bad: #c22 }
@media (prefers-color-scheme: dark) { :root { --good: #4cc47f; --bad: #ff7a70 } }
@page { size: A4; margin: 15mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif } }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1.2rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem } p { margin: .3rem 0 }
.note { opacity: .75; font-size: .9em; max-width: 52rem }
table { border-collapse: collapse; width: 100% }
th, td { padding: .32rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { font-weight: 400 } thead th, tfoot th, tfoot td { font-weight: 600 }
thead th { border-bottom: 2px solid } tfoot th, tfoot td { border-top: 2px solid; border-bottom: 0 }
thead th.n { overflow-wrap: normal }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; width: 12% }
.group tr:first-child th { background: var(--faint); padding-top: .5rem; font-weight: 600 }
.state td:last-child { font: .85em ui-monospace, monospace }
.sums { display: flex; flex-wrap: wrap; gap: .7rem; margin: 1.2rem 0 .4rem; align-items: center; font-size: 1.15rem }
.sums div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem 1rem; text-align: right }
.sums b { display: block; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums }
.sums small { font-size: .85rem }
.good { color: var(--good); font-weight: 600 } .bad { color: var(--bad); font-weight: 600 }
.sign { display: grid; grid-template-columns: max-content 2fr 2fr 1fr; gap: 0 1.5rem; margin: 3rem 0 0; break-inside: avoid }
.sign b { font-weight: 400; border-bottom: 1px solid; height: 2.4rem } .sign span { align-self: end } .sign small { opacity: .75 }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 9.5pt } h2 { margin-top: 1.5rem; break-after: avoid }
  tr, .sums, .group { break-inside: avoid } thead { display: table-header-group }
  .group th { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
)";

std::string escaped(std::string_view text) {
  constexpr std::array<std::pair<char, std::string_view>, 5> kEntities{
      {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}}};
  std::string out;
  for (const char c : shown(text)) {
    const auto* const entity = std::ranges::find(kEntities, c, &std::pair<char, std::string_view>::first);
    entity == kEntities.end() ? out.append(1, c) : out.append(entity->second);
  }
  return out;
}

std::string heading(std::string_view text) { return fmt::format("<h2>{}</h2>\n", escaped(text)); }
std::string paragraph(std::string_view name, std::string_view text) {
  return fmt::format("<p class=\"{}\">{}</p>\n", name, escaped(text));
}

class Table {
public:
  using Cells = std::vector<std::string>;
  // The first column is what a row is about; those whose heading begins with '#' are numbers.
  explicit Table(const Cells& headings) {
    out_ = "<table><thead><tr>";
    for (const auto& heading : headings) {
      numbers_.push_back(heading.starts_with('#'));
      out_ += fmt::format("<th scope=\"col\"{}>{}</th>", kind(numbers_.size() - 1),
                          escaped(std::string_view(heading).substr(numbers_.back() ? 1 : 0)));
    }
    out_ += "</tr></thead>\n<tbody>\n";
  }
  void row(const Cells& cells) {
    out_ += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i)
      out_ += fmt::format("<{0}{1}>{2}</{3}>", i == 0 ? "th scope=\"row\"" : "td", kind(i), escaped(cells[i]),
                          i == 0 ? "th" : "td");
    out_ += "</tr>\n";
  }
  // What the rows below it belong to.
  void group(std::string_view title, bool good = true) {
    out_ += fmt::format("</tbody>\n<tbody class=\"group\"><tr{}><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n",
                        good ? "" : " class=\"bad\"", numbers_.size(), escaped(title));
  }
  void total(const Cells& cells) {
    out_ += "</tbody>\n<tfoot>";
    row(cells);
    foot_ = true;
  }
  [[nodiscard]] std::string end() const { return out_ + (foot_ ? "</tfoot></table>\n" : "</tbody></table>\n"); }

private:
  [[nodiscard]] std::string_view kind(std::size_t column) const { return numbers_.at(column) ? " class=\"n\"" : ""; }

  std::string out_;
  std::vector<bool> numbers_;
  bool foot_ = false;
};

Table::Cells cells_of(std::string label, const StockSums& sums) {
  return {std::move(label),
          std::to_string(sums.received),
          std::to_string(sums.issued),
          std::to_string(sums.rejected),
          std::to_string(sums.destroyed),
          std::to_string(sums.remaining)};
}

class Page {
public:
  Page(const StockReport& report, const StockReportWords& words) : report_(report), words_(words) {}

  std::string write(const std::vector<StockDiscrepancy>* discrepancies, reader::Language language) {
    out_ = fmt::format(
        "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"{0}\" xml:lang=\"{0}\"><head>"
        "<meta charset=\"utf-8\"/>\n<title>{1}</title>\n<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"/>\n<style>{2}</style></head>\n<body>\n",
        words_.tag, escaped(words_.title), kStyle);
    out_ += fmt::format("<h1>{}</h1>\n", escaped(words_.title)) +
            paragraph("note", fmt::format(fmt::runtime(words_.made), readable(report_.made), report_.station));
    add_sums();
    if (discrepancies != nullptr) add_check(*discrepancies, language);
    add_deliveries();
    add_shifts();
    add_blanks(words_.in_hand, report_.taken);
    add_blanks(words_.reject_bin, report_.rejected);
    add_blanks(words_.destroyed_blanks, report_.destroyed);
    add_state();
    add_signatures();
    return out_ + "</body></html>\n";
  }

private:
  void add_sums() {
    const auto& sums = report_.sums;
    const auto box = [](std::int64_t value, std::string_view label) {
      return fmt::format("<div><b>{}</b><small>{}</small></div>", value, escaped(label));
    };
    out_ += "<div class=\"sums\">" + box(sums.received, words_.received) + "=" + box(sums.issued, words_.issued) + "+" +
            box(sums.rejected, words_.rejected) + "+" + box(sums.destroyed, words_.destroyed) + "+" +
            box(sums.remaining, words_.remaining) + "</div>\n";
    const auto total = sums.issued + sums.rejected + sums.destroyed + sums.remaining;
    const bool holds = total == sums.received;
    out_ += paragraph(holds ? "good" : "bad",
                      fmt::format("{} + {} + {} + {} = {}: {}", sums.issued, sums.rejected, sums.destroyed,
                                  sums.remaining, total, holds ? words_.sum_holds : words_.sum_fails));
  }

  void add_check(const std::vector<StockDiscrepancy>& discrepancies, reader::Language language) {
    out_ += heading(words_.check);
    if (discrepancies.empty()) {
      out_ += paragraph("good", words_.check_fits);
      return;
    }
    Table table(headings({words_.subject, words_.code, words_.meaning}));
    for (const auto& each : discrepancies) table.row({each.subject, each.code, std::string(words_for(each, language))});
    out_ += paragraph("bad", fmt::format(fmt::runtime(words_.check_fails), discrepancies.size())) + table.end();
  }

  void add_deliveries() {
    Table table(headings({words_.delivery, words_.product}, true));
    for (const auto& [name, product, sums] : report_.deliveries) {
      auto cells = cells_of(name, sums);
      cells.insert(cells.begin() + 1, product);
      table.row(cells);
    }
    auto total = cells_of(std::string(words_.total), report_.sums);
    total.insert(total.begin() + 1, "");
    table.total(total);
    out_ += heading(words_.deliveries) + table.end();
  }

  void add_shifts() {
    out_ += heading(words_.shifts);
    if (report_.shifts.empty() && report_.outside_shifts.empty()) {
      out_ += paragraph("note", words_.no_shifts);
      return;
    }
    Table table(headings({""}, true));
    for (const auto& each : report_.shifts) {
      const bool open = each.shift.closed == std::chrono::sys_seconds{};
      table.group(words_for(each, words_), open || each.well_signed());
      table.row(cells_of(std::string(words_.at_opening), each.shift.before));
      if (!open) table.row(cells_of(std::string(words_.at_closing), each.shift.after));
      add_hands(table, each.counts);
    }
    if (!report_.outside_shifts.empty()) table.group(words_.outside_shifts);
    add_hands(table, report_.outside_shifts);
    out_ += paragraph("note", words_.shifts_note) + table.end();
  }

  void add_hands(Table& table, const std::vector<MovementCount>& counts) const {
    for (const auto& [name, hand] : hands_of(counts)) {
      auto cells = cells_of(fmt::format(fmt::runtime(words_.moved_by), name.empty() ? words_.nobody : name),
                            {hand.received, hand.issued, hand.rejected, hand.destroyed, 0});
      cells.back().clear();
      table.row(cells);
    }
  }

  void add_blanks(std::string_view title, const std::vector<Blank>& blanks) {
    if (blanks.empty()) return;
    Table table(headings({words_.blank, words_.product, words_.delivery, words_.order, words_.reason}));
    for (const auto& blank : blanks)
      table.row(
          {blank.number, blank.product, blank.delivery, blank.order_id,
           report_.alive.contains(blank.number) ? fmt::format("{}; {}", blank.reason, words_.alive) : blank.reason});
    out_ += heading(fmt::format("{} ({})", title, blanks.size())) + table.end();
  }

  void add_state() {
    Table table(headings({words_.station, words_.line, words_.hash}));
    for (const auto& [station, head] : report_.chains)
      table.row({station, std::to_string(head.number), crypto::to_hex(head.hash)});
    out_ += heading(words_.state) + paragraph("note", words_.state_note) + "<div class=\"state\">" + table.end() +
            "</div>\n";
  }

  // For pens.
  void add_signatures() {
    out_ += "<div class=\"sign\">\n";
    for (const auto who : {words_.compiled_by, words_.checked_by})
      out_ += fmt::format(
          "<span>{}</span><b></b><b></b><b></b>\n<small></small><small>{}</small><small>{}</small><small>{}"
          "</small>\n",
          escaped(who), escaped(words_.name), escaped(words_.signature), escaped(words_.date));
    out_ += "</div>\n";
  }

  [[nodiscard]] Table::Cells headings(std::initializer_list<std::string_view> names, bool and_sums = false) const {
    Table::Cells out(names.begin(), names.end());
    if (and_sums)
      for (const auto& [sign, name] :
           {std::pair("", words_.received), std::pair("= ", words_.issued), std::pair("+ ", words_.rejected),
            std::pair("+ ", words_.destroyed), std::pair("+ ", words_.remaining)})
        out.push_back(fmt::format("#{}{}", sign, name));
    return out;
  }

  const StockReport& report_;
  const StockReportWords& words_;
  std::string out_;
};

}  // namespace

std::string to_html(const StockReport& report, const std::vector<StockDiscrepancy>* discrepancies,
                    reader::Language language) {
  return Page(report, stock_report_words(language)).write(discrepancies, language);
}

}  // namespace personalize
