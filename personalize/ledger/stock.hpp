// SPDX-License-Identifier: Apache-2.0
// Owns the stock of blanks: every one received is issued, rejected, destroyed or still there, per shift and operator.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "personalize/ledger/audit_chain.hpp"
#include "personalize/ledger/database.hpp"

namespace personalize {

enum class BlankState : std::uint8_t {
  in_stock,
  taken,  // bound to an order and a chip; not yet issued
  issued,
  rejected,   // spoilt; lies in the reject bin
  destroyed,  // with two signatures
};
std::string_view name(BlankState state);

struct Blank {
  std::string number;       // printed on it; DG13
  std::string product;      // as the delivery names it: "PATENT-V1"
  std::string chip_serial;  // hexadecimal; empty until a reader has seen it, when the delivery does not tell
  std::string delivery;     // the delivery note's number
  BlankState state = BlankState::in_stock;
  std::string order_id;  // whose card it is or was to be
  std::string reason;    // of a rejected or destroyed one
};

struct StockSums {
  std::int64_t received = 0, issued = 0, rejected = 0, destroyed = 0, remaining = 0;  // taken ones remain
  friend bool operator==(const StockSums&, const StockSums&) = default;
};

struct Shift {
  std::int64_t number = 0;
  std::string station, operator_name;
  std::chrono::sys_seconds opened{}, closed{};  // closed: zero while it is open
  std::string closed_by{}, witnessed_by{};      // two different people
  StockSums before, after{};
};

// How many blanks came to a place in a shift, by one operator's hand. Shift 0: in none.
struct MovementCount {
  std::int64_t shift = 0;
  std::string operator_name;
  BlankState place{};  // in_stock: received
  std::int64_t count = 0;
};

class Stock {
public:
  Stock(Database& database, AuditChain& audit) : database_(database), audit_(audit) {}

  // A blank known before with the same content is no error: a delivery can be entered again after a crash.
  // blank_used: the number or the chip is another blank's. wrong_state: number, product or delivery is empty.
  Logged<void> receive(const Blank& blank, std::string_view operator_name, std::chrono::sys_seconds now);
  Logged<std::optional<Blank>> find(std::string_view number);
  Logged<std::optional<Blank>> find_by_chip(std::string_view chip_serial);
  // As it stays to the end of the transaction, whoever else wants it. blank_unknown.
  Logged<Blank> lock(std::string_view number);
  // In the transaction of the step that binds the chip. blank_unknown, blank_used, blank_of_another_chip,
  // blank_of_another_product; wrong_state: the order has another blank. The same order takes the same blank again
  // without error.
  Logged<void> take(std::string_view number, std::string_view product, std::string_view chip_serial,
                    std::string_view order_id);
  // Once more is no error, here and in reject(); wrong_state for a blank that is not taken, or went another way.
  Logged<void> mark_issued(std::string_view number, std::string_view operator_name, std::chrono::sys_seconds now);
  Logged<void> reject(std::string_view number, std::string_view reason, std::string_view operator_name,
                      std::chrono::sys_seconds now);
  // Of rejected ones; wrong_state when both are one person.
  Logged<void> destroy(std::string_view number, std::string_view by, std::string_view witness,
                       std::chrono::sys_seconds now);

  Logged<Shift> open_shift(std::string_view station, std::string_view operator_name, std::chrono::sys_seconds now);
  // wrong_state: none is open, one person signs twice, or the station has a card in hand (taken).
  Logged<Shift> close_shift(std::string_view station, std::string_view by, std::string_view witness,
                            std::chrono::sys_seconds now);
  Logged<std::optional<Shift>> open_shift_of(std::string_view station);
  Logged<std::vector<Shift>> shifts();
  Logged<StockSums> sums();

  // In the order of their numbers, a page at a time: after `after`, at most `count`.
  Logged<std::vector<Blank>> list(std::string_view after, std::int64_t count);
  // The blanks that the station has in hand.
  Logged<std::vector<std::string>> taken_at(std::string_view station);
  Logged<std::vector<MovementCount>> movement_counts();

private:
  struct Movement {
    std::string_view number;
    std::optional<std::string_view> order_id;
    BlankState to{};
    std::string_view operator_name, witness, reason;
    std::chrono::sys_seconds at{};
  };
  Logged<void> move(const Movement& movement);
  Logged<void> report(std::string_view what, std::chrono::sys_seconds at, std::string_view operator_name,
                      std::map<std::string, std::string> facts);

  Database& database_;
  AuditChain& audit_;
};

}  // namespace personalize
