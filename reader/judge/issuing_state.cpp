// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/issuing_state.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace reader {
namespace {

using Codes = std::pair<std::string_view, std::string_view>;
// The issuer of patents, and those whose documents an officer's reader meets.
constexpr std::array kStates{
    Codes{"RUS", "RU"}, Codes{"ARM", "AM"}, Codes{"AZE", "AZ"}, Codes{"BLR", "BY"}, Codes{"CHN", "CN"},
    Codes{"D", "DE"},   Codes{"GEO", "GE"}, Codes{"IND", "IN"}, Codes{"KAZ", "KZ"}, Codes{"KGZ", "KG"},
    Codes{"MDA", "MD"}, Codes{"TJK", "TJ"}, Codes{"TKM", "TM"}, Codes{"TUR", "TR"}, Codes{"UKR", "UA"},
    Codes{"UTO", "UT"}, Codes{"UZB", "UZ"}, Codes{"VNM", "VN"},
};

}  // namespace

std::string_view alpha2_of(std::string_view issuer) {
  const auto* const found = std::ranges::find(kStates, issuer, &Codes::first);
  return found == kStates.end() ? std::string_view{} : found->second;
}

}  // namespace reader
