// SPDX-License-Identifier: Apache-2.0
// Owns the judgement: evidence in, verdict out. No I/O, no clock of its own.
#pragma once

#include "reader/include/patent/verdict.hpp"
#include "reader/inspect/evidence.hpp"
#include "reader/judge/trust.hpp"

namespace reader {

Verdict verify(const Evidence& evidence, const Trust& trust, const Policy& policy, std::chrono::sys_seconds at,
               const OfficerAnswers& officer = {});

}  // namespace reader
