// SPDX-License-Identifier: Apache-2.0
// Owns the words for what can go wrong while a card is issued: for the edge, never for decisions.
#pragma once

#include <string>
#include <string_view>

#include "personalize/issue/issuance.hpp"

namespace personalize {

// A stable name for machines: "issued_already", "wrong_keys", ...
std::string_view code_of(const IssuanceFailure& failure);
// One sentence in English, with what the operator can do.
std::string words_for(const IssuanceFailure& failure);
std::string words_for(const LedgerFailure& failure);

}  // namespace personalize
