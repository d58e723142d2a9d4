// SPDX-License-Identifier: Apache-2.0
// Owns what a holder's own document gives to an order: fields that are filled, and fields that must be the same
// (docs/foreign-documents.md).
#pragma once

#include <json/value.h>

#include <string>
#include <string_view>
#include <vector>

#include "reader/passport/passport.hpp"

namespace personalize {

enum class FieldOutcome : std::uint8_t {
  filled,   // the draft had none
  same,     // as the document says
  differs,  // a fault: nobody but the operator can say who is right
  to_copy,  // the document says it in its state's language: only the notarised translation counts
  unlike,   // a warning: the Cyrillic name, transliterated, is not the document's
  missing,  // the document does not say it, or not in a form that an order takes
};
struct FieldOutcomeText {
  FieldOutcome outcome;
  std::string_view name;  // the JSON output's word, never changed
  std::string_view en, ru;
};
const FieldOutcomeText& text_of(FieldOutcome outcome);

struct PassportField {
  std::string pointer;  // RFC 6901, in the order
  FieldOutcome outcome{};
  std::string said;  // by the document: personal data. Empty for the portrait
};

struct PassportFilling {
  Json::Value order;
  std::vector<PassportField> fields;
  [[nodiscard]] bool differs() const;
};
// `draft` is an object, perhaps an empty one: nothing in it is overwritten.
PassportFilling fill_from_passport(const Json::Value& draft, const reader::PassportFacts& facts);

// How the holder's document was checked, as the order keeps it ("passport_check").
Json::Value passport_check(const reader::PassportVerdict& judged, bool accepted_unproven);

}  // namespace personalize
