// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/reasons.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace reader {
namespace {

using enum Outcome;

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
    std::pair{Check::seal_signature, "seal_signature"},
    std::pair{Check::seal_agreement, "seal_agreement"},
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
static_assert(kPatent.size() + kPatentIfAnnounced.size() + 6 == kCheckNames.size(),
              "territory and the terminal stand apart; bac, expiry and the seal's two are not a patent's");

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

// A seal's, which are never enough: NO_CHIP is always said beside them.
constexpr std::array kSeal{
    Check::seal_signature, Check::signer_chain, Check::signer_validity, Check::signer_revocation,
    Check::issuing_state,  Check::content,      Check::status_age,      Check::state,
    Check::term,           Check::paid_period,  Check::clock,
};
constexpr std::array kSealIfAnnounced{Check::seal_agreement};

}  // namespace

std::span<const ReasonRule> reason_rules() { return kReasonRules; }

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
  switch (kind) {
    case DocumentKind::passport: return kPassport;
    case DocumentKind::seal: return kSeal;
    case DocumentKind::patent: break;
  }
  return kPatent;
}

std::span<const Check> checks_if_announced(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::passport: return kPassportIfAnnounced;
    case DocumentKind::seal: return kSealIfAnnounced;
    case DocumentKind::patent: break;
  }
  return kPatentIfAnnounced;
}

}  // namespace reader
