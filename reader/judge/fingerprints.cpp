// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/fingerprints.hpp"

#include "card/patent/finger.hpp"

namespace reader {
namespace {

using enum CheckState;
constexpr auto kCheck = Check::terminal_authentication;

void unread(std::string who, Judgement& judgement) {
  judgement.find(Finding{.reason = Reason::fingers_unread, .text = std::move(who)});
}

}  // namespace

void judge_terminal(const Evidence& evidence, Judgement& judgement) {
  const auto& run = evidence.terminal_authentication;
  if (!run || run->outcome == TerminalOutcome::not_offered) return judgement.set(kCheck, not_supported);
  if (run->outcome == TerminalOutcome::not_tried) {
    judgement.set(kCheck, undetermined);
    return unread({}, judgement);
  }
  judgement.set(kCheck, run->outcome == TerminalOutcome::done ? successful : failed);
  const auto fingers = evidence.outcome(layout::FileId::dg3);
  if (run->outcome != TerminalOutcome::done || fingers == ReadOutcome::refused) unread(run->reference, judgement);
  if (fingers == ReadOutcome::malformed) judgement.find(Reason::unreadable);
}

void read_fingers(const AuthenticDocument& document, DocumentFacts& facts, Judgement& judgement) {
  const auto* const dg3 = document.data_group(3);
  if (!dg3) return;
  auto fingers = patent::decode_dg3(*dg3);
  if (!fingers) return judgement.fail(Check::content, failed, Reason::unreadable);
  for (auto& finger : fingers->images)
    facts.fingers.push_back({static_cast<std::uint8_t>(finger.position),
                             finger.format == patent::FingerFormat::jpeg2000, std::move(finger.image)});
  if (fingers->absent) facts.fingers_absent = static_cast<std::uint8_t>(*fingers->absent);
}

}  // namespace reader
