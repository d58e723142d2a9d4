// SPDX-License-Identifier: Apache-2.0
// Owns what the threads of one batch share: events, told one at a time, what came of them, and the wish to stop.
#pragma once

#include <exception>
#include <mutex>

#include "personalize/floor/batch.hpp"

namespace personalize {

class BatchState {
public:
  BatchState(const std::function<void(const BatchEvent&)>& tell, std::stop_token stop)
      : tell_(tell), asked_(std::move(stop)), pass_on_(asked_, [this] { stop_.request_stop(); }) {}

  void tell(const BatchEvent& event);
  // Every other order would fail alike: nothing is begun any more.
  void stop_for(const IssuanceFailure& failure);
  // What a thread of the batch does: an exception ends the batch, and not the program. False when there was one.
  template <class Work>
  bool guard(Work work) {
    try {
      work();
      return true;
    } catch (const std::exception& e) {
      stop_for(ProgramFault{e.what()});
      return false;
    }
  }
  // Nothing more is done, and nobody has to wait.
  void close() { stop_.request_stop(); }
  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  [[nodiscard]] bool stopping() const { return stop_.stop_requested(); }

  void count_issued_before();
  // Orders that are bound to a chip.
  void add_open(const std::string& order_id, const std::string& chip_serial);
  void remove_open(const std::string& order_id);
  [[nodiscard]] bool has_open() const;

  // At the end, when no other thread is left.
  [[nodiscard]] BatchResult result(bool all_ended) const;

private:
  const std::function<void(const BatchEvent&)>& tell_;
  std::stop_token asked_;
  std::stop_source stop_;
  mutable std::mutex mutex_;
  BatchResult result_;
  std::stop_callback<std::function<void()>> pass_on_;
};

}  // namespace personalize
