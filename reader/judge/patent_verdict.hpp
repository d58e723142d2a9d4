// SPDX-License-Identifier: Apache-2.0
// Owns what a verdict tells of a patent, whether its chip or its seal says it: the facts, and its evaluated life.
#pragma once

#include "card/patent/patent.hpp"
#include "reader/judge/evaluator.hpp"
#include "reader/judge/judgement.hpp"

namespace reader {

DocumentFacts facts_of(const patent::Patent& patent);

// The evaluation's checks and hits into the judgement, its dates into the facts; `ok` becomes what is said if nothing
// else speaks against the patent.
void take(const Evaluation& life, const patent::Patent& patent, Judgement& judgement, DocumentFacts& facts,
          Finding& ok);

}  // namespace reader
