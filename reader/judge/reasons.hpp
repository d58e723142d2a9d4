// SPDX-License-Identifier: Apache-2.0
// Owns what each reason means for the verdict: its outcome, its precedence and its stable name (docs/reason-codes.md).
#pragma once

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

std::span<const ReasonRule> reason_rules();
const ReasonRule& rule_of(Reason reason);

std::string_view name_of(Outcome outcome);
std::string_view name_of(CheckState state);
std::string_view name_of(Check check);

// The checks that must all be successful before anything is VALID.
std::span<const Check> mandatory_checks(DocumentKind kind = DocumentKind::patent);
// And these, unless the document announces no key for them (not_supported).
std::span<const Check> checks_if_announced(DocumentKind kind = DocumentKind::patent);

}  // namespace reader
