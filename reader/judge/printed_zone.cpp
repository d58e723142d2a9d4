// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/printed_zone.hpp"

#include <algorithm>

#include "card/patent/data_groups.hpp"
#include "reader/judge/reasons.hpp"

namespace reader {

void compare_zone(std::string_view printed, const Evidence& evidence, Verdict& verdict) {
  const auto* const dg1 = evidence.content(layout::FileId::dg1);
  const auto zone = dg1 ? patent::decode_dg1(*dg1) : crypto::unexpected(patent::DecodeError::missing_object);
  if (!zone || *zone == printed) return;  // what is not there, or no zone, has been said
  for (auto& [check, state] : verdict.checks)
    if (check == Check::content) state = CheckState::failed;
  std::erase_if(verdict.findings, [](const Finding& finding) {
    return finding.reason == Reason::ok || finding.reason == Reason::ok_extended ||
           finding.reason == Reason::data_mismatch;
  });
  verdict.findings.push_back({.reason = Reason::data_mismatch, .text = "mrz (print)"});
  std::ranges::stable_sort(verdict.findings, {}, [](const Finding& finding) { return rule_of(finding.reason).rank; });
  verdict.headline = verdict.findings.front().reason;
  verdict.outcome = rule_of(verdict.headline).outcome;
}

}  // namespace reader
