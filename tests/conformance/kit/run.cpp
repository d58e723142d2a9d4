// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/kit/run.hpp"

namespace conformance {
namespace {

Outcome outcome_of(const Case& one, Transcript& transcript) {
  try {
    return one.run(transcript);
  } catch (const Ended& ended) {
    return ended.outcome();
  } catch (const std::exception& fault) {
    return {Result::error, fault.what()};
  }
}

}  // namespace

Tally tally(std::span<const CaseReport> reports) {
  Tally out{};
  for (const auto& report : reports) ++out[static_cast<std::size_t>(report.outcome.result)];
  return out;
}

std::string_view name_of(Result result) {
  constexpr std::array<std::string_view, 4> kNames{"passed", "failed", "not applicable", "error"};
  return kNames[static_cast<std::size_t>(result)];
}

bool selects(std::string_view selector, std::string_view id) {
  if (!id.starts_with(selector)) return false;
  return id.size() == selector.size() || selector.ends_with('_') || id[selector.size()] == '_';
}

std::vector<CaseReport> run_cases(std::span<const Case> cases, const std::stop_token& stop, const CaseDone& done) {
  std::vector<CaseReport> reports;
  for (const Case& one : cases) {
    if (stop.stop_requested()) break;
    CaseReport report;
    report.of = &one;
    const auto begin = std::chrono::steady_clock::now();
    report.outcome = outcome_of(one, report.transcript);
    report.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
    reports.push_back(std::move(report));
    if (done) done(reports.back(), reports.size(), cases.size());
  }
  return reports;
}

}  // namespace conformance
