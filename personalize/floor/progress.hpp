// SPDX-License-Identifier: Apache-2.0
// Owns what people want to know of a running batch: how many cards, how fast, what takes how long, what went wrong, and
// when it will be over.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "personalize/floor/batch.hpp"
#include "personalize/floor/batch_words.hpp"

namespace personalize {

struct StepTime {
  std::string step;
  std::chrono::milliseconds median{}, p95{};
};

class BatchProgress {
public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  explicit BatchProgress(const BatchWords& words = batch_words(false), Clock clock = std::chrono::steady_clock::now)
      : words_(words), clock_(std::move(clock)), begun_(clock_()) {}

  void take(const BatchEvent& event);

  [[nodiscard]] std::int64_t issued() const { return issued_; }
  [[nodiscard]] std::int64_t faults() const { return faults_; }
  // Of the last quarter of an hour; nothing before the first card.
  [[nodiscard]] std::optional<double> cards_an_hour() const;
  // From what part of the work is behind us.
  [[nodiscard]] std::optional<std::chrono::seconds> time_left(std::optional<double> part_done) const;
  // Of the last cards, in the order of a card's life.
  [[nodiscard]] std::vector<StepTime> step_times() const;
  [[nodiscard]] const BatchWords& words() const { return words_; }
  // What each reader does now.
  [[nodiscard]] const std::map<std::string, std::string>& readers() const { return readers_; }

private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Running {
    std::string step;
    Instant since;
  };
  struct Times {
    std::size_t place = 0;  // among the steps
    std::vector<std::chrono::milliseconds> last;
    std::size_t next = 0;
  };
  void begin_step(const std::string& reader, const std::string& step);
  void end_step(const std::string& reader);
  void say(const std::string& reader, std::string what);

  const BatchWords& words_;
  Clock clock_;
  Instant begun_;
  std::int64_t issued_ = 0, faults_ = 0;
  std::vector<Instant> finished_;  // lately, the oldest first
  std::map<std::string, Running> running_;
  std::map<std::string, Times> times_;
  std::map<std::string, std::string> readers_;
};

// A few lines for a terminal.
std::vector<std::string> status_block(const BatchProgress& progress, std::optional<double> part_done);

}  // namespace personalize
