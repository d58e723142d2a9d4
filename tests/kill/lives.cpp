// SPDX-License-Identifier: Apache-2.0
#include "tests/kill/lives.hpp"

#include <algorithm>
#include <thread>

#include "tests/postgres_server.hpp"

namespace kill_test {
namespace fs = std::filesystem;
namespace {

using Sentences = std::vector<std::string>;

void add(Sentences& to, const std::string& when, const Sentences& more) {
  for (const auto& each : more) to.push_back(when + ": " + each);
}

bool loses_a_card(Deed deed) { return deed == Deed::away || deed == Deed::mute || deed == Deed::refuse; }

// Nothing but chips that die in the reader: the feed never lets go of them.
bool only_dead_chips(const Life& life) {
  return std::ranges::all_of(life, [](const Fate& fate) {
    return std::ranges::all_of(fate, [](const Blow& blow) {
      return blow.deed == Deed::mute || blow.deed == Deed::refuse || blow.deed == Deed::cut;
    });
  });
}

std::size_t lost_cards(const Life& life) {
  std::size_t lost = 0;
  for (const auto& fate : life)
    lost += static_cast<std::size_t>(
        std::count_if(fate.begin(), fate.end(), [](const Blow& blow) { return loses_a_card(blow.deed); }));
  return lost;
}

// All is over, and nothing was lost that need not be.
Sentences end_of(const Floor& floor, const std::vector<std::string>& folders, const Life& life, Proof proof) {
  auto found = judge(floor, folders, proof);
  std::ranges::move(found.unended, std::back_inserter(found.faults));
  if (found.voided > lost_cards(life)) found.faults.emplace_back("more orders are voided than chips were lost");
  return found.faults;
}

// Made once, and copied for each life. A blank more than orders and lost cards: one that nobody may touch.
const Floor& first_floor(World world) {
  static const Floor one = make_floor("kill-one", "", 1, 4, OrdersIn::file);
  static const Floor three = make_floor("kill-three", "", 3, 8, OrdersIn::file);
  return world == World::three ? three : one;
}
Station only_station(World world) {
  return {.readers = world == World::three ? 2U : 1U, .real_reader = world == World::real};
}

Sentences one_station(const Case& each, Proof proof) {
  Sentences faults;
  const auto floor = copy_of(first_floor(each.world), "kill-life");
  const auto station = only_station(each.world);
  const std::vector<std::string> folders{station.cards, station.cards + "/slot-0"};  // the latter of a real reader
  for (const auto& fate : each.life) {
    const SharedTally tally;
    if (run(floor, station, fate, *tally) == End::broken) faults.emplace_back("a run crashed, or did not end");
    for (const auto& blow : fate)
      if (blow.deed == Deed::away && (*tally)[blow.point] >= blow.n) take_away_card(floor, station);
  }
  auto end = run(floor, station);
  if (lost_cards(each.life) > 0) {
    const auto found = judge(floor, folders, Proof::books);
    add(faults, "before a person came", found.faults);
    if (!station.real_reader && only_dead_chips(each.life)) add(faults, "it needs a person", found.unended);
    if (clear_up(floor, folders)) end = run(floor, station);
  }
  if (end != End::complete) faults.emplace_back("the last run does not end every order");
  add(faults, "at the end", end_of(floor, folders, each.life, proof));
  return faults;
}

constexpr unsigned kStations = 3, kOrders = 9;
constexpr std::chrono::seconds kLeaseIsOver{4};

std::string cards_of(unsigned station) { return "cards-" + std::to_string(station); }

Station station_with(const std::string& name, unsigned cards) {
  return {.name = name, .cards = cards_of(cards), .orders = OrdersIn::queue};
}

Floor shared_floor() {
  auto floor =
      make_floor("kill-stations", postgres::server().database(), kOrders, kStations * (kOrders + 2), OrdersIn::queue);
  unsigned next = 0;
  for (unsigned i = 0; i < kStations; ++i) fs::create_directory(floor.folder / cards_of(i));
  for (const auto& entry : fs::directory_iterator(floor.folder / "cards"))
    fs::rename(entry.path(), floor.folder / cards_of(next++ % kStations) / entry.path().filename());
  return floor;
}

// Each station lives a run, at the same time; those without a fate end by themselves, so that orders go to them.
Sentences stations(const Case& each, Proof proof) {
  Sentences faults;
  auto floor = shared_floor();
  std::array<SharedTally, kStations> tallies;
  std::array<pid_t, kStations> processes{};
  for (unsigned i = 0; i < kStations; ++i)
    processes.at(i) = start(floor, station_with("station-" + std::to_string(i), i),
                            i < each.life.size() ? each.life[i] : Fate{}, *tallies.at(i));
  for (const auto process : processes)
    if (wait_for(process) == End::broken) faults.emplace_back("a run crashed, or did not end");

  std::this_thread::sleep_for(kLeaseIsOver);
  // One of the dead comes back; the other's cards are carried to a station that nobody knew, and that has work.
  auto end = run(floor, station_with("station-0", 0));
  if (end != End::complete && lost_cards(each.life) == 0)
    faults.emplace_back("station-0 comes back and does not end every order");
  submit_order(floor);
  end = run(floor, station_with("station-9", 1));
  const std::vector<std::string> folders{cards_of(0), cards_of(1), cards_of(2)};
  if (clear_up(floor, folders)) end = run(floor, station_with("station-9", 1));
  if (end != End::complete) faults.emplace_back("station-9 does not end every order");
  add(faults, "at the end", end_of(floor, folders, each.life, proof));
  return faults;
}

}  // namespace

Sentences faults_of(const Case& each, Proof proof) {
  try {
    return each.world == World::stations ? stations(each, proof) : one_station(each, proof);
  } catch (const std::exception& e) {
    return {std::string("it cannot be judged: ") + e.what()};
  }
}

std::array<std::size_t, kPoints.size()> points_of(World world) {
  const auto floor = copy_of(first_floor(world), "kill-count");
  const SharedTally tally;
  if (run(floor, only_station(world), {}, *tally) != End::complete)
    throw std::runtime_error("an undisturbed life does not end every order");
  std::array<std::size_t, kPoints.size()> points{};
  for (std::size_t i = 0; i < points.size(); ++i) points.at(i) = (*tally)[static_cast<Point>(i)];
  return points;
}

}  // namespace kill_test
