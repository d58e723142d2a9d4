// SPDX-License-Identifier: Apache-2.0
#include <json/json.h>

#include <catch2/catch.hpp>
#include <sstream>

#include "batch_events.hpp"
#include "personalize/floor/event_log.hpp"

using namespace personalize;

namespace {

std::chrono::sys_seconds at() { return std::chrono::sys_days(std::chrono::year(2026) / 3 / 10); }

std::vector<Json::Value> lines_of(const std::string& text, std::string_view prefix = {}) {
  std::vector<Json::Value> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    REQUIRE(line.starts_with(prefix));
    Json::Value json;
    std::istringstream(line.substr(prefix.size())) >> json;
    out.push_back(json);
  }
  return out;
}

}  // namespace

TEST_CASE("each event of a batch is one line of JSON with its time, its station and its priority") {
  std::ostringstream out;
  EventLog log(out, LogForm::lines, "station-7", at);
  for (const auto& event : sample_events()) log.take(event);
  BatchResult result;
  result.issued = 1;
  result.complete = true;
  log.end(result);
  const auto lines = lines_of(out.str());
  REQUIRE(lines.size() == sample_events().size() + 1);
  for (const auto& line : lines) {
    CHECK(line["at"] == "2026-03-10T00:00:00Z");
    CHECK(line["station"] == "station-7");
    CHECK(line["priority"].isUInt());
  }
  CHECK(lines[2]["event"] == "card_torn");
  CHECK(lines[2]["reason"] == "link");
  CHECK(lines[6]["step"] == "STORE DATA ISD: 0045 CIN (10 octets);");
  CHECK(lines[8]["event"] == "card_issued");
  CHECK(lines[8]["card_number"] == "P00001701");
  CHECK(lines[9]["reason"] == "card_number_used");
  CHECK(lines[10]["faults"][0]["pointer"] == "/holder/inn");
  CHECK(lines[11]["blank_number"] == "B0000003");
  CHECK(lines[12]["link"] == "no_daemon");
  CHECK(lines[13]["reason"] == "hangs");
  CHECK(lines.back()["event"] == "batch_ended");
}

TEST_CASE("for the journal, the priority stands before the line") {
  std::ostringstream out;
  EventLog log(out, LogForm::journal, "", at);
  log.take(ReaderBack{"ACS"});
  REQUIRE(lines_of(out.str(), "<5>").size() == 1);
  out.str("");
  BatchResult result;
  result.open_orders = {{"order-9", "0102"}};
  log.end(result);
  const auto lines = lines_of(out.str(), "<4>");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["open_orders"][0] == "order-9");
}

// What the chip, the feed or the operator said in words may hold anything: it stays out.
TEST_CASE("words that somebody typed do not reach the log") {
  std::ostringstream out;
  EventLog log(out, LogForm::lines, "", at);
  log.take(OrderRefused{"order-1", Refused{Refusal::voided_already, "SHARIPOV came himself"}});
  log.take(ReaderLost{"ACS", {FeedError::failed, "SHARIPOV", {}}});
  log.take(DocumentRefused{"SHARIPOV.json", {}});
  CHECK(lines_of(out.str()).size() == 3);
  CHECK(out.str().find("SHARIPOV") == std::string::npos);
}
