// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/read_back.hpp"

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

}  // namespace

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

bool acceptable(const reader::Verdict& verdict, bool activate_at_handover) {
  if (activate_at_handover) return verdict.headline == reader::Reason::not_active;
  return verdict.outcome == reader::Outcome::valid;
}

ReadBack read_back(crypto::Engine& engine, wire::Channel& card, wire::ApduLimits link, const CardImage& image,
                   const crypto::Secret& can, const reader::Trust& trust, const reader::Policy& policy,
                   bool activate_at_handover, std::chrono::sys_seconds at) {
  const reader::AccessKey key{crypto::PasswordKind::can, can.clone()};
  reader::SessionOptions options;
  options.link = link;
  const auto evidence = reader::inspect(engine, card, key, {}, options, at);
  ReadBack result;
  result.link_error = evidence.link_error;
  if (result.link_error) return result;
  const auto verdict = reader::verify(evidence, trust, policy, at);
  result.reason = verdict.headline;
  auto different = differences(image, evidence);
  if (!different.empty() || !acceptable(verdict, activate_at_handover))
    result.rejection = Rejection{verdict.headline, std::move(different)};
  return result;
}

}  // namespace personalize
