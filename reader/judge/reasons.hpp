// SPDX-License-Identifier: Apache-2.0
// Owns what each reason means for the verdict: its outcome, its precedence and its stable name (docs/reason-codes.md).
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "reader/include/patent/verdict.hpp"
#include "reader/inspect/document_kind.hpp"

namespace reader {

struct ReasonRule {
  Reason reason;
  Outcome outcome;
  std::uint8_t rank;  // the lowest is the worst and gives the headline
  std::string_view name;
};

// FORGED and CLONE before ANNULLED and LOST, before TERM_OVER and UNPAID, before WRONG_TERRITORY, before what nobody
// can say today, before CLOCK and STALE, before OK. Every INVALID stands before every NEEDS CHECK, and those before
// VALID, so the headline's outcome is the verdict's.
inline constexpr std::array kReasonRules{
    ReasonRule{Reason::forged, Outcome::invalid, 10, "FORGED"},
    ReasonRule{Reason::clone_suspect, Outcome::invalid, 11, "CLONE_SUSPECT"},
    ReasonRule{Reason::data_mismatch, Outcome::invalid, 12, "DATA_MISMATCH"},
    ReasonRule{Reason::annulled, Outcome::invalid, 20, "ANNULLED"},
    ReasonRule{Reason::lost, Outcome::invalid, 21, "LOST"},
    ReasonRule{Reason::replaced, Outcome::invalid, 22, "REPLACED"},
    ReasonRule{Reason::returned, Outcome::invalid, 23, "RETURNED"},
    ReasonRule{Reason::revoked, Outcome::invalid, 24, "REVOKED"},
    ReasonRule{Reason::suspended, Outcome::invalid, 25, "SUSPENDED"},
    ReasonRule{Reason::term_over, Outcome::invalid, 30, "TERM_OVER"},
    ReasonRule{Reason::unpaid, Outcome::invalid, 31, "UNPAID"},
    ReasonRule{Reason::wrong_territory, Outcome::invalid, 40, "WRONG_TERRITORY"},
    ReasonRule{Reason::not_a_patent, Outcome::needs_check, 50, "NOT_A_PATENT"},
    ReasonRule{Reason::paper, Outcome::needs_check, 51, "PAPER"},
    ReasonRule{Reason::no_chip, Outcome::needs_check, 52, "NO_CHIP"},
    ReasonRule{Reason::can_wrong, Outcome::needs_check, 53, "CAN_WRONG"},
    ReasonRule{Reason::signer_revoked, Outcome::needs_check, 54, "SIGNER_REVOKED"},
    ReasonRule{Reason::unknown_issuer, Outcome::needs_check, 55, "UNKNOWN_ISSUER"},
    ReasonRule{Reason::signer_expired, Outcome::needs_check, 56, "SIGNER_EXPIRED"},
    ReasonRule{Reason::unreadable, Outcome::needs_check, 57, "UNREADABLE"},
    ReasonRule{Reason::algorithm_not_accepted, Outcome::needs_check, 58, "ALGORITHM_NOT_ACCEPTED"},
    ReasonRule{Reason::document_expired, Outcome::needs_check, 59, "DOCUMENT_EXPIRED"},
    ReasonRule{Reason::not_active, Outcome::needs_check, 60, "NOT_ACTIVE"},
    ReasonRule{Reason::payment_not_seen, Outcome::needs_check, 61, "PAYMENT_NOT_SEEN"},
    ReasonRule{Reason::unpaid_unconfirmed, Outcome::needs_check, 62, "UNPAID_UNCONFIRMED"},
    ReasonRule{Reason::state_unknown, Outcome::needs_check, 63, "STATE_UNKNOWN"},
    ReasonRule{Reason::status_untrusted, Outcome::needs_check, 64, "STATUS_UNTRUSTED"},
    ReasonRule{Reason::status_other_card, Outcome::needs_check, 65, "STATUS_OTHER_CARD"},
    ReasonRule{Reason::status_signer, Outcome::needs_check, 66, "STATUS_SIGNER"},
    ReasonRule{Reason::status_order, Outcome::needs_check, 67, "STATUS_ORDER"},
    ReasonRule{Reason::status_gap, Outcome::needs_check, 68, "STATUS_GAP"},
    ReasonRule{Reason::list_no_entry, Outcome::needs_check, 69, "LIST_NO_ENTRY"},
    ReasonRule{Reason::status_missing, Outcome::needs_check, 70, "STATUS_MISSING"},
    ReasonRule{Reason::revocation_unknown, Outcome::needs_check, 71, "REVOCATION_UNKNOWN"},
    ReasonRule{Reason::person_flag, Outcome::needs_check, 75, "PERSON_FLAG"},
    ReasonRule{Reason::profession, Outcome::needs_check, 76, "PROFESSION"},
    ReasonRule{Reason::region_not_live, Outcome::needs_check, 77, "REGION_NOT_LIVE"},
    ReasonRule{Reason::terminal_expired, Outcome::needs_check, 78, "TERMINAL_EXPIRED"},
    ReasonRule{Reason::clock, Outcome::needs_check, 80, "CLOCK"},
    ReasonRule{Reason::clock_unconfirmed, Outcome::needs_check, 81, "CLOCK_UNCONFIRMED"},
    ReasonRule{Reason::stale, Outcome::needs_check, 82, "STALE"},
    ReasonRule{Reason::ok_extended, Outcome::valid, 90, "OK_EXTENDED"},
    ReasonRule{Reason::ok, Outcome::valid, 91, "OK"},
    ReasonRule{Reason::status_ageing, Outcome::valid, 92, "STATUS_AGEING"},
    ReasonRule{Reason::states_differ, Outcome::valid, 93, "STATES_DIFFER"},
    ReasonRule{Reason::months_differ, Outcome::valid, 94, "MONTHS_DIFFER"},
    ReasonRule{Reason::fingers_unread, Outcome::valid, 95, "FINGERS_UNREAD"},
};
static_assert(std::ranges::is_sorted(kReasonRules, {}, &ReasonRule::rank));
static_assert(std::ranges::is_sorted(kReasonRules, {}, [](const ReasonRule& rule) {
  return rule.outcome == Outcome::invalid ? 0 : rule.outcome == Outcome::needs_check ? 1 : 2;
}));

std::span<const ReasonRule> reason_rules();
[[nodiscard]] constexpr ReasonRule rule_of(Reason reason) {
  const auto* const found = std::ranges::find(kReasonRules, reason, &ReasonRule::reason);
  // Never valid.
  return found == kReasonRules.end() ? ReasonRule{Reason::unreadable, Outcome::needs_check, 57, "UNREADABLE"} : *found;
}

std::string_view name_of(Outcome outcome);
std::string_view name_of(CheckState state);
std::string_view name_of(Check check);

// The checks that must all be successful before anything is VALID.
std::span<const Check> mandatory_checks(DocumentKind kind = DocumentKind::patent);
// And these, unless the document announces no key for them (not_supported).
std::span<const Check> checks_if_announced(DocumentKind kind = DocumentKind::patent);

}  // namespace reader
