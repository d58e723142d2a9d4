// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/read_back.hpp"

#include <algorithm>

#include "reader/judge/reasons.hpp"

namespace personalize {
namespace {

std::vector<layout::FileId> differences(const CardImage& image, const reader::Evidence& evidence) {
  std::vector<layout::FileId> different;
  for (const auto& [id, expected] : image.files) {
    const auto* const content = evidence.content(id);
    if (!content || *content != expected) different.push_back(id);
  }
  if (evidence.certificate_records != image.certificate_records) different.push_back(layout::FileId::certificates);
  if (evidence.status_records != image.status_records) different.push_back(layout::FileId::status);
  return different;
}

// What an inspection of a card with this image sees.
reader::Evidence evidence_of(const CardImage& image, std::chrono::sys_seconds at) {
  reader::Evidence evidence;
  evidence.taken_at = at;
  evidence.access = reader::AccessOutcome::opened;
  for (const auto& [id, content] : image.files) evidence.files.push_back({id, reader::ReadOutcome::read, content});
  evidence.status_records = image.status_records;
  evidence.certificate_records = image.certificate_records;
  evidence.records = reader::ReadOutcome::read;
  return evidence;
}

bool passed(const reader::Verdict& verdict, reader::Check check) {
  return std::ranges::find(verdict.checks, reader::CheckResult{check, reader::CheckState::successful}) !=
         verdict.checks.end();
}

}  // namespace

reader::Reason judge_image(const CardImage& image, const reader::Trust& trust, const reader::Policy& policy,
                           std::chrono::sys_seconds at) {
  using reader::Reason;
  const auto verdict = reader::verify(evidence_of(image, at), trust, policy, at);
  // A chip that gives no proof is a suspect; so is an EF.CardAccess that DG14 does not cover, and that one counts.
  const auto silence = [&](const reader::Finding& finding) {
    return finding.reason == Reason::clone_suspect && passed(verdict, reader::Check::card_access_consistency);
  };
  const auto worst = std::ranges::find_if_not(verdict.findings, silence);
  if (worst != verdict.findings.end() && !acceptable(worst->reason, false)) return worst->reason;
  const auto needed = reader::mandatory_checks();
  return std::ranges::all_of(needed, [&](auto check) { return passed(verdict, check); }) ? Reason::ok
                                                                                         : Reason::unreadable;
}

bool acceptable(reader::Reason headline, bool activate_at_handover) {
  if (activate_at_handover) return headline == reader::Reason::not_active;
  return reader::rule_of(headline).outcome == reader::Outcome::valid;
}

ReadBack read_back(crypto::Engine& engine, wire::Channel& card, wire::ApduLimits link, const CardImage& image,
                   const crypto::Secret& can, const reader::TerminalIdentity* terminal, const reader::Trust& trust,
                   const reader::Policy& policy, bool activate_at_handover, std::chrono::sys_seconds at) {
  const reader::AccessKey key{crypto::PasswordKind::can, can.clone()};
  reader::SessionOptions options;
  options.link = link;
  options.terminal = terminal;
  reader::ReadPlan plan;
  plan.fingers = image.files.contains(layout::FileId::dg3);
  const auto evidence = reader::inspect(engine, card, key, plan, options, at);
  ReadBack result;
  result.link_error = evidence.link_error;
  if (result.link_error) return result;
  const auto verdict = reader::verify(evidence, trust, policy, at);
  result.reason = verdict.headline;
  auto different = differences(image, evidence);
  if (!different.empty() || !acceptable(verdict.headline, activate_at_handover))
    result.rejection = Rejection{verdict.headline, std::move(different)};
  return result;
}

}  // namespace personalize
