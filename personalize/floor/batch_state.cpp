// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/batch_state.hpp"

namespace personalize {

void BatchState::tell(const BatchEvent& event) {
  const std::lock_guard lock(mutex_);
  if (std::holds_alternative<CardIssued>(event)) ++result_.issued;
  if (std::holds_alternative<CardRejected>(event)) ++result_.rejected;
  if (std::holds_alternative<OrderRefused>(event) || std::holds_alternative<DocumentRefused>(event)) ++result_.refused;
  if (tell_) tell_(event);
}

void BatchState::stop_for(const IssuanceFailure& failure) {
  {
    const std::lock_guard lock(mutex_);
    if (!result_.station_failure) result_.station_failure = failure;
  }
  stop_.request_stop();
}

void BatchState::count_issued_before() {
  const std::lock_guard lock(mutex_);
  ++result_.issued_before;
}

void BatchState::add_open(const std::string& order_id, const std::string& chip_serial) {
  const std::lock_guard lock(mutex_);
  result_.open_orders[order_id] = chip_serial;
}

void BatchState::remove_open(const std::string& order_id) {
  const std::lock_guard lock(mutex_);
  result_.open_orders.erase(order_id);
}

bool BatchState::has_open() const {
  const std::lock_guard lock(mutex_);
  return !result_.open_orders.empty();
}

BatchResult BatchState::result(bool all_ended) const {
  auto result = result_;
  result.interrupted = asked_.stop_requested();
  result.complete = all_ended && result.open_orders.empty();
  return result;
}

}  // namespace personalize
