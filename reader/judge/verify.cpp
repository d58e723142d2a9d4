// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/verify.hpp"

#include <algorithm>

#include "card/patent/data_groups.hpp"
#include "card/patent/face.hpp"
#include "reader/judge/chip_authenticity.hpp"
#include "reader/judge/fingerprints.hpp"
#include "reader/judge/judgement.hpp"
#include "reader/judge/passive_authentication.hpp"
#include "reader/judge/patent_verdict.hpp"
#include "reader/judge/situation.hpp"

namespace reader {
namespace {

using enum CheckState;
using layout::FileId;

class Verification {
public:
  Verification(const Evidence& evidence, const Trust& trust, const Policy& policy, std::chrono::sys_seconds at,
               const OfficerAnswers& officer)
      : evidence_(evidence),
        trust_(trust),
        policy_(policy),
        at_(at),
        officer_(officer),
        revocations_(trust, policy, at) {}

  Verdict run() {
    if (came_in()) judge_document();
    auto verdict = std::move(judgement_).conclude(std::move(ok_), std::move(facts_), at_);
    verdict.lists = std::move(lists_);
    return verdict;
  }

private:
  // Sets the check pace; without it there is nothing to judge.
  bool came_in() {
    if (evidence_.link_error) judgement_.find(link_reason(*evidence_.link_error));
    if (evidence_.basic_access) {  // a holder's own document: no patent opens so
      judgement_.fail(Check::pace, not_supported, Reason::not_a_patent);
      return false;
    }
    switch (evidence_.access) {
      case AccessOutcome::opened: judgement_.set(Check::pace, successful); return true;
      case AccessOutcome::wrong_password: judgement_.fail(Check::pace, failed, Reason::can_wrong); return false;
      case AccessOutcome::not_offered: judgement_.fail(Check::pace, not_supported, Reason::not_a_patent); return false;
      case AccessOutcome::refused: judgement_.fail(Check::pace, failed, Reason::unreadable); return false;
      case AccessOutcome::not_tried: judgement_.find(Reason::unreadable); return false;
    }
    return false;
  }

  static Reason link_reason(wire::LinkError error) {
    return error == wire::LinkError::card_mute ? Reason::no_chip : Reason::unreadable;
  }

  void judge_document() {
    const bool is_emrtd = std::ranges::any_of(evidence_.files, [](const ReadFile& file) {
      return layout::file(file.file).application == layout::Application::emrtd;
    });
    const bool no_patent =
        evidence_.outcome(FileId::dg13) == ReadOutcome::absent || (!is_emrtd && !evidence_.link_error);
    if (no_patent) judgement_.find(Reason::not_a_patent);
    if (!is_emrtd) return;

    const auto signed_by = authenticate(evidence_, trust_, policy_, revocations_, at_, judgement_);
    if (signed_by.document)
      judge_chip(evidence_, *signed_by.document, {judgement_.kind(), trust_, policy_, revocations_, at_}, judgement_);
    judge_terminal(evidence_, judgement_);
    const auto patent = no_patent ? std::nullopt : decode(signed_by.document.has_value());
    if (!patent) return;
    facts_ = facts_of(*patent);
    facts_.confirmed = signed_by.complete && judgement_.passed(Check::content);
    read_photo();
    if (signed_by.document) read_fingers(*signed_by.document, facts_, judgement_);
    // What nobody trusted has signed decides nothing.
    if (signed_by.document && judgement_.passed(Check::content)) judge_patent(*patent, signed_by);
  }

  std::optional<patent::Patent> decode(bool authentic) {
    const auto* const dg1 = evidence_.content(FileId::dg1);
    const auto* const dg11 = evidence_.content(FileId::dg11);
    const auto* const dg12 = evidence_.content(FileId::dg12);
    const auto* const dg13 = evidence_.content(FileId::dg13);
    if (!dg1 || !dg11 || !dg12 || !dg13) return std::nullopt;  // said by the hashes' check
    auto decoded = patent::decode_patent({*dg1, *dg11, *dg12, *dg13});
    if (!decoded) {
      judgement_.fail(Check::content, failed, Reason::unreadable);
      return std::nullopt;
    }
    judgement_.set(Check::content, authentic ? successful : undetermined);
    return *std::move(decoded);
  }

  void read_photo() {
    const auto* const dg2 = evidence_.content(FileId::dg2);
    if (!dg2) return;
    auto face = patent::decode_dg2(*dg2);
    if (!face) return judgement_.fail(Check::content, failed, Reason::unreadable);
    facts_.photo = std::move(face->image.data);
    facts_.photo_is_jpeg2000 = face->image.format == patent::ImageFormat::jpeg2000;
  }

  void judge_patent(const patent::Patent& patent, const PassiveAuthentication& document) {
    TrustedStatus status;
    if (evidence_.records == ReadOutcome::read)
      status = trusted_status(evidence_, {patent.card_number, patent.series + patent.number, document.country}, trust_,
                              revocations_, judgement_);
    auto newest = document.signed_at.value_or(std::chrono::sys_days{patent.issue_date} - policy_.utc_offset);
    if (const auto list = revocations_.newest_signed_time()) newest = std::max(newest, *list);
    const auto life =
        evaluate(situation_of(patent, status, trust_, policy_, officer_, newest), limits_of(policy_), at_);
    lists_ = lists_of(patent, trust_);
    // Lists were verified when they were installed: where the card has no record, they are what was signed.
    if (evidence_.status_records.empty() && life.status_as_of) judgement_.set(Check::status_signature, successful);
    take(life, patent, judgement_, facts_, ok_);
  }

  const Evidence& evidence_;
  const Trust& trust_;
  const Policy& policy_;
  std::chrono::sys_seconds at_;
  const OfficerAnswers& officer_;
  Revocations revocations_;
  Judgement judgement_;
  DocumentFacts facts_;
  std::vector<ListUsed> lists_;
  Finding ok_{.reason = Reason::ok};
};

}  // namespace

Verdict verify(const Evidence& evidence, const Trust& trust, const Policy& policy, std::chrono::sys_seconds at,
               const OfficerAnswers& officer) {
  return Verification(evidence, trust, policy, at, officer).run();
}

}  // namespace reader
