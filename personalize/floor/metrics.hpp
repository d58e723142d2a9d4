// SPDX-License-Identifier: Apache-2.0
// Owns what a batch is measured by: counts and times of its events, as metrics (docs/operations.md lists them).
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "personalize/floor/batch.hpp"
#include "personalize/floor/metrics_text.hpp"

namespace personalize {

// Of one run. Used by one thread at a time.
class BatchMetrics {
public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  explicit BatchMetrics(Clock clock = std::chrono::steady_clock::now) : clock_(std::move(clock)) {}

  void take(const BatchEvent& event);
  [[nodiscard]] std::string text() const;

private:
  void take(const CardBegun& event);
  void take(const CardStep& event);
  void take(const CardIssued& event);
  void take(const OrderRefused& event);
  void take(const DocumentRefused& event);
  void take(const CardRejected& event);
  void take(const CardTorn& event);
  void take(const ReaderLost& event);
  void take(const ReaderBack& event);
  void end_step(const std::string& reader);

  struct Running {
    std::string step;
    std::chrono::steady_clock::time_point since;
  };
  using Counts = std::map<std::string, std::uint64_t>;

  Clock clock_;
  std::map<std::string, Running> running_;  // by reader
  std::map<std::string, Histogram> steps_;
  Histogram cards_;
  std::uint64_t issued_ = 0, voided_ = 0, apdus_ = 0, octets_sent_ = 0, octets_received_ = 0, documents_ = 0;
  Counts refused_, rejected_, torn_, faults_, lost_;  // by reason, but faults_ and lost_ by reader
  Counts up_;
};

// Replaced whole, mode 0644, as node_exporter's textfile collector wants it: another user reads it. False when the file
// system refuses.
[[nodiscard]] bool write_metrics(const std::filesystem::path& file, std::string_view text);

}  // namespace personalize
