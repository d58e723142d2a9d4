// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/reasons.hpp"

namespace reader {

std::span<const ReasonRule> reason_rules() { return kReasonRules; }

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::valid: return "VALID";
    case Outcome::invalid: return "INVALID";
    case Outcome::needs_check: break;
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

}  // namespace reader
