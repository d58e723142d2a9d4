// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/checks.hpp"

#include <algorithm>
#include <array>

namespace reader {
namespace {

// What a check is to a kind of document; each is more than the one before.
enum class Need : std::uint8_t {
  absent,
  shown,  // decides nothing
  if_announced,
  mandatory,
  genuine,  // mandatory, and of the document itself
};
using enum Need;

struct CheckRule {
  Check check;
  std::string_view name;
  Need patent, passport, seal;
};

// Of a passport's two ways in, it has one, and what it offers before that stands in EF.CardAccess, where it has PACE.
// The terminal says nothing of the patent, and the territory is not asked for without a place. A seal's are never
// enough: NO_CHIP is always said beside them.
constexpr std::array kCheckRules{
    CheckRule{Check::pace, "pace", genuine, if_announced, absent},
    CheckRule{Check::bac, "bac", absent, if_announced, absent},
    CheckRule{Check::seal_signature, "seal_signature", absent, absent, genuine},
    CheckRule{Check::sod_signature, "sod_signature", genuine, genuine, absent},
    CheckRule{Check::signer_chain, "signer_chain", genuine, genuine, genuine},
    CheckRule{Check::signer_validity, "signer_validity", genuine, genuine, genuine},
    CheckRule{Check::signer_revocation, "signer_revocation", genuine, genuine, genuine},
    CheckRule{Check::data_group_hashes, "data_group_hashes", genuine, genuine, absent},
    CheckRule{Check::com_consistency, "com_consistency", genuine, genuine, absent},
    CheckRule{Check::card_access_consistency, "card_access_consistency", genuine, if_announced, absent},
    CheckRule{Check::issuing_state, "issuing_state", genuine, genuine, genuine},
    CheckRule{Check::content, "content", genuine, genuine, genuine},
    CheckRule{Check::seal_agreement, "seal_agreement", absent, absent, if_announced},
    CheckRule{Check::chip_authentication, "chip_authentication", if_announced, if_announced, absent},
    CheckRule{Check::active_authentication, "active_authentication", if_announced, if_announced, absent},
    CheckRule{Check::terminal_authentication, "terminal_authentication", shown, absent, absent},
    CheckRule{Check::clock, "clock", mandatory, mandatory, mandatory},
    CheckRule{Check::expiry, "expiry", absent, mandatory, absent},
    CheckRule{Check::status_signature, "status_signature", mandatory, absent, absent},
    CheckRule{Check::status_age, "status_age", mandatory, absent, mandatory},
    CheckRule{Check::state, "state", mandatory, absent, mandatory},
    CheckRule{Check::term, "term", mandatory, absent, mandatory},
    CheckRule{Check::paid_period, "paid_period", mandatory, absent, mandatory},
    CheckRule{Check::territory, "territory", shown, absent, shown},
};

template <Need CheckRule::*kKind, Need kLeast, Need kMost>
constexpr auto kSelected = [] {
  constexpr auto wanted = [](const CheckRule& rule) { return rule.*kKind >= kLeast && rule.*kKind <= kMost; };
  std::array<Check, std::ranges::count_if(kCheckRules, wanted)> checks{};
  std::size_t taken = 0;
  for (const auto& rule : kCheckRules)
    if (wanted(rule)) checks[taken++] = rule.check;
  return checks;
}();

template <Need kLeast, Need kMost = kLeast>
std::span<const Check> selected(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::passport: return kSelected<&CheckRule::passport, kLeast, kMost>;
    case DocumentKind::seal: return kSelected<&CheckRule::seal, kLeast, kMost>;
    case DocumentKind::patent: break;
  }
  return kSelected<&CheckRule::patent, kLeast, kMost>;
}

}  // namespace

std::string_view name_of(Check check) {
  const auto* const found = std::ranges::find(kCheckRules, check, &CheckRule::check);
  return found == kCheckRules.end() ? std::string_view{} : found->name;
}

std::span<const Check> checks_of(DocumentKind kind) { return selected<shown, genuine>(kind); }
std::span<const Check> mandatory_checks(DocumentKind kind) { return selected<mandatory, genuine>(kind); }
std::span<const Check> genuine_checks(DocumentKind kind) { return selected<genuine>(kind); }
std::span<const Check> checks_if_announced(DocumentKind kind) { return selected<if_announced>(kind); }

}  // namespace reader
