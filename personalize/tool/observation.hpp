// SPDX-License-Identifier: Apache-2.0
// Owns what watches a batch from outside: metrics, log, and the service manager.
#pragma once

#include <chrono>
#include <fstream>
#include <optional>

#include "personalize/floor/event_log.hpp"
#include "personalize/floor/metrics.hpp"
#include "personalize/tool/command.hpp"

namespace personalize::tool {

options::options_description observation_options();  // --metrics, --log

// Used by one thread at a time. A file that cannot be written any more is told of once, and stops no card.
class Observation {
public:
  // Throws Stop when a file cannot be written from the start. `station` stands in each line of the log.
  Observation(const Arguments& arguments, const std::string& station);
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;
  ~Observation();

  void take(const BatchEvent& event);
  void end(const BatchResult& result);

private:
  void write();

  std::string metrics_file_;
  BatchMetrics metrics_;
  std::ofstream log_file_;
  std::optional<EventLog> log_;
  std::chrono::steady_clock::time_point written_{};
  std::int64_t issued_ = 0, rejected_ = 0;
  bool complained_ = false;
};

}  // namespace personalize::tool
