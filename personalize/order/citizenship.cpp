// SPDX-License-Identifier: Apache-2.0
#include "personalize/order/citizenship.hpp"

#include <algorithm>
#include <array>

namespace personalize {
namespace {

using namespace std::chrono_literals;

struct Row {
  std::string_view state;
  patent::Date from;
  patent::Date until;
};
constexpr patent::Date kSince2015 = 2015y / 1 / 1;  // 357-FZ: the patent for visa-free workers of legal entities
constexpr patent::Date kOpen = 9999y / 12 / 31;
constexpr std::array kRows{
    Row{"AZE", kSince2015, kOpen},          Row{"MDA", kSince2015, kOpen},
    Row{"TJK", kSince2015, kOpen},          Row{"UKR", kSince2015, kOpen},
    Row{"UZB", kSince2015, kOpen},          Row{"GEO", 2023y / 5 / 15, kOpen},  // visa-free since then
    Row{"KGZ", kSince2015, 2015y / 8 / 11},                                     // joined the EAEU on the next day
    Row{"XXA", kSince2015, kOpen},                                              // stateless persons
};

}  // namespace

bool takes_patent(std::string_view citizenship, patent::Date on) {
  return std::ranges::any_of(
      kRows, [&](const Row& row) { return row.state == citizenship && row.from <= on && on <= row.until; });
}

}  // namespace personalize
