// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/passport_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "card/patent/transliteration.hpp"
#include "crypto/base64.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/judge/reasons.hpp"

namespace personalize {
namespace {

constexpr std::array kTexts{
    FieldOutcomeText{FieldOutcome::filled, "filled", "filled from the document", "заполнено из документа"},
    FieldOutcomeText{FieldOutcome::same, "same", "as in the document", "совпадает с документом"},
    FieldOutcomeText{FieldOutcome::differs, "differs", "differs from the document", "отличается от документа"},
    FieldOutcomeText{FieldOutcome::to_copy, "to_copy", "in the document, but to be copied from the translation",
                     "есть в документе, но вписывается по переводу"},
    FieldOutcomeText{FieldOutcome::unlike, "unlike", "transliterated it is not the document's name",
                     "по правилам транслитерации не соответствует имени в документе"},
    FieldOutcomeText{FieldOutcome::missing, "missing", "not in the document", "в документе нет"},
};

// As the zone writes a Latin name (Doc 9303-3, 4.6).
std::string in_zone(std::string name) {
  std::erase(name, '\'');
  std::ranges::replace(name, '-', ' ');
  return name;
}

std::string birth_text(const std::optional<patent::BirthDate>& date) {
  return date ? fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day) : std::string();
}

std::string citizenship_of(const std::string& nationality) { return nationality == "D" ? "DEU" : nationality; }

class Filling {
public:
  Filling(const Json::Value& draft, const reader::PassportFacts& facts) : facts_(facts) { out_.order = draft; }

  PassportFilling run() {
    const auto& mrz = facts_.mrz;
    if (!out_.order.isMember("schema")) out_.order["schema"] = "patent-order/1";
    latin_name("surname_latin", mrz.primary);
    latin_name("given_names_latin", mrz.secondary);
    plain({"holder", "sex"}, mrz.sex == '<' ? "X" : std::string(1, mrz.sex));
    plain({"holder", "birth_date"}, birth_text(facts_.birth_date));
    plain({"holder", "citizenship"}, citizenship_of(mrz.nationality));
    plain({"holder", "identity_document", "type"}, mrz.document_code.starts_with('P') ? "PASSPORT" : "ID_CARD");
    plain({"holder", "identity_document", "number"}, mrz.document_number);
    plain({"holder", "identity_document", "issued"}, facts_.issued ? reader::to_iso(*facts_.issued) : "");
    plain({"holder", "identity_document", "expires"}, reader::to_iso(facts_.expires));
    cyrillic("surname", facts_.surname);
    cyrillic("given_names", facts_.given_names);
    cyrillic("birth_place", facts_.birth_place);
    compare_scripts();
    portrait();
    return std::move(out_);
  }

private:
  using Path = std::initializer_list<const char*>;

  static std::string pointer(Path path) {
    std::string text;
    for (const auto* step : path) text.append("/").append(step);
    return text;
  }

  // The member, or what stands in its way; nullptr when there is none.
  [[nodiscard]] const Json::Value* find(Path path) const {
    const auto* at = &out_.order;
    for (const auto* step : path) {
      if (!at->isObject()) return at;
      if (!at->isMember(step)) return nullptr;
      at = &(*at)[step];
    }
    return at;
  }
  void put(Path path, const std::string& value) {
    auto* at = &out_.order;
    for (const auto* step : path) at = &(*at)[step];
    *at = value;
  }

  void note(Path path, FieldOutcome outcome, const std::string& said) {
    out_.fields.push_back({pointer(path), outcome, said});
  }

  template <class Same>
  void take(Path path, const std::string& said, Same same) {
    const auto* const ours = find(path);
    if (ours != nullptr) {
      const bool holds = ours->isString() && same(ours->asString());
      return note(path, holds ? FieldOutcome::same : FieldOutcome::differs, said);
    }
    put(path, said);
    note(path, FieldOutcome::filled, said);
  }

  void plain(Path path, const std::string& said) {
    if (said.empty()) return note(path, FieldOutcome::missing, said);
    take(path, said, [&](const std::string& ours) { return ours == said; });
  }

  // A name too long for the zone is compared as far as it goes. A holder with one name has an empty second one.
  void latin_name(const char* name, const std::string& said) {
    take({"holder", name}, said, [&](const std::string& ours) {
      return in_zone(ours) == said || (facts_.mrz.names_truncated && in_zone(ours).starts_with(said));
    });
  }

  void cyrillic(const char* name, const std::string& said) {
    const Path path{"holder", name};
    if (!said.empty() && find(path) == nullptr) note(path, FieldOutcome::to_copy, said);
  }

  [[nodiscard]] std::string text(const char* name) const {
    const auto* const value = find({"holder", name});
    return value != nullptr && value->isString() ? value->asString() : std::string();
  }

  // The translator's Cyrillic and the state's Latin are two hands' work: a difference is shown, and decides nothing.
  void compare_scripts() {
    const auto& mrz = facts_.mrz;
    if (mrz.names_truncated) return;
    const auto like = [&](const std::string& cyrillic, const std::string& latin) {
      const auto ours = patent::transliterate(cyrillic, mrz.nationality);
      return cyrillic.empty() || latin.empty() || !ours || in_zone(ours->latin) == latin;
    };
    const auto given = text("given_names"), patronymic = text("patronymic");
    if (!like(text("surname"), mrz.primary)) note({"holder", "surname"}, FieldOutcome::unlike, mrz.primary);
    if (!like(given, mrz.secondary) && (patronymic.empty() || !like(given + ' ' + patronymic, mrz.secondary)))
      note({"holder", "given_names"}, FieldOutcome::unlike, mrz.secondary);
  }

  // A face that was taken at the counter stays.
  void portrait() {
    if (out_.order.isMember("face")) return;
    if (!facts_.portrait) return note({"face"}, FieldOutcome::missing, "");
    const bool jpeg = facts_.portrait->format == patent::ImageFormat::jpeg;
    out_.order["face"]["format"] = jpeg ? "jpeg" : "jpeg2000";
    out_.order["face"]["data"] = crypto::to_base64(facts_.portrait->data);
    note({"face"}, FieldOutcome::filled, "");
  }

  const reader::PassportFacts& facts_;
  PassportFilling out_;
};

}  // namespace

const FieldOutcomeText& text_of(FieldOutcome outcome) { return kTexts[static_cast<std::size_t>(outcome)]; }

bool PassportFilling::differs() const {
  return std::ranges::find(fields, FieldOutcome::differs, &PassportField::outcome) != fields.end();
}

PassportFilling fill_from_passport(const Json::Value& draft, const reader::PassportFacts& facts) {
  return Filling(draft, facts).run();
}

Json::Value passport_check(const reader::PassportVerdict& judged, bool accepted_unproven) {
  const auto& verdict = judged.verdict;
  Json::Value out(Json::objectValue);
  out["at"] = reader::to_iso(verdict.at);
  out["outcome"] = std::string(reader::name_of(verdict.outcome));
  for (const auto& finding : verdict.findings) out["reasons"].append(std::string(reader::rule_of(finding.reason).name));
  if (judged.facts) out["issuer"] = judged.facts->mrz.issuer;
  if (accepted_unproven) out["accepted_unproven"] = true;
  return out;
}

}  // namespace personalize
