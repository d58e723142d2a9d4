// SPDX-License-Identifier: Apache-2.0
// Owns the judgement of a patent's life today: one for station and handheld, pure, without allocation. Its decisions
// are data (decision_table.hpp, docs/judgement.md).
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <span>

#include "card/patent/patent.hpp"
#include "card/patent/status_record.hpp"
#include "reader/include/patent/verdict.hpp"
#include "reader/judge/status_lists.hpp"

namespace reader {

// What a trusted record of the card says.
struct RecordedStatus {
  patent::State state{};
  std::uint8_t months_paid = 0;
  patent::PaidPeriodPolicy policy{};
  std::chrono::sys_seconds as_of{};
};

// All that the answer depends on, and nothing else.
struct Situation {
  patent::Date issue_date{};
  patent::Date last_day{};                 // of the document
  patent::PaidPeriodPolicy policy{};       // of the document; a record's own goes before it
  std::optional<RecordedStatus> record{};  // the newest
  std::optional<RecordedStatus> gone{};    // an older one by which the card is lost, replaced or returned
  bool records_left_out = false;           // sequence numbers are missing on the card
  ListedStatus listed{};
  Answer territory = Answer::not_asked;   // does the patent hold where the check takes place?
  Answer profession = Answer::not_asked;  // is it for the work that the officer sees?
  Answer receipt = Answer::not_asked;     // does the holder show a receipt?
  bool person_flagged = false;            // only with the right role
  bool region_live = true;
  std::chrono::sys_seconds newest_signed{};  // that somebody trusted has signed, beside the records and lists above
  std::optional<std::chrono::sys_seconds> synchronised{};  // when the device last heard the time from somebody trusted
};

// Limits and offsets, as of Policy.
struct EvaluationLimits {
  std::chrono::hours soft{24};
  std::chrono::hours hard{72};
  std::chrono::hours clock_trust{24 * 30};  // how far past the last synchronisation the clock is believed
  std::chrono::days receipt{30};            // how long behind the paid period a receipt is waited for
  std::chrono::minutes utc_offset{180};
  std::chrono::minutes clock_tolerance{10};
};

struct Hit {
  Reason reason{};
  std::optional<patent::Date> date{};
  std::optional<std::chrono::sys_seconds> as_of{};
  std::optional<std::int64_t> amount{};
};

inline constexpr std::size_t kMostHits = 16;

struct Evaluation {
  Outcome outcome = Outcome::needs_check;
  Reason headline = Reason::status_missing;
  std::array<Hit, kMostHits> hits;  // the worst first; the first `count` of them
  std::size_t count = 0;
  // status_age, state, term, paid_period, territory, clock
  std::array<CheckResult, 6> checks{};
  std::optional<patent::Date> paid_until{};
  std::optional<std::uint8_t> months_paid{};
  std::optional<std::chrono::sys_seconds> status_as_of{};  // of the older of the two facts that decided

  [[nodiscard]] std::span<const Hit> found() const { return {hits.data(), count}; }
};

[[nodiscard]] Evaluation evaluate(const Situation& situation, const EvaluationLimits& limits,
                                  std::chrono::sys_seconds at) noexcept;

// Out of its holder's hands a card stays what it is: the issuer knows no way back from these states.
[[nodiscard]] constexpr bool is_gone(patent::State state) {
  return state == patent::State::lost || state == patent::State::replaced || state == patent::State::returned;
}

// Whether the clock stands before a moment that somebody trusted has signed. For every kind of document.
[[nodiscard]] constexpr bool clock_is_behind(std::chrono::sys_seconds newest_signed, std::chrono::sys_seconds at,
                                             std::chrono::minutes tolerance) {
  return newest_signed > at + tolerance;
}

}  // namespace reader
