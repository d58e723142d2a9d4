// SPDX-License-Identifier: Apache-2.0
// Owns the words: what an officer reads, by language. The model has none; a language is one more file of tables
// (words_*.cpp). What the holder is told stands in holder.hpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "reader/judge/decision_table.hpp"
#include "reader/report/advice.hpp"

namespace reader {

enum class Language : std::uint8_t { russian, english };

// Sentences may hold {date}, {as_of}, {amount}, {days} ("3 days") and {text} of their finding.
struct Sentence {
  Reason reason;
  std::string_view text;
};
struct CheckWord {
  Check check;
  std::string_view text;
};
struct ConditionWord {
  Condition condition;
  std::string_view text;
};
struct AdviceWord {
  Advice advice;
  std::string_view text;
};

struct Catalogue {
  std::string_view outcomes[3];  // by Outcome
  std::string_view states[5];    // by CheckState
  std::span<const Sentence> sentences;
  std::span<const CheckWord> checks;
  std::span<const ConditionWord> conditions;
  std::span<const AdviceWord> advice;
  std::string (*days)(std::int64_t count);
  std::string_view finger_positions[11];  // by ISO/IEC 19794-4, 7.2.2
  std::string_view finger_absences[5];    // docs/file-layout.md, 2.1
  std::string_view unconfirmed, also, checked;
  std::string_view holder, latin_name, birth, citizenship, identity_document, patent, card, issued, issuer, paid_until,
      none_paid, territory, profession, any_profession, status_as_of, photo, fingers, read_in;
};

extern const Catalogue kRussian, kEnglish;
const Catalogue& catalogue(Language language);
// The sentence of a reason; every language has one for each.
std::string_view sentence(const Catalogue& words, Reason reason);
std::string_view word(const Catalogue& words, Condition condition);
std::string_view word(const Catalogue& words, Advice advice);

}  // namespace reader
