// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "batch_events.hpp"
#include "personalize/floor/metrics.hpp"

using namespace personalize;
using namespace std::chrono_literals;

namespace {

// Of the text exposition format 0.0.4: every line is a head's or a sample's, a sample belongs to the head before it, no
// family comes twice, no sample comes twice; buckets grow up to +Inf, which is the count.
struct Parsed {
  std::map<std::string, double> samples;
  std::map<std::string, std::string> types;
};
Parsed parse_strictly(const std::string& text) {
  static const std::regex help("# HELP ([a-z_]+) .+"), type("# TYPE ([a-z_]+) (counter|gauge|histogram)"),
      sample(R"re(([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? ([0-9.e+-]+))re");
  Parsed out;
  std::string family;
  std::istringstream lines(text);
  REQUIRE(text.ends_with('\n'));
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    INFO(line);
    if (std::regex_match(line, match, help)) {
      family = match[1];
      REQUIRE(out.types.count(family) == 0);
      REQUIRE(std::getline(lines, line));
      REQUIRE(std::regex_match(line, match, type));
      REQUIRE(match[1] == family);
      out.types[family] = match[2];
      continue;
    }
    REQUIRE(std::regex_match(line, match, sample));
    const std::string name = match[1];
    if (out.types[family] == "histogram")
      REQUIRE((name == family + "_bucket" || name == family + "_sum" || name == family + "_count"));
    else
      REQUIRE(name == family);
    REQUIRE(out.samples.emplace(name + match[2].str(), std::stod(match[3])).second);
  }
  return out;
}

}  // namespace

TEST_CASE("a batch's metrics are Prometheus' text, and count what happened") {
  std::chrono::steady_clock::time_point now{};
  BatchMetrics metrics([&now] { return now; });
  for (const auto& event : sample_events()) {
    metrics.take(event);
    now += 200ms;
  }
  auto got = parse_strictly(metrics.text());
  CHECK(got.samples["patent_batch_cards_issued_total"] == 1);
  CHECK(got.samples["patent_batch_orders_voided_total"] == 1);
  CHECK(got.samples["patent_batch_orders_refused_total{reason=\"card_number_used\"}"] == 1);
  CHECK(got.samples["patent_batch_cards_rejected_total{reason=\"chip_dead\"}"] == 1);
  CHECK(got.samples["patent_batch_cards_torn_total{reason=\"link\"}"] == 1);
  CHECK(got.samples["patent_batch_apdu_faults_total{reader=\"ACS \\\"A\\\" 00 00\"}"] == 1);
  CHECK(got.samples["patent_batch_reader_up{reader=\"ACS \\\"A\\\" 00 00\"}"] == 1);
  CHECK(got.samples["patent_batch_reader_up{reader=\"Other 01 00\"}"] == 0);
  CHECK(got.samples["patent_batch_reader_lost_total{reader=\"Other 01 00\"}"] == 1);
  CHECK(got.samples["patent_batch_apdus_total"] == 45);
  CHECK(got.samples["patent_batch_documents_refused_total"] == 1);

  // A step lasts until the next one, or until the card is issued; of a torn card's last step nobody knows how long.
  CHECK(got.samples["patent_batch_step_seconds_count{step=\"identify\"}"] == 1);
  CHECK(got.samples["patent_batch_step_seconds_bucket{step=\"STORE DATA ISD\",le=\"0.1\"}"] == 0);
  CHECK(got.samples["patent_batch_step_seconds_bucket{step=\"STORE DATA ISD\",le=\"0.25\"}"] == 1);
  CHECK(got.samples["patent_batch_step_seconds_bucket{step=\"STORE DATA ISD\",le=\"+Inf\"}"] == 1);
  CHECK(got.samples["patent_batch_card_seconds_sum"] == Approx(0.341));
}

TEST_CASE("buckets count all that is not longer, and +Inf everything") {
  Histogram histogram;
  for (const double seconds : {0.001, 0.005, 0.3, 400.0}) histogram.observe(seconds);
  MetricsText out;
  out.family("patent_x_seconds", MetricsText::Type::histogram, "x");
  out.sample(histogram);
  auto got = parse_strictly(out.text());
  CHECK(got.samples["patent_x_seconds_bucket{le=\"0.005\"}"] == 2);
  CHECK(got.samples["patent_x_seconds_bucket{le=\"0.25\"}"] == 2);
  CHECK(got.samples["patent_x_seconds_bucket{le=\"0.5\"}"] == 3);
  CHECK(got.samples["patent_x_seconds_bucket{le=\"30\"}"] == 3);
  CHECK(got.samples["patent_x_seconds_bucket{le=\"+Inf\"}"] == 4);
  CHECK(got.samples["patent_x_seconds_count"] == 4);
}

TEST_CASE("a reader's name can break no line of the metrics") {
  MetricsText out;
  out.family("patent_x", MetricsText::Type::gauge, "x");
  out.sample(1, {"reader", "a\"} 7\n# TYPE evil \\ \x1b[2J"});
  CHECK(parse_strictly(out.text()).samples.size() == 1);
}

TEST_CASE("a metrics file is replaced whole, and others may read it") {
  const auto file = std::filesystem::temp_directory_path() / ("patent-" + std::to_string(::getpid()) + ".prom");
  REQUIRE(write_metrics(file, "a 1\n"));
  REQUIRE(write_metrics(file, "b 2\n"));
  std::stringstream content;
  content << std::ifstream(file).rdbuf();
  CHECK(content.str() == "b 2\n");
  CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::others_read) !=
        std::filesystem::perms::none);
  std::filesystem::remove(file);
  CHECK_FALSE(write_metrics("/no such folder/x.prom", "a 1\n"));
}

TEST_CASE("a reader called anything is one label of one line") {
  BatchMetrics metrics([] { return std::chrono::steady_clock::time_point{}; });
  metrics.take(BatchEvent(ReaderBack{"A\\\"}\n\x1B[2J \xE2\x80\xAEgpj\xC2\x9B 00"}));
  auto got = parse_strictly(metrics.text());
  CHECK(got.samples["patent_batch_reader_up{reader=\"A\\\\\\\"}  [2J  gpj  00\"}"] == 1);
}
