// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/issuing_state.hpp"

#include <unicode/locid.h>

#include <algorithm>
#include <array>
#include <utility>

namespace reader {
namespace {

using Codes = std::pair<std::string_view, std::string_view>;
// The issuer of patents, and what Doc 9303-3, 5 has beside ISO 3166-1.
constexpr std::array kOwn{
    Codes{"RUS", "RU"}, Codes{"D", "DE"},   Codes{"EUE", "EU"}, Codes{"GBD", "GB"}, Codes{"GBN", "GB"},
    Codes{"GBO", "GB"}, Codes{"GBP", "GB"}, Codes{"GBS", "GB"}, Codes{"RKS", "KS"}, Codes{"UNA", "UN"},
    Codes{"UNK", "UN"}, Codes{"UNO", "UN"}, Codes{"UTO", "UT"}, Codes{"XPO", "XP"},
};

}  // namespace

std::string_view alpha2_of(std::string_view issuer) {
  const auto* const found = std::ranges::find(kOwn, issuer, &Codes::first);
  if (found != kOwn.end()) return found->second;
  for (const char* const* code = icu::Locale::getISOCountries(); issuer.size() == 3 && *code != nullptr; ++code)
    if (issuer == icu::Locale("", *code).getISO3Country()) return *code;
  return {};
}

}  // namespace reader
