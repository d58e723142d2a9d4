// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/batch_screen.hpp"

#include <fmt/format.h>
#include <json/json.h>
#include <unistd.h>

#include <iostream>

#include "personalize/floor/feeds.hpp"
#include "personalize/issue/words.hpp"
#include "personalize/order/order_rules.hpp"
#include "reader/report/terminal_text.hpp"

namespace personalize::tool {
namespace {

constexpr std::chrono::milliseconds kBetweenBlocks{200};
constexpr std::size_t kNamed = 20;  // of a long list: the ledger has all

void name_all(const std::string& what, const std::map<std::string, std::string>& entries, std::string_view advice) {
  if (entries.empty()) return;
  std::cout << what << ": " << entries.size() << "; " << advice << '\n';
  std::size_t left = kNamed;
  for (const auto& [name, why] : entries) {
    if (left-- == 0) {
      std::cout << fmt::format("  and {} more: patent-personalize show\n", entries.size() - kNamed);
      break;
    }
    std::cout << fmt::format("  {}{}{}\n", name, why.empty() ? "" : ": ", why);
  }
}

}  // namespace

BatchScreen::BatchScreen(const Arguments& arguments, const std::string& station, PartDone part_done)
    : quiet_(arguments.given("quiet")),
      json_(arguments.given("json")),
      russian_(in_russian(arguments)),
      terminal_(!quiet_ && !json_ && ::isatty(STDERR_FILENO) == 1),
      part_done_(std::move(part_done)) {
  if (json_) log_.emplace(std::cout, LogForm::lines, station, now);
}

void BatchScreen::take(const BatchEvent& event) {
  const std::lock_guard lock(mutex_);
  progress_.take(event);
  if (const auto* refused = std::get_if<OrderRefused>(&event)) held_[refused->order_id] = code_of(refused->failure);
  if (const auto* rejected = std::get_if<CardRejected>(&event))
    rejected_[rejected->order_id.empty() ? "blank " + rejected->blank_number : "order " + rejected->order_id] =
        rejected->reason;
  const auto* document = std::get_if<DocumentRefused>(&event);
  if (json_ && document != nullptr) return print_json(*document);
  if (json_) return log_->take(event);
  print(event);
  if (terminal_ && std::chrono::steady_clock::now() - drawn_at_ > kBetweenBlocks) draw_block();
}

void BatchScreen::say(const std::string& sentence) {
  const std::lock_guard lock(mutex_);
  line(std::cerr, sentence);
}

void BatchScreen::print(const BatchEvent& event) {
  struct Printer {
    BatchScreen& s;
    void operator()(const CardBegun&) const {}
    void operator()(const CardStep&) const {}
    void operator()(const CardIssued& e) const {
      if (!s.quiet_)
        s.line(std::cout, fmt::format("{} issued in {}: card {}, chip {}, {} ({} APDUs, {} ms)", e.receipt.order_id,
                                      e.reader, e.receipt.card_number, e.receipt.chip_serial, e.receipt.verdict,
                                      e.receipt.apdus, e.receipt.elapsed.count()));
    }
    void operator()(const OrderRefused& e) const {
      s.line(std::cerr, fmt::format("order {}: {}", e.order_id, words_for(e.failure)));
    }
    void operator()(const DocumentRefused& e) const {
      const auto where = reader::shown(e.where, ' ');
      if (e.findings.empty()) s.line(std::cerr, where + ": cannot be read, or is empty");
      for (const auto& finding : e.findings) {
        if (finding.severity == Severity::warning) continue;
        const auto& text = text_of(static_cast<OrderRule>(finding.rule));
        s.line(std::cerr, fmt::format("{}: {}: {} [{}]", where,
                                      finding.pointer.empty() ? "/" : reader::shown(finding.pointer, ' '),
                                      s.russian_ ? text.ru : text.en, text.name));
      }
    }
    void operator()(const CardRejected& e) const {
      s.line(std::cerr, fmt::format("{}: the card goes into the reject bin: {}{}{}", e.reader, e.reason,
                                    e.blank_number.empty() ? "" : ", blank " + e.blank_number,
                                    e.order_id.empty() ? "" : ", order " + e.order_id + " is voided"));
    }
    void operator()(const CardTorn& e) const {
      s.line(std::cerr, fmt::format("{}: {}; tried again on the same chip", e.reader, words_for(e.failure)));
    }
    void operator()(const ReaderLost& e) const {
      s.line(std::cerr, fmt::format("{}: {}", e.reader, personalize::words_for(e.failure)));
    }
    void operator()(const ReaderBack& e) const { s.line(std::cerr, e.reader + ": is back"); }
  };
  std::visit(Printer{*this}, event);
}

void BatchScreen::print_json(const DocumentRefused& event) const {
  Json::Value json(Json::objectValue);
  json["event"] = "document_refused";
  json["where"] = event.where;
  json["findings"] = Json::Value(Json::arrayValue);
  for (const auto& finding : event.findings) json["findings"].append(to_json(finding, russian_));
  print_line(json);
}

void BatchScreen::line(std::ostream& out, const std::string& text) {
  clear_block();
  out << text << std::endl;
}

// Moves up over the block and clears what is below (ECMA-48: CUU, ED).
void BatchScreen::clear_block() {
  if (drawn_ != 0) std::cerr << fmt::format("\x1b[{}A\x1b[J", drawn_) << std::flush;
  drawn_ = 0;
}

void BatchScreen::draw_block() {
  clear_block();
  for (const auto& text : status_block(progress_, part_done_())) {
    std::cerr << reader::shown(text, ' ').substr(0, 512) << '\n';
    ++drawn_;
  }
  std::cerr << std::flush;
  drawn_at_ = std::chrono::steady_clock::now();
}

void BatchScreen::end(const BatchResult& result) {
  const std::lock_guard lock(mutex_);
  if (json_) return log_->end(result);
  clear_block();
  if (!quiet_)
    for (const auto& text : status_block(progress_, {})) std::cerr << reader::shown(text, ' ') << '\n';
  summarize(result);
}

void BatchScreen::summarize(const BatchResult& result) {
  std::cout << fmt::format("{} issued, {} issued before, {} refused, {} cards rejected\n", result.issued,
                           result.issued_before, result.refused, result.rejected);
  name_all("orders refused", held_,
           "mend what is said of them; held ones are released by patent-personalize void or show");
  name_all("rejected", rejected_, "a voided order needs a new order with a new card number");
  std::map<std::string, std::string> open;
  for (const auto& [order, chip] : result.open_orders) open[order] = chip;
  name_all("open on a chip", open,
           "give the same command with those cards, or patent-personalize void ORDER_ID when a chip is dead");
  if (result.station_failure)
    std::cout << "stopped: " << words_for(*result.station_failure)
              << "; when that is mended, the same command goes on\n";
  else if (result.interrupted)
    std::cout << "interrupted: the same command goes on\n";
  else if (!result.complete)
    std::cout << "not all orders have a card: no reader is left, or no blank; the same command goes on\n";
  std::cout << std::flush;
}

}  // namespace personalize::tool
