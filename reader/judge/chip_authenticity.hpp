// SPDX-License-Identifier: Apache-2.0
// Owns the judgement whether the chip is the one that the document was signed for, and no copy (ICAO Doc 9303-11, 6).
#pragma once

#include "reader/judge/authentic_document.hpp"
#include "reader/judge/judgement.hpp"
#include "reader/judge/signer_rules.hpp"

namespace reader {

// Sets the checks 30 and 31: what the chip showed, held against keys that stand under the document's signature.
// `rules`: for whoever signed EF.CardSecurity.
void judge_chip(const Evidence& evidence, const AuthenticDocument& document, const SignerRules& rules,
                Judgement& judgement);

}  // namespace reader
