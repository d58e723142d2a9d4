// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/reasons.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace reader {
namespace {

using enum Outcome;

// FORGED and CLONE before ANNULLED and LOST, before TERM_OVER and UNPAID, before WRONG_TERRITORY, before what nobody
// can say today, before CLOCK and STALE, before OK. Every INVALID stands before every NEEDS CHECK, and those before
// VALID, so the headline's outcome is the verdict's.
constexpr std::array kRules{
    ReasonRule{Reason::forged, invalid, 10, "FORGED"},
    ReasonRule{Reason::clone_suspect, invalid, 11, "CLONE_SUSPECT"},
    ReasonRule{Reason::data_mismatch, invalid, 12, "DATA_MISMATCH"},
    ReasonRule{Reason::annulled, invalid, 20, "ANNULLED"},
    ReasonRule{Reason::lost, invalid, 21, "LOST"},
    ReasonRule{Reason::replaced, invalid, 22, "REPLACED"},
    ReasonRule{Reason::returned, invalid, 23, "RETURNED"},
    ReasonRule{Reason::revoked, invalid, 24, "REVOKED"},
    ReasonRule{Reason::suspended, invalid, 25, "SUSPENDED"},
    ReasonRule{Reason::term_over, invalid, 30, "TERM_OVER"},
    ReasonRule{Reason::unpaid, invalid, 31, "UNPAID"},
    ReasonRule{Reason::wrong_territory, invalid, 40, "WRONG_TERRITORY"},
    ReasonRule{Reason::not_a_patent, needs_check, 50, "NOT_A_PATENT"},
    ReasonRule{Reason::paper, needs_check, 51, "PAPER"},
    ReasonRule{Reason::no_chip, needs_check, 52, "NO_CHIP"},
    ReasonRule{Reason::can_wrong, needs_check, 53, "CAN_WRONG"},
    ReasonRule{Reason::signer_revoked, needs_check, 54, "SIGNER_REVOKED"},
    ReasonRule{Reason::unknown_issuer, needs_check, 55, "UNKNOWN_ISSUER"},
    ReasonRule{Reason::signer_expired, needs_check, 56, "SIGNER_EXPIRED"},
    ReasonRule{Reason::unreadable, needs_check, 57, "UNREADABLE"},
    ReasonRule{Reason::algorithm_not_accepted, needs_check, 58, "ALGORITHM_NOT_ACCEPTED"},
    ReasonRule{Reason::document_expired, needs_check, 59, "DOCUMENT_EXPIRED"},
    ReasonRule{Reason::not_active, needs_check, 60, "NOT_ACTIVE"},
    ReasonRule{Reason::payment_not_seen, needs_check, 61, "PAYMENT_NOT_SEEN"},
    ReasonRule{Reason::unpaid_unconfirmed, needs_check, 62, "UNPAID_UNCONFIRMED"},
    ReasonRule{Reason::state_unknown, needs_check, 63, "STATE_UNKNOWN"},
    ReasonRule{Reason::status_untrusted, needs_check, 64, "STATUS_UNTRUSTED"},
    ReasonRule{Reason::status_other_card, needs_check, 65, "STATUS_OTHER_CARD"},
    ReasonRule{Reason::status_signer, needs_check, 66, "STATUS_SIGNER"},
    ReasonRule{Reason::status_order, needs_check, 67, "STATUS_ORDER"},
    ReasonRule{Reason::status_gap, needs_check, 68, "STATUS_GAP"},
    ReasonRule{Reason::list_no_entry, needs_check, 69, "LIST_NO_ENTRY"},
    ReasonRule{Reason::status_missing, needs_check, 70, "STATUS_MISSING"},
    ReasonRule{Reason::revocation_unknown, needs_check, 71, "REVOCATION_UNKNOWN"},
    ReasonRule{Reason::person_flag, needs_check, 75, "PERSON_FLAG"},
    ReasonRule{Reason::profession, needs_check, 76, "PROFESSION"},
    ReasonRule{Reason::region_not_live, needs_check, 77, "REGION_NOT_LIVE"},
    ReasonRule{Reason::terminal_expired, needs_check, 78, "TERMINAL_EXPIRED"},
    ReasonRule{Reason::clock, needs_check, 80, "CLOCK"},
    ReasonRule{Reason::clock_unconfirmed, needs_check, 81, "CLOCK_UNCONFIRMED"},
    ReasonRule{Reason::stale, needs_check, 82, "STALE"},
    ReasonRule{Reason::ok_extended, valid, 90, "OK_EXTENDED"},
    ReasonRule{Reason::ok, valid, 91, "OK"},
    ReasonRule{Reason::status_ageing, valid, 92, "STATUS_AGEING"},
    ReasonRule{Reason::states_differ, valid, 93, "STATES_DIFFER"},
    ReasonRule{Reason::months_differ, valid, 94, "MONTHS_DIFFER"},
    ReasonRule{Reason::fingers_unread, valid, 95, "FINGERS_UNREAD"},
};
static_assert(std::ranges::is_sorted(kRules, {}, &ReasonRule::rank));
static_assert(std::ranges::is_sorted(kRules, {}, [](const ReasonRule& rule) {
  return rule.outcome == invalid ? 0 : rule.outcome == needs_check ? 1 : 2;
}));

constexpr std::array kCheckNames{
    std::pair{Check::pace, "pace"},
    std::pair{Check::bac, "bac"},
    std::pair{Check::sod_signature, "sod_signature"},
    std::pair{Check::signer_chain, "signer_chain"},
    std::pair{Check::signer_validity, "signer_validity"},
    std::pair{Check::signer_revocation, "signer_revocation"},
    std::pair{Check::data_group_hashes, "data_group_hashes"},
    std::pair{Check::com_consistency, "com_consistency"},
    std::pair{Check::card_access_consistency, "card_access_consistency"},
    std::pair{Check::issuing_state, "issuing_state"},
    std::pair{Check::content, "content"},
    std::pair{Check::expiry, "expiry"},
    std::pair{Check::chip_authentication, "chip_authentication"},
    std::pair{Check::active_authentication, "active_authentication"},
    std::pair{Check::terminal_authentication, "terminal_authentication"},
    std::pair{Check::status_signature, "status_signature"},
    std::pair{Check::status_age, "status_age"},
    std::pair{Check::state, "state"},
    std::pair{Check::term, "term"},
    std::pair{Check::paid_period, "paid_period"},
    std::pair{Check::territory, "territory"},
    std::pair{Check::clock, "clock"},
};

// A patent's: all but the chip's proofs, the terminal's, which says nothing of the patent, and the territory, which is
// not asked for without a place.
constexpr std::array kPatent{
    Check::pace,
    Check::sod_signature,
    Check::signer_chain,
    Check::signer_validity,
    Check::signer_revocation,
    Check::data_group_hashes,
    Check::com_consistency,
    Check::card_access_consistency,
    Check::issuing_state,
    Check::content,
    Check::status_signature,
    Check::status_age,
    Check::state,
    Check::term,
    Check::paid_period,
    Check::clock,
};
constexpr std::array kPatentIfAnnounced{Check::chip_authentication, Check::active_authentication};
static_assert(kPatent.size() + kPatentIfAnnounced.size() + 4 == kCheckNames.size(),
              "territory and the terminal stand apart; bac and expiry are not a patent's");

// Of the two ways in, a document has one; what it offers before that stands in EF.CardAccess, where it has PACE.
constexpr std::array kPassport{
    Check::sod_signature,
    Check::signer_chain,
    Check::signer_validity,
    Check::signer_revocation,
    Check::data_group_hashes,
    Check::com_consistency,
    Check::issuing_state,
    Check::content,
    Check::expiry,
    Check::clock,
};
constexpr std::array kPassportIfAnnounced{Check::pace, Check::bac, Check::card_access_consistency,
                                          Check::chip_authentication, Check::active_authentication};

}  // namespace

