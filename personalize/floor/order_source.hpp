// SPDX-License-Identifier: Apache-2.0
// Owns the OrderSource port: where a batch's orders come from, who has them, and what the ledger knows of a chip.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "personalize/issue/issuance.hpp"

namespace personalize {

// One order as it came, not looked into.
struct OrderText {
  std::string text;                  // its JSON
  std::string where;                 // "day.jsonl:17"; empty from the queue
  std::string order_id{}, sha256{};  // of the queue's
  bool claimed = false;              // the queue gave it to this station already
  bool readable = true;              // false: the file or the line is no order at all; `text` is empty
};

// Whether an order may be begun here.
enum class Claim : std::uint8_t {
  ours,
  begun,  // and bound to a chip: it waits for that one
  taken,  // another station's
  issued,
  voided,
  held,
  changed,  // the same id with another text: the first one stands
};

struct Claimed {
  Claim claim{};
  std::string chip_serial{};  // of one that is begun
};

// A chip that the ledger has seen.
struct KnownChip {
  OrderState state{};  // of its last order
  std::string order_id;
  std::string blank_number;            // that it was begun with
  std::optional<IncomingOrder> order;  // when it is open, and may be finished here
};

class OrderSource {
public:
  OrderSource() = default;
  OrderSource(const OrderSource&) = delete;
  OrderSource& operator=(const OrderSource&) = delete;
  virtual ~OrderSource() = default;

  // By one thread at a time. One after the other, so that a batch of a million needs no memory; nothing at the end.
  virtual Logged<std::optional<OrderText>> next(std::stop_token stop) = 0;

  // The rest by any thread, at once.
  // An order that is ours gets its place in a status list, where there are lists.
  virtual Logged<Claimed> claim(IncomingOrder& order, const OrderText& text) = 0;
  virtual Logged<std::optional<KnownChip>> known_chip(std::string_view chip_serial) = 0;
  // The number of the blank that this chip is: `fed` as the feed reads it, or what the stock knows; empty when nobody
  // does and no stock is kept. Otherwise blank_unknown, blank_used, blank_of_another_product, blank_of_another_chip.
  virtual Logged<std::string> blank(std::string_view chip_serial, std::string_view fed) = 0;
  // Given back unbegun, as the batch does with what it holds when it stops.
  virtual Logged<void> give_back(std::string_view order_id) = 0;
  // Not to be tried again before somebody looked; `reason` is a stable code.
  virtual Logged<void> hold(std::string_view order_id, std::string_view reason) = 0;
  // The order's chip is dead; its blank is rejected with it.
  virtual Logged<void> give_up(std::string_view order_id, std::string_view reason) = 0;
  // A card for the bin on which no order was begun, known by its chip, or by the number that the feed reads; either may
  // be empty. The blank's number; nothing, and nothing is booked, when the stock has no such blank left.
  virtual Logged<std::string> reject_blank(std::string_view chip_serial, std::string_view fed,
                                           std::string_view reason) = 0;
};

}  // namespace personalize
