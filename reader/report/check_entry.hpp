// SPDX-License-Identifier: Apache-2.0
// Owns an entry of the log of checks: its one form as text, and the walk along the chain of them (docs/check-log.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reader/include/patent/verdict.hpp"
#include "reader/report/hash_chain.hpp"

namespace reader {

// No name, no biometrics, no photo: the card's number is all that leads to a person.
struct CheckEntry {
  std::chrono::sys_seconds written{};  // by the device's clock
  std::chrono::sys_seconds at{};       // the instant it was judged for
  std::string device, role;
  std::string card_number;  // empty: none could be read
  bool confirmed = false;   // the card's number stands under a trusted signature
  Outcome outcome = Outcome::needs_check;
  std::vector<Reason> reasons;  // the worst first
  std::vector<ListUsed> lists;
};
CheckEntry entry_of(const Verdict& verdict);

// Whether a device's or a role's name may stand in an entry: at most 64 octets of printable text.
[[nodiscard]] bool may_be_logged(std::string_view name);

// An entry says that older ones were removed: up to this point, for they were older than so many days.
struct Removal {
  std::chrono::sys_seconds written{};
  unsigned keep_days = 0;
  ChainPoint through;
};

// Compact JSON with its members sorted, and nothing else: the octets that are hashed.
std::string to_line(const CheckEntry& entry, std::int64_t number);
std::string to_line(const Removal& removal, std::int64_t number);
// When the entry was written, as its line says; nothing when it is none.
std::optional<std::chrono::sys_seconds> written_in(std::string_view line);

enum class LogFault : std::uint8_t {
  malformed,      // no entry of the published form
  gap,            // an entry before this one is missing
  changed,        // this entry or its hash is not what was written
  truncated,      // entries from this one on are missing
  head_missing,   // nobody says where the log ends
  head_differs,   // the head kept apart belongs to other entries than these
  untold_loss,    // older entries are missing, and no removal tells of it
  other_history,  // an earlier export has other entries than these
  unseen_loss,    // removed before they stood in the earlier export, too
  not_signed,     // an export's last line is no signature, or it does not hold
  stranger,       // who signed is no terminal under the given trust point
  chain_missing,  // an audit chain of which nothing is left
};
struct LogProblem {
  LogFault fault{};
  std::int64_t number = 0;  // of the entry
  friend bool operator==(const LogProblem&, const LogProblem&) = default;
};

// What somebody has seen of a log before: an earlier export.
struct LogHistory {
  ChainPoint removed;             // before the first
  std::vector<ChainHash> hashes;  // of the entries behind it
  [[nodiscard]] std::int64_t last() const { return removed.number + static_cast<std::int64_t>(hashes.size()); }
  // Of the entry of this number and all before it, when it was seen.
  [[nodiscard]] std::optional<ChainHash> at(std::int64_t number) const;
};

// What the chain itself needs of an entry.
struct ChainLink {
  std::int64_t number = 0;
  std::chrono::sys_seconds written{};
  std::optional<ChainPoint> removed{};  // of a Removal
};
using ReadLink = std::optional<ChainLink> (*)(std::string_view line);
std::optional<ChainLink> read_link(std::string_view line);  // of the log of checks

// Goes along a chain, entry by entry.
class ChainWalk {
public:
  // From the entries removed before the first; beside `earlier`, when it is given.
  explicit ChainWalk(const ChainPoint& removed, const LogHistory* earlier = nullptr, ReadLink read = read_link)
      : removed_(removed), head_(removed), earlier_(earlier), read_(read) {}
  // The next entry as it is kept, and the number that it is kept under, if any. What is wrong with it, or nothing.
  [[nodiscard]] std::optional<LogProblem> take(std::string_view line, crypto::ByteView hash,
                                               std::optional<std::int64_t> kept_as = std::nullopt);
  // When there are no more: what is missing in front and behind.
  [[nodiscard]] std::optional<LogProblem> finish() const;
  [[nodiscard]] const ChainPoint& head() const { return head_; }
  // Entries written earlier than the one before them: somebody set the clock back.
  [[nodiscard]] const std::vector<std::int64_t>& clock_set_back() const { return clock_set_back_; }

private:
  [[nodiscard]] bool differs(const ChainPoint& point) const;

  ChainPoint removed_, head_;
  const LogHistory* earlier_;
  ReadLink read_;
  ChainPoint told_;
  std::optional<std::chrono::sys_seconds> written_;
  std::vector<std::int64_t> clock_set_back_;
};

// A whole log, entry by entry.
struct LogReview {
  std::optional<LogProblem> problem{};  // the first
  ChainPoint removed, head;
  std::vector<std::int64_t> clock_set_back;
};

}  // namespace reader
