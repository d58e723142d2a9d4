// SPDX-License-Identifier: Apache-2.0
// Owns a small issuing floor on disk, the processes that work on it until they are killed, the person who clears up
// behind them, and the judgement of what is left.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/kill/fate.hpp"

namespace kill_test {

struct Floor {
  std::filesystem::path folder;
  std::string ledger;
  unsigned orders = 0, blanks = 0;
};
// `orders` wait, in a file or in the queue; `blanks` lie in the stock and as cards in folder/cards. A card's file is
// named as its blank is printed.
enum class OrdersIn : std::uint8_t { file, queue };
Floor make_floor(const std::string& name, const std::string& ledger, unsigned orders, unsigned blanks, OrdersIn where);
// One more into the queue.
void submit_order(Floor& floor);
// Another one with the same content, of a floor whose ledger is a file.
Floor copy_of(const Floor& floor, const std::string& name);

struct Station {
  std::string name = "station-1";
  unsigned readers = 1;
  std::string cards = "cards";  // its folder in the floor's
  OrdersIn orders = OrdersIn::file;
  bool real_reader = false;
};

// A tally that a process and its parent share.
class SharedTally {
public:
  SharedTally();
  SharedTally(const SharedTally&) = delete;
  SharedTally& operator=(const SharedTally&) = delete;
  ~SharedTally();
  [[nodiscard]] Tally& operator*() const { return *tally_; }

private:
  Tally* tally_;
};

// A process of its own that runs the batch; what it came to is counted in `tally`. It dies with its parent.
pid_t start(const Floor& floor, const Station& station, Fate fate, Tally& tally);
enum class End : std::uint8_t {
  complete,    // every order has ended
  incomplete,  // some are open, claimed elsewhere, or refused
  killed,
  broken,  // it did not end, or crashed
};
End wait_for(pid_t process);
// One run from its begin to its end. `tally`: what it came to.
End run(const Floor& floor, const Station& station, const Fate& fate, Tally& tally);
End run(const Floor& floor, const Station& station, const Fate& fate = {});

// Takes the card that lies in the reader away, for good: into folder/away.
void take_away_card(const Floor& floor, const Station& station);
// What a person does on the floor: reads the print of each card that is dead or was never brought back, throws the
// dead into the bin, and ends in the books what only the print tells. True when there was something to end.
bool clear_up(const Floor& floor, const std::vector<std::string>& folders);

enum class Proof : std::uint8_t {
  books,     // ledger, stock, events, status book, audit chain and chips agree
  readable,  // besides, each issued card is read and VALID
};
struct Judgement {
  std::vector<std::string> faults;   // sentences; none: all is as it must be
  std::vector<std::string> unended;  // orders that wait, are open or held, and how
  unsigned issued = 0, voided = 0;   // orders
};
// What must hold whenever no station runs, whatever happened before (docs/testing.md, "Killed, without power, and
// dead").
Judgement judge(const Floor& floor, const std::vector<std::string>& folders, Proof proof);

}  // namespace kill_test
