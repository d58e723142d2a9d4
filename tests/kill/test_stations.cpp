// SPDX-License-Identifier: Apache-2.0
// Several stations claim from one PostgreSQL queue and are killed: their orders return when the lease ends, or are
// finished on the same chip.
#include <catch2/catch.hpp>

#include <thread>

#include "tests/kill/floor_world.hpp"
#include "tests/postgres_server.hpp"
#include "tests/seed.hpp"

using namespace kill_test;
namespace fs = std::filesystem;

namespace {

constexpr unsigned kStations = 3;
constexpr std::chrono::seconds kLeaseIsOver{4};

std::string cards_of(unsigned station) { return "cards-" + std::to_string(station); }

Floor shared_floor(unsigned orders, unsigned blanks) {
  const auto floor = make_floor("kill-shared", postgres::server().database(), orders, blanks, OrdersIn::queue);
  for (unsigned i = 0; i < kStations; ++i) fs::create_directory(floor.folder / cards_of(i));
  unsigned next = 0;
  for (const auto& entry : fs::directory_iterator(floor.folder / "cards"))
    fs::rename(entry.path(), floor.folder / cards_of(next++ % kStations) / entry.path().filename());
  return floor;
}

}  // namespace

TEST_CASE("Stations on one queue are killed, and each order is issued once") {
  std::mt19937 random(test_seed());
  const auto up_to = [&](std::size_t most) { return std::uniform_int_distribution<std::size_t>(1, most)(random); };
  for (int round = 0; round < (long_tests() ? 60 : 1); ++round) {
    const unsigned orders = 9;
    auto floor = shared_floor(orders, kStations * (orders + 1));
    const std::array tallies{std::make_unique<SharedTally>(), std::make_unique<SharedTally>(),
                             std::make_unique<SharedTally>()};
    std::array<Fate, kStations> fates;
    std::string text;
    // The last one lives, so that orders go to it.
    for (unsigned i = 0; i + 1 < kStations; ++i) {
      fates.at(i) = {{Deed::kill, up_to(2) == 1 ? Point::after_apdu : Point::after_commit, up_to(150)}};
      text += to_text({fates.at(i)}) + ' ';
    }
    INFO("round " << round << ": " << text);
    std::array<pid_t, kStations> processes{};
    for (unsigned i = 0; i < kStations; ++i)
      processes.at(i) =
          start(floor, {.name = "station-" + std::to_string(i), .cards = cards_of(i), .orders = OrdersIn::queue},
                fates.at(i), **tallies.at(i));
    for (const auto process : processes) CHECK(wait_for(process) != End::broken);

    std::this_thread::sleep_for(kLeaseIsOver);
    // One of the dead comes back; the other's cards are carried to a station that nobody knew, and that has work.
    for (const auto& [name, cards] : {std::pair{"station-0", cards_of(0)}, std::pair{"station-9", cards_of(1)}}) {
      if (name == std::string_view("station-9")) submit_order(floor);
      const SharedTally tally;
      CHECK(wait_for(start(floor, {.name = name, .cards = cards, .orders = OrdersIn::queue}, {}, *tally)) ==
            End::complete);
    }
    judge(floor, {cards_of(0), cards_of(1), cards_of(2)}, long_tests() ? Proof::books : Proof::readable);
  }
}
