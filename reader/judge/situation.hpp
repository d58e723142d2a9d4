// SPDX-License-Identifier: Apache-2.0
// Owns the way from what a device knows to the Situation that is evaluated: the document, the card's records, installed
// lists and regions, the policy, and the officer's answers.
#pragma once

#include "reader/judge/evaluator.hpp"
#include "reader/judge/status_evidence.hpp"
#include "reader/judge/trust.hpp"

namespace reader {

EvaluationLimits limits_of(const Policy& policy);

// `newest_signed` of all that was verified beside the status.
Situation situation_of(const patent::Patent& patent, const TrustedStatus& status, const Trust& trust,
                       const Policy& policy, const OfficerAnswers& officer, std::chrono::sys_seconds newest_signed);

// The installed lists of the card's name.
std::vector<ListUsed> lists_of(const patent::Patent& patent, const Trust& trust);

}  // namespace reader
