// SPDX-License-Identifier: Apache-2.0
// Owns the one line that the holder of a card is shown or handed, in a language of the holder's own; a language is one
// file (holder_*.cpp).
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "reader/report/advice.hpp"

namespace reader {

struct HolderSentence {
  HolderLine line;
  std::string_view text;  // may hold {date} and {text} of the finding
};

struct HolderWords {
  std::string_view code;  // BCP 47
  std::array<HolderSentence, 14> lines;
};
extern const HolderWords kHolderRussian, kHolderEnglish, kHolderUzbek, kHolderUzbekCyrillic, kHolderTajik,
    kHolderAzerbaijani, kHolderRomanian, kHolderUkrainian, kHolderKyrgyz;

std::span<const HolderWords* const> holder_languages();
// Nothing for a language that there is no file of.
const HolderWords* holder_words(std::string_view code);

// What the worst finding, the first, means for the holder.
std::string holder_line(std::span<const Finding> findings, const HolderWords& words);

}  // namespace reader
