// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/observation.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "personalize/floor/service_manager.hpp"

namespace personalize::tool {
namespace {

// A collector looks every fifteen seconds or so; each writing is a sync.
constexpr std::chrono::seconds kInterval{5};

}  // namespace

options::options_description observation_options() {
  options::options_description description;
  description.add_options()("metrics", options::value<std::string>()->value_name("FILE"),
                            "keep counts and times there in Prometheus' text form, for node_exporter's textfile "
                            "collector: the name ends in .prom")(
      "log", options::value<std::string>()->value_name("FILE"),
      "add a JSON line for each event to FILE; -: to stderr, as systemd's journal reads it. No personal data");
  return description;
}

Observation::Observation(const Arguments& arguments, const std::string& station)
    : metrics_file_(arguments.text("metrics")) {
  if (!metrics_file_.empty() && !write_metrics(metrics_file_, metrics_.text()))
    throw Stop(Exit::cannot_create, "--metrics: " + metrics_file_ + " cannot be written");
  if (const auto log = arguments.text("log"); log == "-") {
    log_.emplace(std::cerr, LogForm::journal, station, now);
  } else if (!log.empty()) {
    log_file_.open(log, std::ios::app);
    if (!log_file_) throw Stop(Exit::cannot_create, "--log: " + log + " cannot be written");
    log_.emplace(log_file_, LogForm::lines, station, now);
  }
  tell_service_manager("READY=1");
}

Observation::~Observation() { tell_service_manager("STOPPING=1"); }

void Observation::take(const BatchEvent& event) {
  if (std::holds_alternative<CardIssued>(event)) ++issued_;
  if (std::holds_alternative<CardRejected>(event)) ++rejected_;
  metrics_.take(event);
  if (log_) log_->take(event);
  if (std::chrono::steady_clock::now() - written_ > kInterval) write();
}

void Observation::end(const BatchResult& result) {
  if (log_) log_->end(result);
  write();
}

void Observation::write() {
  written_ = std::chrono::steady_clock::now();
  tell_service_manager(fmt::format("STATUS={} issued, {} rejected", issued_, rejected_));
  const bool kept = metrics_file_.empty() || write_metrics(metrics_file_, metrics_.text());
  if ((kept && (!log_file_.is_open() || log_file_)) || complained_) return;
  complained_ = true;
  std::cerr << "patent-personalize: the log or the metrics cannot be written any more; the cards go on. Look at the "
               "free space\n";
}

}  // namespace personalize::tool
