// SPDX-License-Identifier: Apache-2.0
#include "reader/report/holder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/terminal_text.hpp"
#include "reader/report/printed.hpp"

namespace reader {
namespace {

constexpr std::array kLanguages{&kHolderRussian,       &kHolderEnglish,   &kHolderUzbek,
                                &kHolderUzbekCyrillic, &kHolderTajik,     &kHolderAzerbaijani,
                                &kHolderRomanian,      &kHolderUkrainian, &kHolderKyrgyz};

}  // namespace

std::span<const HolderWords* const> holder_languages() { return kLanguages; }

const HolderWords* holder_words(std::string_view code) {
  const auto* const found = std::ranges::find(kLanguages, code, &HolderWords::code);
  return found == kLanguages.end() ? nullptr : *found;
}

std::string holder_line(std::span<const Finding> findings, const HolderWords& words) {
  const auto headline = findings.empty() ? Finding{.reason = Reason::unreadable} : findings.front();
  const auto* const line = std::ranges::find(words.lines, advice_of(headline.reason).holder, &HolderSentence::line);
  return fmt::format(fmt::runtime(line->text), fmt::arg("date", headline.date ? printed(*headline.date) : kNotKnown),
                     fmt::arg("text", headline.text.empty() ? kNotKnown : crypto::shown(headline.text, '?')));
}

}  // namespace reader
