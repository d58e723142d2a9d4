// SPDX-License-Identifier: Apache-2.0
#include "card/patent/transliteration.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <span>

namespace patent {

namespace {

struct Rule {
  char32_t letter;
  std::string_view latin;
  std::string_view country = {};  // empty: everywhere
  bool initial = false;           // only as the first letter of a name's component
};

// ICAO Doc 9303-3 (8th edition), 6.B, and the national exceptions printed beside its rows.
constexpr std::array kIcaoCyrillic{
    Rule{U'Ё', "E"},
    Rule{U'Ё', "IO", "BLR"},
    Rule{U'Ђ', "D"},
    Rule{U'Є', "IE"},
    Rule{U'Є', "YE", "UKR", true},
    Rule{U'Ѕ', "DZ"},
    Rule{U'І', "I"},
    Rule{U'Ї', "I"},
    Rule{U'Ї', "YI", "UKR", true},
    Rule{U'Ј', "J"},
    Rule{U'Љ', "LJ"},
    Rule{U'Њ', "NJ"},
    Rule{U'Ќ', "K"},
    Rule{U'Ќ', "KJ", "MKD"},
    Rule{U'Ў', "U"},
    Rule{U'Џ', "DZ"},
    Rule{U'Џ', "DJ", "MKD"},
    Rule{U'А', "A"},
    Rule{U'Б', "B"},
    Rule{U'В', "V"},
    Rule{U'Г', "G"},
    Rule{U'Г', "H", "BLR"},
    Rule{U'Г', "H", "SRB"},
    Rule{U'Г', "H", "UKR"},
    Rule{U'Д', "D"},
    Rule{U'Е', "E"},
    Rule{U'Ж', "ZH"},
    Rule{U'Ж', "Z", "SRB"},
    Rule{U'З', "Z"},
    Rule{U'И', "I"},
    Rule{U'И', "Y", "UKR"},
    Rule{U'Й', "I"},
    Rule{U'Й', "Y", "UKR", true},
    Rule{U'К', "K"},
    Rule{U'Л', "L"},
    Rule{U'М', "M"},
    Rule{U'Н', "N"},
    Rule{U'О', "O"},
    Rule{U'П', "P"},
    Rule{U'Р', "R"},
    Rule{U'С', "S"},
    Rule{U'Т', "T"},
    Rule{U'У', "U"},
    Rule{U'Ф', "F"},
    Rule{U'Х', "KH"},
    Rule{U'Х', "H", "SRB"},
    Rule{U'Х', "H", "MKD"},
    Rule{U'Ц', "TS"},
    Rule{U'Ц', "C", "SRB"},
    Rule{U'Ц', "C", "MKD"},
    Rule{U'Ч', "CH"},
    Rule{U'Ч', "C", "SRB"},
    Rule{U'Ш', "SH"},
    Rule{U'Ш', "S", "SRB"},
    Rule{U'Щ', "SHCH"},
    Rule{U'Щ', "SHT", "BGR"},
    Rule{U'Ъ', "IE"},
    Rule{U'Ы', "Y"},
    Rule{U'Ь', ""},  // no row: dropped (Order of the MVD 889/2017 does the same)
    Rule{U'Э', "E"},
    Rule{U'Ю', "IU"},
    Rule{U'Ю', "YU", "UKR", true},
    Rule{U'Я', "IA"},
    Rule{U'Я', "YA", "UKR", true},
    Rule{U'Ѫ', "U"},
    Rule{U'Ѵ', "Y"},
    Rule{U'Ґ', "G"},
    Rule{U'Ғ', "G"},
    Rule{U'Ғ', "GJ", "MKD"},
    Rule{U'Һ', "C"},
};

// 6.A: the letters of the Latin scripts in which Uzbek, Azeri and Moldovan passports are written.
constexpr std::array kIcaoLatin{
    Rule{U'Ç', "C"},  Rule{U'Ğ', "G"}, Rule{U'İ', "I"}, Rule{U'Ö', "OE"}, Rule{U'Ş', "S"},
    Rule{U'Ü', "UE"}, Rule{U'Ă', "A"}, Rule{U'Â', "A"}, Rule{U'Î', "I"},  Rule{U'Ţ', "T"},
};

// Letters that ICAO's tables lack, or for which the named country writes another letter than they do: BGN/PCGN reduced
// to A-Z.
constexpr std::array kNational{
    Rule{U'Ѓ', "G"},         Rule{U'Ѓ', "GJ", "MKD"}, Rule{U'Ӣ', "I"},         Rule{U'Қ', "Q"},
    Rule{U'Ӯ', "U"},         Rule{U'Ҳ', "H"},         Rule{U'Ҷ', "J"},         Rule{U'Ў', "O", "UZB"},
    Rule{U'Х', "X", "UZB"},  Rule{U'Ж', "J", "UZB"},  Rule{U'Ң', "NG"},        Rule{U'Ө', "O"},
    Rule{U'Ө', "OE", "AZE"}, Rule{U'Ү', "U"},         Rule{U'Ү', "UE", "AZE"}, Rule{U'Ж', "J", "KGZ"},
    Rule{U'Ә', "E"},         Rule{U'Ҝ', "G"},         Rule{U'Ҹ', "J"},         Rule{U'Һ', "H", "AZE"},
    Rule{U'Ə', "E"},         Rule{U'Ș', "S"},         Rule{U'Ț', "T"},
};

// Punctuation is omitted (Doc 9303-3, 4.6); so are the Uzbek and Ukrainian signs that look like apostrophes.
constexpr std::u32string_view kOmitted = U"'.\u2018\u2019\u02BB\u02BC";

const Rule* find(std::span<const Rule> rules, char32_t letter, std::string_view country, bool initial) {
  const Rule* best = nullptr;
  for (const auto& rule : rules) {
    if (rule.letter != letter || (rule.initial && !initial)) continue;
    if (!rule.country.empty() && rule.country != country) continue;
    if (best == nullptr || !rule.country.empty()) best = &rule;
    if (rule.initial) break;  // nothing is more special
  }
  return best;
}

struct Letters {
  std::string_view latin;
  bool icao;
};

std::optional<Letters> rule_for(char32_t letter, std::string_view country, bool initial) {
  const Rule* national = find(kNational, letter, country, initial);
  if (national != nullptr && !national->country.empty()) return Letters{national->latin, false};
  for (const auto table : {std::span<const Rule>(kIcaoCyrillic), std::span<const Rule>(kIcaoLatin)})
    if (const Rule* rule = find(table, letter, country, initial)) return Letters{rule->latin, true};
  if (national != nullptr) return Letters{national->latin, false};
  return std::nullopt;
}

// Composed and in upper case, one letter for one.
std::optional<icu::UnicodeString> capitals(std::string_view utf8) {
  constexpr std::size_t kMaxOctets = 1024;
  if (utf8.size() > kMaxOctets) return std::nullopt;
  UErrorCode status = U_ZERO_ERROR;
  const auto* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return std::nullopt;
  const auto text = icu::UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())});
  const auto composed = nfc->normalize(text, status);
  if (U_FAILURE(status)) return std::nullopt;
  icu::UnicodeString out;
  for (std::int32_t i = 0; i < composed.length(); i = composed.moveIndex32(i, 1))
    out.append(u_toupper(composed.char32At(i)));
  return out;
}

}  // namespace

std::optional<Transliteration> transliterate(std::string_view utf8, std::string_view citizenship) {
  const auto text = capitals(utf8);
  if (!text) return std::nullopt;
  Transliteration result;
  bool initial = true;
  for (std::int32_t i = 0; i < text->length(); i = text->moveIndex32(i, 1)) {
    const auto letter = static_cast<char32_t>(text->char32At(i));
    if (kOmitted.find(letter) != std::u32string_view::npos) continue;
    if (letter == U' ' || letter == U'-' || (letter >= U'A' && letter <= U'Z')) {
      result.latin += static_cast<char>(letter);
    } else if (const auto rule = rule_for(letter, citizenship, initial)) {
      result.latin += rule->latin;
      result.icao_only = result.icao_only && rule->icao;
    } else {
      return std::nullopt;
    }
    initial = letter == U' ' || letter == U'-';
  }
  return result;
}

}  // namespace patent
