// SPDX-License-Identifier: Apache-2.0
// Owns the judgement of a patent's life today: one for station and handheld, pure, without allocation. Its decision
// table is data (docs/judgement.md); `patent-reader explain` prints it.
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

enum class Answer : std::uint8_t { not_asked, yes, no };

// The card's own newest trusted record.
struct RecordedStatus {
  patent::State state{};
  std::uint8_t months_paid = 0;
  patent::PaidPeriodPolicy policy{};
  std::uint32_t sequence = 0;
  std::chrono::sys_seconds as_of{};
};

// All that the answer depends on, and nothing else.
struct Situation {
  patent::Date issue_date{};
  patent::Date last_day{};            // of the document
  patent::PaidPeriodPolicy policy{};  // of the document; a record's own goes before it
  std::optional<RecordedStatus> record{};
  ListedStatus listed{};
  Answer territory = Answer::not_asked;   // does the patent hold where the check takes place?
  Answer profession = Answer::not_asked;  // is it for the work that the officer sees?
  Answer receipt = Answer::not_asked;     // does the holder show a receipt?
  bool person_flagged = false;            // only with the right role
  bool region_live = true;
  std::chrono::sys_seconds newest_signed{};  // that somebody trusted has signed, lists and packages included
  std::optional<std::chrono::sys_seconds> synchronised{};  // when the device's clock was last set by somebody trusted
};

// Limits and offsets, as of Policy.
struct EvaluationLimits {
  std::chrono::hours soft{24};
  std::chrono::hours hard{72};
  std::chrono::hours clock_trust{24 * 30};  // how far past the last synchronisation the clock is believed
  std::chrono::minutes utc_offset{180};
  std::chrono::minutes clock_tolerance{10};
};

struct Hit {
  Reason reason{};
  std::optional<patent::Date> date{};
  std::optional<std::chrono::sys_seconds> as_of{};
  std::optional<std::int64_t> amount{};
};

struct Evaluation {
  Outcome outcome = Outcome::needs_check;
  Reason headline = Reason::status_missing;
  std::array<Hit, 16> hits{};  // the worst first
  std::size_t count = 0;
  // state, term, paid_period, status_age, territory, clock
  std::array<CheckResult, 6> checks{};
  std::optional<patent::Date> paid_until{};
  std::optional<std::uint8_t> months_paid{};
  std::optional<std::chrono::sys_seconds> status_as_of{};

  [[nodiscard]] std::span<const Hit> found() const { return {hits.data(), count}; }
};

[[nodiscard]] Evaluation evaluate(const Situation& situation, const EvaluationLimits& limits,
                                  std::chrono::sys_seconds at) noexcept;

}  // namespace reader
