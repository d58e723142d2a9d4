// SPDX-License-Identifier: Apache-2.0
#include "reader/passport/passport.hpp"

#include "card/patent/paid_period.hpp"
#include "reader/judge/chip_authenticity.hpp"
#include "reader/judge/evaluator.hpp"
#include "reader/judge/judgement.hpp"
#include "reader/judge/passive_authentication.hpp"
#include "reader/passport/passport_facts.hpp"

namespace reader {
namespace {

using enum CheckState;
using layout::FileId;

class PassportJudgement {
public:
  PassportJudgement(const Evidence& evidence, const Trust& trust, const Policy& policy, std::chrono::sys_seconds at,
                    const AccessKey* opened_with)
      : evidence_(evidence),
        trust_(for_foreign_documents(trust)),
        policy_(policy),
        at_(at),
        opened_with_(opened_with),
        revocations_(trust_, policy, at) {}

  PassportVerdict run() {
    if (came_in()) judge_document();
    return {std::move(judgement_).conclude({.reason = Reason::ok}, {}, at_), std::move(facts_)};
  }

private:
  // Sets the checks pace and bac: one of them was the way in.
  bool came_in() {
    const auto way = evidence_.basic_access ? Check::bac : Check::pace;
    judgement_.set(evidence_.basic_access ? Check::pace : Check::bac, not_supported);
    if (evidence_.link_error)
      judgement_.find(*evidence_.link_error == wire::LinkError::card_mute ? Reason::no_chip : Reason::unreadable);
    switch (evidence_.access) {
      case AccessOutcome::opened: judgement_.set(way, successful); return true;
      case AccessOutcome::wrong_password: judgement_.fail(way, failed, Reason::can_wrong); break;
      case AccessOutcome::not_offered: judgement_.fail(way, not_supported, Reason::unreadable); break;
      case AccessOutcome::refused: judgement_.fail(way, failed, Reason::unreadable); break;
      case AccessOutcome::not_tried: judgement_.find(Reason::unreadable); break;
    }
    return false;
  }

  void judge_document() {
    const auto signed_by = authenticate(evidence_, trust_, policy_, revocations_, at_, judgement_);
    if (signed_by.document)
      judge_chip(evidence_, *signed_by.document, {judgement_.kind(), trust_, policy_, revocations_, at_}, judgement_);
    read_facts(signed_by.document.has_value());
    // What nobody trusted has signed says nothing of the time.
    if (!signed_by.document) return;
    auto newest = signed_by.signed_at.value_or(std::chrono::sys_seconds{});
    if (const auto list = revocations_.newest_signed_time()) newest = std::max(newest, *list);
    const bool behind = clock_is_behind(newest, at_, policy_.clock_tolerance);
    judgement_.set(Check::clock, behind ? failed : successful);
    if (behind) judgement_.find({.reason = Reason::clock, .as_of = newest});
  }

  void read_facts(bool authentic) {
    const auto* const dg1 = evidence_.content(FileId::dg1);
    const auto* const dg2 = evidence_.content(FileId::dg2);
    if (!dg1 || !dg2) return;  // said by the hashes' check
    const auto today = patent::civil_date(at_, policy_.utc_offset);
    auto facts = passport_facts({*dg1, *dg2, evidence_.content(FileId::dg11), evidence_.content(FileId::dg12)}, today);
    if (!facts) return judgement_.fail(Check::content, failed, Reason::unreadable);
    judgement_.set(Check::content, authentic ? successful : undetermined);
    if (!is_zone_that_opened(*dg1)) judgement_.fail(Check::content, failed, Reason::data_mismatch);
    const bool expired = facts->expires < today;
    judgement_.set(Check::expiry, expired ? failed : successful);
    if (expired) judgement_.find({.reason = Reason::document_expired, .date = facts->expires});
    facts_ = *std::move(facts);
  }

  [[nodiscard]] bool is_zone_that_opened(ByteView dg1) const {
    if (!opened_with_ || opened_with_->kind != crypto::PasswordKind::mrz) return true;
    const auto zone = patent::decode_dg1(dg1);
    const auto information = zone ? patent::mrz_information(*zone) : zone;
    return information && std::ranges::equal(crypto::as_bytes(*information), opened_with_->password.view());
  }

  const Evidence& evidence_;
  const Trust trust_;
  const Policy& policy_;
  std::chrono::sys_seconds at_;
  const AccessKey* opened_with_;
  Revocations revocations_;
  Judgement judgement_{DocumentKind::passport};
  std::optional<PassportFacts> facts_;
};

}  // namespace

PassportVerdict judge_passport(const Evidence& evidence, const Trust& trust, const Policy& policy,
                               std::chrono::sys_seconds at, const AccessKey* opened_with) {
  return PassportJudgement(evidence, trust, policy, at, opened_with).run();
}

}  // namespace reader
