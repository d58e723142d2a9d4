// SPDX-License-Identifier: Apache-2.0
// One station over SQLite: the process is killed and the card's power cut at every point of an order's life, and at
// random ones of many orders' lives.
#include <catch2/catch.hpp>

#include <cstdlib>

#include "tests/kill/floor_world.hpp"
#include "tests/seed.hpp"

using namespace kill_test;

namespace {

// One order, its blank, and one that nobody may touch.
const Floor& small_floor() {
  static const Floor floor = make_floor("kill-small", "", 1, 2, OrdersIn::file);
  return floor;
}
const Floor& busy_floor() {
  static const Floor floor = make_floor("kill-busy", "", 3, 4, OrdersIn::file);
  return floor;
}

// False when the life was over before all that was meant to happen did.
bool survives(const Floor& begin, const Life& life, Proof proof = Proof::books) {
  INFO("to repeat it: PATENT_KILL_LIFE=" << to_text(life)
                                         << (begin.orders > 1 ? " kill_tests 'a life of three*'"
                                                              : " kill_tests 'a life of one*'"));
  const auto floor = copy_of(begin, "kill-life");
  const bool all_met = live(floor, {.readers = begin.orders > 1 ? 2U : 1U}, life);
  judge(floor, {"cards"}, proof);
  return all_met;
}

// How often an undisturbed run comes to a point.
std::size_t points_of(const Floor& begin, Point point) {
  const auto floor = copy_of(begin, "kill-count");
  const SharedTally tally;
  REQUIRE(wait_for(start(floor, {.readers = begin.orders > 1 ? 2U : 1U}, {}, *tally)) == End::complete);
  judge(floor, {"cards"}, Proof::readable);
  return (*tally)[point];
}

class Chance {
public:
  std::size_t up_to(std::size_t most) { return std::uniform_int_distribution<std::size_t>(1, most)(random_); }

private:
  std::mt19937 random_{test_seed()};
};
Chance& chance() {
  static Chance one;
  return one;
}

// All of them, or so many at random.
void at_points(Deed deed, Point point, std::size_t sample) {
  const auto last = points_of(small_floor(), point);
  REQUIRE(last > 10);
  const bool all = long_tests() || sample == 0;
  for (std::size_t i = 1; i <= (all ? last : sample); ++i) {
    const Proof proof = i % 8 == 0 || long_tests() ? Proof::readable : Proof::books;
    survives(small_floor(), {{{deed, point, all ? i : chance().up_to(last)}}}, proof);
  }
}

// Kills and cuts in up to three runs on end.
Life random_life(std::size_t apdus, std::size_t writes, std::size_t commits) {
  Life life(chance().up_to(3));
  for (auto& fate : life)
    for (auto blows = chance().up_to(2); blows > 0; --blows) {
      switch (chance().up_to(7)) {
        case 1: fate.push_back({Deed::cut, Point::before_apdu, chance().up_to(apdus)}); break;
        case 2: fate.push_back({Deed::cut, Point::after_apdu, chance().up_to(apdus)}); break;
        case 3: fate.push_back({Deed::cut, Point::card_write, chance().up_to(writes)}); break;
        case 4: fate.push_back({Deed::kill, Point::card_write, chance().up_to(writes)}); break;
        case 5: fate.push_back({Deed::kill, Point::after_apdu, chance().up_to(apdus)}); break;
        case 6: fate.push_back({Deed::kill, Point::before_commit, chance().up_to(commits)}); break;
        default: fate.push_back({Deed::kill, Point::after_commit, chance().up_to(commits)}); break;
      }
    }
  return life;
}

std::optional<Life> asked_life() {
  const char* const text = std::getenv("PATENT_KILL_LIFE");
  return text != nullptr ? life_of(text) : std::nullopt;
}

}  // namespace

TEST_CASE("A process killed on either side of any commit has issued the order once") {
  at_points(Deed::kill, Point::before_commit, 0);
  at_points(Deed::kill, Point::after_commit, 0);
}

TEST_CASE("A process killed at any APDU, sent or answered, has issued the order once") {
  at_points(Deed::kill, Point::before_apdu, 12);
  at_points(Deed::kill, Point::after_apdu, 12);
}

TEST_CASE("A process killed at any statement of the ledger has issued the order once") {
  at_points(Deed::kill, Point::statement, 8);
}

TEST_CASE("A card without power at any APDU, or write of its memory, is finished") {
  at_points(Deed::cut, Point::before_apdu, 8);
  at_points(Deed::cut, Point::after_apdu, 8);
  at_points(Deed::cut, Point::card_write, 8);
  at_points(Deed::kill, Point::card_write, 8);
}

TEST_CASE("Three orders on two readers are each issued once, whatever befalls station and cards") {
  const auto apdus = points_of(busy_floor(), Point::after_apdu);
  const auto writes = points_of(busy_floor(), Point::card_write);
  const auto commits = points_of(busy_floor(), Point::after_commit);
  for (int i = 0; i < (long_tests() ? 2000 : 12); ++i)
    survives(busy_floor(), random_life(apdus, writes, commits), i % 6 == 0 ? Proof::readable : Proof::books);
}

// For a life that a test above has printed.
TEST_CASE("a life of one order, as PATENT_KILL_LIFE says", "[.]") {
  const auto life = asked_life();
  REQUIRE(life);
  CHECK(survives(small_floor(), *life, Proof::readable));
}
TEST_CASE("a life of three orders, as PATENT_KILL_LIFE says", "[.]") {
  const auto life = asked_life();
  REQUIRE(life);
  CHECK(survives(busy_floor(), *life, Proof::readable));
}
