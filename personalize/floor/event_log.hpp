// SPDX-License-Identifier: Apache-2.0
// Owns the log of a batch: a JSON line for each event. Stable codes, numbers of orders, cards and chips; never a name
// of a holder, nor words that somebody typed.
#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <string>

#include "personalize/floor/batch.hpp"

namespace personalize {

enum class LogForm : std::uint8_t {
  lines,    // for a file
  journal,  // "<6>" before each: the priority, as systemd's journal reads it (sd-daemon(3))
};

class EventLog {
public:
  using Clock = std::function<std::chrono::sys_seconds()>;
  // `out` outlives it.
  EventLog(std::ostream& out, LogForm form, std::string station, Clock clock)
      : out_(out), form_(form), station_(std::move(station)), clock_(std::move(clock)) {}

  void take(const BatchEvent& event);
  void end(const BatchResult& result);

private:
  std::ostream& out_;
  LogForm form_;
  std::string station_;
  Clock clock_;
};

}  // namespace personalize
