// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/situation.hpp"

#include <algorithm>

#include "card/patent/territory.hpp"

namespace reader {
namespace {

RecordedStatus recorded(const patent::StatusRecord& record) {
  return {record.state, record.months_paid, record.policy, record.as_of};
}

Answer holds_here(const patent::Patent& patent, const Policy& policy) {
  if (policy.territory_oktmo.empty()) return Answer::not_asked;
  return patent::same_territory(patent.territory_oktmo, policy.territory_oktmo) ? Answer::yes : Answer::no;
}

// A device that knows no regions cannot say that one is not live.
bool region_live(const patent::Patent& patent, const patent::RegionProfiles& regions) {
  if (regions.empty()) return true;
  const auto* const region = regions.of_series(patent.series);
  return region != nullptr && region->live_on(patent.issue_date);
}

}  // namespace

EvaluationLimits limits_of(const Policy& policy) {
  return {.soft = policy.status_soft_limit,
          .hard = policy.status_hard_limit,
          .clock_trust = policy.clock_trust,
          .receipt = policy.receipt_wait,
          .utc_offset = policy.utc_offset,
          .clock_tolerance = policy.clock_tolerance};
}

Situation situation_of(const patent::Patent& patent, const TrustedStatus& status, const Trust& trust,
                       const Policy& policy, const OfficerAnswers& officer, std::chrono::sys_seconds newest_signed) {
  Situation out;
  out.issue_date = patent.issue_date;
  out.last_day = patent.last_day;
  out.policy = patent.paid_period_policy;
  out.record = status.newest ? std::optional(recorded(*status.newest)) : std::nullopt;
  out.gone = status.gone ? std::optional(recorded(*status.gone)) : std::nullopt;
  out.records_left_out = status.left_out;
  if (!patent.status_list_uri.empty()) out.listed = trust.lists.find(patent.status_list_uri, patent.status_index);
  out.territory = holds_here(patent, policy);
  out.profession = officer.profession_fits;
  out.receipt = officer.receipt_shown;
  out.person_flagged = officer.person_flagged == Answer::yes &&
                       std::ranges::find(policy.person_flag_roles, officer.role) != policy.person_flag_roles.end();
  out.region_live = region_live(patent, trust.regions);
  out.synchronised = trust.newest_package;
  out.newest_signed = std::max(newest_signed, trust.newest_package.value_or(newest_signed));
  if (const auto lists = trust.lists.newest_signed_time()) out.newest_signed = std::max(out.newest_signed, *lists);
  return out;
}

std::vector<ListUsed> lists_of(const patent::Patent& patent, const Trust& trust) {
  std::vector<ListUsed> out;
  if (patent.status_list_uri.empty()) return out;
  for (const auto kind : {patent::ListKind::states, patent::ListKind::months})
    if (const auto* const list = trust.lists.list(kind, patent.status_list_uri))
      out.push_back({kind == patent::ListKind::states ? "states" : "months", list->uri, list->issued_at});
  return out;
}

}  // namespace reader
