// SPDX-License-Identifier: Apache-2.0
// Owns what a batch shows: lines for what happened, below them on a terminal a block with how it stands, and at the end
// what came of it and what is to be done.
#pragma once

#include <map>
#include <set>

#include "personalize/floor/event_log.hpp"
#include "personalize/floor/progress.hpp"
#include "personalize/tool/command.hpp"

namespace personalize::tool {

class BatchScreen {
public:
  // How much of the work is behind us, where that is known.
  using PartDone = std::function<std::optional<double>()>;
  BatchScreen(const Arguments& arguments, const std::string& station, PartDone part_done);

  // By one thread at a time.
  void take(const BatchEvent& event);
  void end(const BatchResult& result);
  // A sentence beside the events, by any thread.
  void say(const std::string& sentence);

private:
  void print(const BatchEvent& event);
  void line(std::ostream& out, const std::string& text);
  void print_json(const DocumentRefused& event) const;
  void clear_block();
  void draw_block();
  void summarize(const BatchResult& result);

  bool quiet_, json_, russian_, terminal_;
  PartDone part_done_;
  std::mutex mutex_;
  BatchProgress progress_;
  std::optional<EventLog> log_;
  std::size_t drawn_ = 0;  // lines of the block
  std::chrono::steady_clock::time_point drawn_at_{};
  std::map<std::string, std::string> held_;      // order, why
  std::map<std::string, std::string> rejected_;  // order or blank, why
  std::set<std::string> lost_;                   // readers
};

}  // namespace personalize::tool
