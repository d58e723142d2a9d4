// SPDX-License-Identifier: Apache-2.0
// Owns what a reason means for the people at a check: what the officer does next, and which line the holder is shown.
#pragma once

#include <algorithm>
#include <array>

#include "reader/include/patent/verdict.hpp"

namespace reader {

enum class Advice : std::uint8_t {
  nothing,
  withdraw,
  stop,
  suspect_forgery,
  ask_receipt,
  check_by_number,
  present_again,
  refresh_device,
  set_clock,
  ask_holder,
  other_document,
  call_duty,
};

enum class HolderLine : std::uint8_t {
  paid,
  unpaid,
  payment_not_seen,
  term_over,
  annulled,
  card_gone,
  suspended,
  elsewhere,
  not_active,
  profession,
  cannot_say,  // the device's affair, or nobody's: it is not held against the holder
  not_genuine,
  read_again,
  not_a_patent,
};

struct ReasonAdvice {
  Reason reason;
  Advice officer;
  HolderLine holder;
};

inline constexpr std::array kReasonAdvice{
    ReasonAdvice{Reason::forged, Advice::suspect_forgery, HolderLine::not_genuine},
    ReasonAdvice{Reason::clone_suspect, Advice::suspect_forgery, HolderLine::not_genuine},
    ReasonAdvice{Reason::data_mismatch, Advice::suspect_forgery, HolderLine::not_genuine},
    ReasonAdvice{Reason::annulled, Advice::stop, HolderLine::annulled},
    ReasonAdvice{Reason::lost, Advice::withdraw, HolderLine::card_gone},
    ReasonAdvice{Reason::replaced, Advice::withdraw, HolderLine::card_gone},
    ReasonAdvice{Reason::returned, Advice::withdraw, HolderLine::card_gone},
    ReasonAdvice{Reason::revoked, Advice::stop, HolderLine::annulled},
    ReasonAdvice{Reason::suspended, Advice::stop, HolderLine::suspended},
    ReasonAdvice{Reason::term_over, Advice::stop, HolderLine::term_over},
    ReasonAdvice{Reason::unpaid, Advice::stop, HolderLine::unpaid},
    ReasonAdvice{Reason::wrong_territory, Advice::ask_holder, HolderLine::elsewhere},
    ReasonAdvice{Reason::not_a_patent, Advice::other_document, HolderLine::not_a_patent},
    ReasonAdvice{Reason::paper, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::no_chip, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::can_wrong, Advice::present_again, HolderLine::read_again},
    ReasonAdvice{Reason::signer_revoked, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::unknown_issuer, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::signer_expired, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::unreadable, Advice::present_again, HolderLine::read_again},
    ReasonAdvice{Reason::algorithm_not_accepted, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::document_expired, Advice::other_document, HolderLine::cannot_say},
    ReasonAdvice{Reason::not_active, Advice::check_by_number, HolderLine::not_active},
    ReasonAdvice{Reason::payment_not_seen, Advice::ask_receipt, HolderLine::payment_not_seen},
    ReasonAdvice{Reason::unpaid_unconfirmed, Advice::ask_receipt, HolderLine::unpaid},
    ReasonAdvice{Reason::state_unknown, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::status_untrusted, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::status_other_card, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::status_signer, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::status_order, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::status_gap, Advice::refresh_device, HolderLine::cannot_say},
    ReasonAdvice{Reason::list_no_entry, Advice::refresh_device, HolderLine::cannot_say},
    ReasonAdvice{Reason::status_missing, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::revocation_unknown, Advice::refresh_device, HolderLine::cannot_say},
    ReasonAdvice{Reason::person_flag, Advice::call_duty, HolderLine::cannot_say},
    ReasonAdvice{Reason::profession, Advice::ask_holder, HolderLine::profession},
    ReasonAdvice{Reason::region_not_live, Advice::check_by_number, HolderLine::cannot_say},
    ReasonAdvice{Reason::terminal_expired, Advice::refresh_device, HolderLine::cannot_say},
    ReasonAdvice{Reason::clock, Advice::set_clock, HolderLine::cannot_say},
    ReasonAdvice{Reason::clock_unconfirmed, Advice::refresh_device, HolderLine::cannot_say},
    ReasonAdvice{Reason::stale, Advice::refresh_device, HolderLine::cannot_say},
    ReasonAdvice{Reason::ok_extended, Advice::nothing, HolderLine::paid},
    ReasonAdvice{Reason::ok, Advice::nothing, HolderLine::paid},
    ReasonAdvice{Reason::status_ageing, Advice::refresh_device, HolderLine::paid},
    ReasonAdvice{Reason::states_differ, Advice::nothing, HolderLine::paid},
    ReasonAdvice{Reason::months_differ, Advice::nothing, HolderLine::paid},
    ReasonAdvice{Reason::fingers_unread, Advice::nothing, HolderLine::paid},
};

[[nodiscard]] constexpr ReasonAdvice advice_of(Reason reason) {
  const auto* const found = std::ranges::find(kReasonAdvice, reason, &ReasonAdvice::reason);
  return found == kReasonAdvice.end() ? ReasonAdvice{reason, Advice::check_by_number, HolderLine::cannot_say} : *found;
}

}  // namespace reader
