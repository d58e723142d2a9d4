// SPDX-License-Identifier: Apache-2.0
// Owns a small issuing floor on disk, the processes that work on it until they are killed, and the judgement of what
// they left.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "tests/kill/fate.hpp"

namespace kill_test {

struct Floor {
  std::filesystem::path folder;
  std::string ledger;
  unsigned orders = 0, blanks = 0;
};
// `orders` wait, in a file or in the queue; `blanks` lie in the stock and as cards in folder/cards.
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

// A process of its own that runs the batch; what it came to is counted in `tally`.
pid_t start(const Floor& floor, const Station& station, Fate fate, Tally& tally);
enum class End : std::uint8_t {
  complete,    // every order has ended
  incomplete,  // some are open, claimed elsewhere, or refused
  killed,
  broken,  // it did not end, or crashed
};
End wait_for(pid_t process);

// Runs the station through its life, and once more to the end. True when each run met all that was meant for it.
bool live(const Floor& floor, const Station& station, const Life& life);

enum class Proof : std::uint8_t {
  books,     // ledger, stock, events, status book, audit chain and chips agree
  readable,  // besides, each issued card is read and VALID
};
// Every order is issued, each once.
void judge(const Floor& floor, const std::vector<std::string>& folders, Proof proof);

}  // namespace kill_test
