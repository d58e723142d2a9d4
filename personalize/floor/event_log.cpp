// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/event_log.hpp"

#include <json/json.h>

#include <ostream>

#include "crypto/json_text.hpp"
#include "personalize/issue/words.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/inspect/names.hpp"

namespace personalize {
namespace {

// Of syslog.
enum class Priority : std::uint8_t { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

struct Line {
  Priority priority = Priority::info;
  Json::Value json{Json::objectValue};
};

Line line(Priority priority, const char* event) {
  Line out{priority, {}};
  out.json["event"] = event;
  return out;
}

constexpr std::array<const char*, 4> kPhases{"identifying", "signing", "writing", "reading_back"};
constexpr std::array<const char*, 6> kFeedErrors{"empty", "interrupted", "link", "hangs", "lies", "failed"};

void put(Line& line, const IssuanceFailure& failure) {
  line.json["reason"] = std::string(code_of(failure));
  if (const auto* run = std::get_if<RunFailure>(&failure)) {
    line.json["step"] = run->step;
    if (run->link) line.json["link"] = std::string(reader::name_of(*run->link));
    if (run->status) line.json["status"] = value(*run->status);
  }
}

struct Lines {
  Line operator()(const CardBegun& event) const {
    auto out = line(Priority::info, "card_begun");
    out.json["reader"] = event.reader;
    out.json["order_id"] = event.order_id;
    return out;
  }
  Line operator()(const CardStep& event) const {
    auto out = line(Priority::debug, "card_step");
    out.json["reader"] = event.reader;
    out.json["order_id"] = event.order_id;
    out.json["phase"] = kPhases.at(static_cast<std::size_t>(event.progress.phase));
    if (event.progress.phase == Phase::writing) out.json["step"] = event.progress.run.step;
    return out;
  }
  Line operator()(const CardIssued& event) const {
    const auto& receipt = event.receipt;
    auto out = line(Priority::info, "card_issued");
    out.json["reader"] = event.reader;
    out.json["order_id"] = receipt.order_id;
    out.json["card_number"] = receipt.card_number;
    out.json["chip_serial"] = receipt.chip_serial;
    out.json["verdict"] = receipt.verdict;
    out.json["apdus"] = receipt.apdus;
    out.json["elapsed_ms"] = Json::Int64{receipt.elapsed.count()};
    return out;
  }
  Line operator()(const OrderRefused& event) const {
    auto out = line(Priority::warning, "order_refused");
    out.json["order_id"] = event.order_id;
    put(out, event.failure);
    return out;
  }
  // Without the file's name, which somebody chose: the batch's own output has it.
  Line operator()(const DocumentRefused& event) const {
    auto out = line(Priority::warning, "document_refused");
    out.json["faults"] = Json::Value(Json::arrayValue);
    for (const auto& finding : event.findings) {
      Json::Value fault(Json::objectValue);
      fault["rule"] = finding.rule;
      fault["pointer"] = finding.pointer;
      out.json["faults"].append(std::move(fault));
    }
    return out;
  }
  Line operator()(const CardRejected& event) const {
    auto out = line(Priority::warning, "card_rejected");
    out.json["reader"] = event.reader;
    if (!event.order_id.empty()) out.json["order_id"] = event.order_id;
    out.json["blank_number"] = event.blank_number;
    out.json["reason"] = event.reason;
    if (event.alive) out.json["chip_alive"] = true;
    return out;
  }
  Line operator()(const CardTorn& event) const {
    auto out = line(Priority::warning, "card_torn");
    out.json["reader"] = event.reader;
    out.json["order_id"] = event.order_id;
    put(out, event.failure);
    return out;
  }
  Line operator()(const ReaderLost& event) const {
    auto out = line(Priority::error, "reader_lost");
    out.json["reader"] = event.reader;
    out.json["reason"] = kFeedErrors.at(static_cast<std::size_t>(event.failure.error));
    if (event.failure.link) out.json["link"] = std::string(reader::name_of(*event.failure.link));
    return out;
  }
  Line operator()(const ReaderBack& event) const {
    auto out = line(Priority::notice, "reader_back");
    out.json["reader"] = event.reader;
    return out;
  }
};

void write(std::ostream& out, LogForm form, const std::string& station, std::chrono::sys_seconds at, Line line) {
  line.json["at"] = reader::to_iso(at);
  if (!station.empty()) line.json["station"] = station;
  line.json["priority"] = static_cast<unsigned>(line.priority);
  if (form == LogForm::journal) out << '<' << static_cast<unsigned>(line.priority) << '>';
  out << crypto::json_line(line.json) << std::endl;
}

}  // namespace

void EventLog::take(const BatchEvent& event) { write(out_, form_, station_, clock_(), std::visit(Lines{}, event)); }

void EventLog::end(const BatchResult& result) {
  auto out = line(result.station_failure                          ? Priority::error
                  : result.complete && result.open_orders.empty() ? Priority::notice
                                                                  : Priority::warning,
                  "batch_ended");
  if (result.station_failure) put(out, *result.station_failure);
  out.json["issued"] = Json::Int64{result.issued};
  out.json["refused"] = Json::Int64{result.refused};
  out.json["rejected"] = Json::Int64{result.rejected};
  out.json["interrupted"] = result.interrupted;
  out.json["complete"] = result.complete;
  out.json["open_orders"] = Json::Value(Json::arrayValue);
  for (const auto& [order, chip] : result.open_orders) out.json["open_orders"].append(order);
  write(out_, form_, station_, clock_(), std::move(out));
}

}  // namespace personalize
