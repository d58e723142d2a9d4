// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/shared_ledger.hpp"

namespace personalize {

Logged<std::optional<LedgerEntry>> SharedLedger::find(std::string_view order_id) {
  return queue_.run<std::optional<LedgerEntry>>([&] { return below_.find(order_id); });
}

Logged<std::optional<LedgerEntry>> SharedLedger::find_by_chip(std::string_view chip_serial) {
  return queue_.run<std::optional<LedgerEntry>>([&] { return below_.find_by_chip(chip_serial); });
}

Logged<void> SharedLedger::check_numbers(const LedgerEntry& entry) {
  return queue_.run<void>([&] { return below_.check_numbers(entry); });
}

Logged<void> SharedLedger::prepare(const LedgerEntry& entry, const PrintForm& print) {
  return queue_.run<void>([&] { return below_.prepare(entry, print); });
}

Logged<void> SharedLedger::begin_writing(std::string_view order_id, std::string_view chip_serial) {
  return queue_.run<void>([&] { return below_.begin_writing(order_id, chip_serial); });
}

Logged<void> SharedLedger::keep_image(std::string_view order_id, const CardImage& image,
                                      std::chrono::sys_seconds signed_at) {
  return queue_.run<void>([&] { return below_.keep_image(order_id, image, signed_at); });
}

void SharedLedger::announce_step(std::string_view order_id, const StepLine& line) {
  auto durable = queue_.post([&below = below_, order = std::string(order_id), line] {
    below.announce_step(order, line);
    return below.settle_steps(order);
  });
  const std::lock_guard lock(mutex_);
  announced_[std::string(order_id)].push_back(std::move(durable));
}

Logged<void> SharedLedger::settle_steps(std::string_view order_id) {
  std::vector<std::future<Logged<void>>> lines;
  {
    const std::lock_guard lock(mutex_);
    if (auto announced = announced_.extract(std::string(order_id))) lines = std::move(announced.mapped());
  }
  Logged<void> all;
  for (auto& line : lines)
    if (auto durable = line.get(); !durable && all) all = std::move(durable);
  return all;
}

Logged<void> SharedLedger::mark_personalized(std::string_view order_id) {
  return queue_.run<void>([&] { return below_.mark_personalized(order_id); });
}

Logged<void> SharedLedger::mark_issued(const Order& order, const Receipt& receipt) {
  return queue_.run<void>([&] { return below_.mark_issued(order, receipt); });
}

Logged<void> SharedLedger::void_order(std::string_view order_id, std::string_view reason) {
  return queue_.run<void>([&] { return below_.void_order(order_id, reason); });
}

Logged<OpenCard> SharedLedger::open_card(std::string_view order_id) {
  return queue_.run<OpenCard>([&] { return below_.open_card(order_id); });
}

std::string SharedLedger::receipt_place(std::string_view order_id) const { return below_.receipt_place(order_id); }

Logged<std::vector<LedgerEntry>> SharedLedger::list(std::string_view after, std::int64_t count) {
  return queue_.run<std::vector<LedgerEntry>>([&] { return below_.list(after, count); });
}

}  // namespace personalize