std::span<const ReasonRule> reason_rules() { return kRules; }

const ReasonRule& rule_of(Reason reason) {
  const auto* const found = std::ranges::find(kRules, reason, &ReasonRule::reason);
  static constexpr ReasonRule kUnknown{Reason::unreadable, needs_check, 57, "UNREADABLE"};  // never valid
  return found == kRules.end() ? kUnknown : *found;
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case valid: return "VALID";
    case invalid: return "INVALID";
    case needs_check: break;
  }
  return "NEEDS CHECK";
}

std::string_view name_of(CheckState state) {
  switch (state) {
    case CheckState::successful: return "successful";
    case CheckState::failed: return "failed";
    case CheckState::undetermined: return "undetermined";
    case CheckState::not_supported: return "not_supported";
    case CheckState::aborted: break;
  }
  return "aborted";
}

std::string_view name_of(Check check) {
  const auto* const found = std::ranges::find(kCheckNames, check, [](const auto& entry) { return entry.first; });
  return found == kCheckNames.end() ? std::string_view{} : found->second;
}

std::span<const Check> mandatory_checks(DocumentKind kind) {
  return kind == DocumentKind::patent ? std::span<const Check>(kPatent) : kPassport;
}

std::span<const Check> checks_if_announced(DocumentKind kind) {
  return kind == DocumentKind::patent ? std::span<const Check>(kPatentIfAnnounced) : kPassportIfAnnounced;
}

}  // namespace reader
