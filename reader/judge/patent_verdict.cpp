// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/patent_verdict.hpp"

#include <fmt/format.h>

namespace reader {
namespace {

// No calendar date: unknown parts are 00.
std::string birth_date_text(const patent::BirthDate& date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

char sex_letter(patent::Sex sex) {
  switch (sex) {
    case patent::Sex::male: return 'M';
    case patent::Sex::female: return 'F';
    case patent::Sex::unspecified: break;
  }
  return 'X';
}

}  // namespace

DocumentFacts facts_of(const patent::Patent& p) {
  DocumentFacts facts;
  facts.card_number = p.card_number;
  facts.patent_series = p.series;
  facts.patent_number = p.number;
  facts.surname = p.surname_ru;
  facts.given_names = p.given_ru;
  facts.patronymic = p.patronymic_ru.value_or("");
  facts.surname_latin = p.surname_latin;
  facts.given_names_latin = p.given_latin;
  facts.birth_date = birth_date_text(p.birth_date);
  facts.sex = sex_letter(p.sex);
  facts.citizenship = p.citizenship;
  facts.identity_document = p.identity_document;
  facts.inn = p.inn;
  facts.profession = p.profession;
  facts.territory_oktmo = p.territory_oktmo;
  facts.territory_name = p.territory_name;
  facts.issuer_name = p.issuer_name;
  facts.issue_date = p.issue_date;
  facts.last_day = p.last_day;
  return facts;
}

void take(const Evaluation& life, const patent::Patent& patent, Judgement& judgement, DocumentFacts& facts,
          Finding& ok) {
  for (const auto& [check, state] : life.checks) judgement.set(check, state);
  for (const auto& hit : life.found()) {
    Finding finding{.reason = hit.reason, .date = hit.date, .as_of = hit.as_of, .amount = hit.amount};
    if (hit.reason == Reason::wrong_territory) finding.text = patent.territory_name;
    if (hit.reason == Reason::ok || hit.reason == Reason::ok_extended)
      ok = std::move(finding);  // if nothing else speaks against it
    else
      judgement.find(std::move(finding));
  }
  facts.paid_until = life.paid_until;
  facts.months_paid = life.months_paid;
  facts.status_as_of = life.status_as_of;
}

}  // namespace reader
