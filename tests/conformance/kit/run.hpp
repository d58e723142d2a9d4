// SPDX-License-Identifier: Apache-2.0
// Owns the running of cases, one after the other, until the end or until somebody asks to stop.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "tests/conformance/kit/case.hpp"

namespace conformance {

struct CaseReport {
  const Case* of = nullptr;  // the case must outlive its report
  Outcome outcome;
  std::chrono::microseconds elapsed{};
  Transcript transcript;
};

// One count for each Result.
using Tally = std::array<std::size_t, 4>;
[[nodiscard]] Tally tally(std::span<const CaseReport> reports);
[[nodiscard]] std::string_view name_of(Result result);  // "passed", "failed", "not applicable", "error"

// "ISO7816_J_1" names that case only, "ISO7816_J" the whole unit, "ISO7816" all of its units.
[[nodiscard]] bool selects(std::string_view selector, std::string_view id);

using CaseDone = std::function<void(const CaseReport&, std::size_t place, std::size_t of)>;
// The cases in their order. Those behind a stop have no report.
[[nodiscard]] std::vector<CaseReport> run_cases(std::span<const Case> cases, const std::stop_token& stop,
                                                const CaseDone& done);

}  // namespace conformance
