// SPDX-License-Identifier: Apache-2.0
// Owns the judgement of a holder's own document, a passport or identity card of any state (ICAO Doc 9303): what it says
// of him, and what of that is proved.
#pragma once

#include "card/patent/mrz.hpp"
#include "reader/include/patent/verdict.hpp"
#include "reader/inspect/session.hpp"
#include "reader/judge/trust.hpp"

namespace reader {

// Texts are what may stand in an order; what the document has in another form, or not at all, is empty.
struct PassportFacts {
  patent::Mrz mrz;  // DG1
  std::optional<patent::BirthDate> birth_date{};
  patent::Date expires{};
  std::string surname, given_names;             // DG11: as the state writes them, perhaps in Cyrillic
  std::string birth_place;                      // DG11
  std::optional<patent::Date> issued{};         // DG12
  std::optional<patent::FaceImage> portrait{};  // DG2
};

struct PassportVerdict {
  Verdict verdict;                     // whose own facts are a patent's, and stay empty
  std::optional<PassportFacts> facts;  // there when DG1 could be read, proved or not
};

// What a document is opened for: inspect() with this plan gives the evidence.
inline constexpr ReadPlan kPassportPlan{DocumentKind::passport, true, false, false};

// By all the CSCAs of the trust, master lists' too. With the MRZ that opened the document, its chip must say the same: a
// forger's chip answers to whatever zone he has printed.
PassportVerdict judge_passport(const Evidence& evidence, const Trust& trust, const Policy& policy,
                               std::chrono::sys_seconds at, const AccessKey* opened_with = nullptr);

}  // namespace reader
