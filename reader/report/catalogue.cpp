// SPDX-License-Identifier: Apache-2.0
#include "reader/report/catalogue.hpp"

#include <algorithm>

namespace reader {

const Catalogue& catalogue(Language language) { return language == Language::russian ? kRussian : kEnglish; }

std::string_view sentence(const Catalogue& words, Reason reason) {
  const auto found = std::ranges::find(words.sentences, reason, &Sentence::reason);
  return found == words.sentences.end() ? std::string_view{} : found->text;
}

std::string_view word(const Catalogue& words, Condition condition) {
  const auto found = std::ranges::find(words.conditions, condition, &ConditionWord::condition);
  return found == words.conditions.end() ? std::string_view{} : found->text;
}

std::string_view word(const Catalogue& words, Advice advice) {
  const auto found = std::ranges::find(words.advice, advice, &AdviceWord::advice);
  return found == words.advice.end() ? std::string_view{} : found->text;
}

}  // namespace reader
