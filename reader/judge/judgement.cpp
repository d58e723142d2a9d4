// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/judgement.hpp"

#include <algorithm>

#include "reader/judge/checks.hpp"

namespace reader {

Judgement::Judgement(DocumentKind kind) : kind_(kind) {
  for (const auto check : checks_of(kind)) checks_.push_back({check, CheckState::aborted});
}

void Judgement::set(Check check, CheckState state) {
  const auto found = std::ranges::find(checks_, check, &CheckResult::check);
  if (found != checks_.end()) found->state = state;
}

CheckState Judgement::state(Check check) const {
  const auto found = std::ranges::find(checks_, check, &CheckResult::check);
  return found == checks_.end() ? CheckState::aborted : found->state;
}

void Judgement::find(Finding finding) {
  if (std::ranges::find(findings_, finding.reason, &Finding::reason) == findings_.end())
    findings_.push_back(std::move(finding));
}

Verdict Judgement::conclude(Finding ok, DocumentFacts facts, std::chrono::sys_seconds at) && {
  const bool spoken_against =
      std::ranges::any_of(findings_, [](const Finding& f) { return rule_of(f.reason).outcome != Outcome::valid; });
  const bool all_passed = std::ranges::all_of(mandatory_checks(kind_), [&](Check check) { return passed(check); }) &&
                          std::ranges::all_of(checks_if_announced(kind_), [&](Check check) {
                            return passed(check) || state(check) == CheckState::not_supported;
                          });
  if (!spoken_against) {
    if (all_passed)
      find(std::move(ok));
    else
      find(Reason::unreadable);  // something did not run, and nobody said why: never VALID
  }
  std::ranges::stable_sort(findings_, {}, [](const Finding& finding) { return rule_of(finding.reason).rank; });

  Verdict verdict;
  verdict.headline = findings_.front().reason;
  verdict.outcome = rule_of(verdict.headline).outcome;
  verdict.findings = std::move(findings_);
  verdict.checks = std::move(checks_);
  verdict.facts = std::move(facts);
  verdict.at = at;
  return verdict;
}

}  // namespace reader
