// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/batch_screen.hpp"

#include <fmt/format.h>
#include <json/json.h>
#include <unistd.h>

#include <iostream>

#include "personalize/floor/feeds.hpp"
#include "personalize/issue/words.hpp"
#include "personalize/order/order_rules.hpp"

namespace personalize::tool {
namespace {

constexpr std::chrono::milliseconds kBetweenBlocks{200};
constexpr std::size_t kNamed = 20;  // of a long list: the ledger has all

void name_all(std::string_view what, const std::map<std::string, std::string>& entries, std::string_view advice,
              std::string_view and_more) {
  if (entries.empty()) return;
  put_line(std::cout, fmt::format("{}: {}; {}", what, entries.size(), advice));
  std::size_t left = kNamed;
  for (const auto& [name, why] : entries) {
    if (left-- == 0) {
      put_line(std::cout, filled(and_more, entries.size() - kNamed));
      break;
    }
    put_line(std::cout, fmt::format("  {}{}{}", name, why.empty() ? "" : ": ", why));
  }
}

}  // namespace

BatchScreen::BatchScreen(const Arguments& arguments, const std::string& station, PartDone part_done)
    : quiet_(arguments.given("quiet")),
      json_(arguments.given("json")),
      russian_(in_russian(arguments)),
      terminal_(!quiet_ && !json_ && ::isatty(STDERR_FILENO) == 1),
      part_done_(std::move(part_done)),
      progress_(batch_words(russian_)) {
  if (json_) log_.emplace(std::cout, LogForm::lines, station, now);
}

void BatchScreen::take(const BatchEvent& event) {
  const std::lock_guard lock(mutex_);
  progress_.take(event);
  if (const auto* refused = std::get_if<OrderRefused>(&event)) held_[refused->order_id] = code_of(refused->failure);
  if (const auto* rejected = std::get_if<CardRejected>(&event))
    rejected_[rejected->order_id.empty() ? filled(progress_.words().blank, rejected->blank_number)
                                         : filled(progress_.words().order, rejected->order_id)] = rejected->reason;
  if (const auto* lost = std::get_if<ReaderLost>(&event)) lost_.insert(lost->reader);
  if (const auto* back = std::get_if<ReaderBack>(&event)) lost_.erase(back->reader);
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
    const BatchWords& words = s.progress_.words();
    void operator()(const CardBegun&) const {}
    void operator()(const CardStep&) const {}
    void operator()(const CardIssued& e) const {
      if (!s.quiet_)
        s.line(std::cout, filled(words.issued, e.receipt.order_id, e.reader, e.receipt.card_number,
                                 e.receipt.chip_serial, e.receipt.verdict, e.receipt.apdus, e.receipt.elapsed.count()));
    }
    void operator()(const OrderRefused& e) const {
      s.line(std::cerr, filled(words.order_refused, e.order_id, words_for(e.failure)));
    }
    void operator()(const DocumentRefused& e) const {
      if (e.findings.empty()) s.line(std::cerr, filled(words.unreadable, e.where));
      for (const auto& finding : e.findings) {
        if (finding.severity == Severity::warning) continue;
        const auto& text = text_of(static_cast<OrderRule>(finding.rule));
        s.line(std::cerr, fmt::format("{}: {}: {} [{}]", e.where, finding.pointer.empty() ? "/" : finding.pointer,
                                      s.russian_ ? text.ru : text.en, text.name));
      }
    }
    void operator()(const CardRejected& e) const {
      auto sentence = filled(words.into_bin, e.reader, e.reason);
      if (!e.blank_number.empty()) sentence += filled(words.of_blank, e.blank_number);
      if (!e.order_id.empty()) sentence += filled(words.voids, e.order_id);
      if (e.alive) sentence += words.alive;
      s.line(std::cerr, sentence);
    }
    void operator()(const CardTorn& e) const { s.line(std::cerr, filled(words.torn, e.reader, words_for(e.failure))); }
    void operator()(const ReaderLost& e) const {
      s.line(std::cerr, filled(words.reader_lost, e.reader, personalize::words_for(e.failure)));
    }
    void operator()(const ReaderBack& e) const { s.line(std::cerr, filled(words.reader_back, e.reader)); }
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
  put_line(out, text);
  out << std::flush;
}

// Moves up over the block and clears what is below (ECMA-48: CUU, ED).
void BatchScreen::clear_block() {
  if (drawn_ != 0) std::cerr << fmt::format("\x1b[{}A\x1b[J", drawn_) << std::flush;
  drawn_ = 0;
}

void BatchScreen::draw_block() {
  clear_block();
  for (const auto& text : status_block(progress_, part_done_())) {
    put_line(std::cerr, text.substr(0, 512));
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
    for (const auto& text : status_block(progress_, {})) put_line(std::cerr, text);
  summarize(result);
}

void BatchScreen::summarize(const BatchResult& result) {
  const auto& words = progress_.words();
  put_line(std::cout, filled(words.summary, result.issued, result.issued_before, result.refused, result.rejected));
  name_all(words.refused, held_, words.mend, words.and_more);
  name_all(words.spoilt, rejected_, words.new_order, words.and_more);
  name_all(words.open, result.open_orders, words.bring, words.and_more);
  if (result.station_failure)
    put_line(std::cout, filled(words.stopped, words_for(*result.station_failure)));
  else if (result.interrupted)
    put_line(std::cout, words.interrupted);
  else if (!result.complete)
    put_line(std::cout, lost_.empty() && result.open_orders.empty() ? words.no_blank : words.incomplete);
  std::cout << std::flush;
}

}  // namespace personalize::tool
