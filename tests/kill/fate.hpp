// SPDX-License-Identifier: Apache-2.0
// Owns what befalls a floor: at the n-th time that a station's software comes to a point, its process is killed, or the
// card's power cut, or the chip dead. Written as text, so that a failure can be repeated.
#pragma once

#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kill_test {

enum class Deed : std::uint8_t {
  kill,    // SIGKILL
  away,    // the same, and the card in the reader is never brought back
  cut,     // the card has no power until it is connected again
  mute,    // the chip is dead: it never answers again, not even to a reset
  refuse,  // the chip is dead: it answers, and refuses everything for ever
};
inline constexpr std::array<std::string_view, 5> kDeeds{"kill", "away", "cut", "mute", "refuse"};

enum class Point : std::uint8_t {
  statement,      // before it reaches the database
  before_commit,  // all is written, nothing durable
  after_commit,   // durable, and nobody was told
  before_apdu,    // the card has not seen it
  after_apdu,     // the card has answered, the host has not seen it
  card_write,     // of the card's memory: half of it is done
};
inline constexpr std::array<std::string_view, 6> kPoints{"statement",   "before-commit", "after-commit",
                                                         "before-apdu", "after-apdu",    "card-write"};

struct Blow {
  Deed deed{};
  Point point{};
  std::size_t n = 1;  // the first is 1
};
using Fate = std::vector<Blow>;  // of one run; none: it ends by itself
using Life = std::vector<Fate>;  // of one station: one run after the other; or a run of each of several stations

// The floor that it befalls.
enum class World : std::uint8_t {
  one,       // one order, one reader, over SQLite
  three,     // three orders, two readers
  stations,  // three stations share a queue in PostgreSQL
  real,      // one order; the card is played by another process, in a virtual reader of a real PC/SC service
};
inline constexpr std::array<std::string_view, 4> kWorlds{"one", "three", "stations", "real"};

struct Case {
  World world{};
  Life life;
};

template <class Name, std::size_t size>
std::string_view name_of(Name name, const std::array<std::string_view, size>& names) {
  return names.at(static_cast<std::size_t>(name));
}

inline std::string to_text(const Life& life) {
  std::string text;
  for (const auto& fate : life) {
    if (!text.empty()) text += ',';
    for (const auto& blow : fate) {
      if (!text.empty() && text.back() != ',') text += '+';
      text += name_of(blow.deed, kDeeds);
      text += ':';
      text += name_of(blow.point, kPoints);
      text += ':' + std::to_string(blow.n);
    }
  }
  return text;
}
inline std::string to_text(const Case& each) {
  return std::string(name_of(each.world, kWorlds)) + ' ' + to_text(each.life);
}

namespace detail {

inline std::string_view next_part(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const auto part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}
template <class Name, std::size_t size>
std::optional<Name> named(const std::array<std::string_view, size>& names, std::string_view text) {
  for (std::size_t i = 0; i < size; ++i)
    if (names[i] == text) return static_cast<Name>(i);
  return std::nullopt;
}

}  // namespace detail

// What to_text() wrote.
inline std::optional<Life> life_of(std::string_view text) {
  Life life;
  while (!text.empty()) {
    auto run = detail::next_part(text, ',');
    auto& fate = life.emplace_back();
    while (!run.empty()) {
      auto blow = detail::next_part(run, '+');
      const auto deed = detail::named<Deed>(kDeeds, detail::next_part(blow, ':'));
      const auto point = detail::named<Point>(kPoints, detail::next_part(blow, ':'));
      std::size_t n = 0;
      const auto end = blow.data() + blow.size();
      if (!deed || !point || std::from_chars(blow.data(), end, n).ptr != end || n == 0) return std::nullopt;
      fate.push_back({*deed, *point, n});
    }
  }
  return life;
}

inline std::optional<Case> case_of(std::string_view text) {
  const auto world = detail::named<World>(kWorlds, detail::next_part(text, ' '));
  const auto life = life_of(text);
  if (!world || !life) return std::nullopt;
  return Case{*world, *life};
}

// How often a run came to each point; in memory that its parent reads.
struct Tally {
  std::array<std::atomic<std::size_t>, kPoints.size()> seen{};
  [[nodiscard]] std::size_t operator[](Point point) const { return seen.at(static_cast<std::size_t>(point)); }
};

// The reaper of one process. By any thread.
class Reaper {
public:
  Reaper(Fate fate, Tally& tally) : fate_(std::move(fate)), tally_(tally) {}

  // What is to be done here, now.
  std::optional<Deed> comes_to(Point point) {
    const auto n = ++tally_.seen.at(static_cast<std::size_t>(point));
    for (const auto& blow : fate_)
      if (blow.point == point && blow.n == n) return blow.deed;
    return std::nullopt;
  }
  // What befalls the card; does not return when the process is killed.
  std::optional<Deed> strikes(Point point) {
    const auto deed = comes_to(point);
    if (deed == Deed::kill || deed == Deed::away) die();
    return deed;
  }
  static void die() { ::kill(::getpid(), SIGKILL); }

private:
  Fate fate_;
  Tally& tally_;
};

}  // namespace kill_test
