// SPDX-License-Identifier: Apache-2.0
#include "tests/kill/matrix.hpp"

#include <algorithm>
#include <random>

#include "tests/kill/lives.hpp"

namespace kill_test {
namespace {

// What befalls one order, its reader and its card.
struct Row {
  Deed deed{};
  Point point{};
  unsigned in_short = 0;  // so many at random
};
constexpr unsigned kEach = 1'000;
constexpr std::array kRows{
    Row{Deed::kill, Point::before_commit, kEach}, Row{Deed::kill, Point::after_commit, kEach},
    Row{Deed::kill, Point::statement, 8},         Row{Deed::kill, Point::before_apdu, 10},
    Row{Deed::kill, Point::after_apdu, 10},       Row{Deed::kill, Point::card_write, 8},
    Row{Deed::cut, Point::before_apdu, 6},        Row{Deed::cut, Point::after_apdu, 6},
    Row{Deed::cut, Point::card_write, 6},         Row{Deed::mute, Point::before_apdu, 5},
    Row{Deed::mute, Point::after_apdu, 5},        Row{Deed::mute, Point::card_write, 5},
    Row{Deed::refuse, Point::before_apdu, 5},     Row{Deed::refuse, Point::after_apdu, 5},
    Row{Deed::refuse, Point::card_write, 5},      Row{Deed::away, Point::after_commit, 3},
    Row{Deed::away, Point::after_apdu, 3},        Row{Deed::away, Point::card_write, 3},
};

// How many random lives.
struct Counts {
  unsigned three = 0, dying = 0, stations = 0, real = 0;
};
constexpr Counts kInShort{10, 5, 1, 3}, kInFull{2'000, 1'000, 60, 100};

class Chance {
public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}
  std::size_t up_to(std::size_t most) { return std::uniform_int_distribution<std::size_t>(1, most)(random_); }
  template <class Things>
  const auto& one_of(const Things& things) {
    return things[up_to(std::size(things)) - 1];
  }
  std::mt19937& random() { return random_; }

private:
  std::mt19937 random_;
};

using Points = std::array<std::size_t, kPoints.size()>;

Blow blow(Chance& chance, const Points& points, Deed deed, Point point) {
  return {deed, point, chance.up_to(points.at(static_cast<std::size_t>(point)))};
}

constexpr std::array kOfCards{Point::before_apdu, Point::after_apdu, Point::card_write};
constexpr std::array kOfProcesses{Point::before_commit, Point::after_commit, Point::after_apdu, Point::card_write};

// Kills and cuts in up to three runs on end.
Life random_life(Chance& chance, const Points& points) {
  Life life(chance.up_to(3));
  for (auto& fate : life)
    for (auto blows = chance.up_to(2); blows > 0; --blows)
      fate.push_back(chance.up_to(2) == 1 ? blow(chance, points, Deed::cut, chance.one_of(kOfCards))
                                          : blow(chance, points, Deed::kill, chance.one_of(kOfProcesses)));
  return life;
}

// In one of them, or in two, a chip dies.
Life dying_life(Chance& chance, const Points& points) {
  constexpr std::array kDead{Deed::mute, Deed::refuse};
  auto life = random_life(chance, points);
  for (auto deaths = chance.up_to(2); deaths > 0; --deaths)
    life.at(chance.up_to(life.size()) - 1)
        .push_back(blow(chance, points, chance.one_of(kDead), chance.one_of(kOfCards)));
  return life;
}

// The station is killed, or whoever plays the card.
Life real_life(Chance& chance, const Points& points) {
  constexpr std::array kBlows{std::pair{Deed::kill, Point::before_apdu}, std::pair{Deed::kill, Point::after_apdu},
                              std::pair{Deed::cut, Point::before_apdu}, std::pair{Deed::cut, Point::after_apdu}};
  Life life(chance.up_to(2));
  for (auto& fate : life) {
    const auto& [deed, point] = chance.one_of(kBlows);
    fate.push_back(blow(chance, points, deed, point));
  }
  return life;
}

// Two of three stations are killed, or lose a chip for ever.
Life shared_life(Chance& chance) {
  constexpr std::array kBlows{std::pair{Deed::kill, Point::after_apdu}, std::pair{Deed::kill, Point::after_commit},
                              std::pair{Deed::mute, Point::after_apdu}};
  Life life(2);
  for (auto& fate : life) {
    const auto& [deed, point] = chance.one_of(kBlows);
    fate.push_back({deed, point, chance.up_to(150)});
  }
  return life;
}

}  // namespace

std::vector<Case> cases(Readers readers, bool full, const Part& part, std::uint32_t seed) {
  Chance chance(seed);
  std::vector<Case> all;
  // Counted for itself: an undisturbed life does not come to its points equally often in each part's process.
  const auto mine = [&](std::size_t count, const auto& make) {
    for (std::size_t n = part.number; n <= count; n += part.of) all.push_back(make(n));
  };
  const auto& counts = full ? kInFull : kInShort;
  if (readers == Readers::real) {
    const auto points = points_of(World::real);
    mine(counts.real, [&](std::size_t) { return Case{World::real, real_life(chance, points)}; });
    return all;
  }
  const auto one = points_of(World::one), three = points_of(World::three);
  for (const auto& row : kRows) {
    const bool each = full || row.in_short == kEach;
    mine(each ? one.at(static_cast<std::size_t>(row.point)) : row.in_short, [&](std::size_t n) {
      return Case{World::one, {{each ? Blow{row.deed, row.point, n} : blow(chance, one, row.deed, row.point)}}};
    });
  }
  mine(counts.three, [&](std::size_t) { return Case{World::three, random_life(chance, three)}; });
  mine(counts.dying, [&](std::size_t) { return Case{World::three, dying_life(chance, three)}; });
  mine(counts.stations, [&](std::size_t) { return Case{World::stations, shared_life(chance)}; });
  std::ranges::shuffle(all, chance.random());
  return all;
}

}  // namespace kill_test
