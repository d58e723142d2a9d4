// SPDX-License-Identifier: Apache-2.0
// Owns the words of an append: what the card has now, and what failed and what to do next, in Russian and English.
#pragma once

#include <string>
#include <string_view>

#include "personalize/status/card_append.hpp"

namespace personalize {

enum class AppendLanguage : std::uint8_t { english, russian };

// A stable code, for machines.
std::string_view code_of(const AppendFailure& failure);
std::string words_for(const AppendFailure& failure, AppendLanguage language);
std::string words_for(const Appended& appended, AppendLanguage language);

}  // namespace personalize
