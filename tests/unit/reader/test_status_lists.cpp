// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "reader/judge/status_lists.hpp"

namespace {

using patent::ListKind;
using reader::ListRefusal;
using std::chrono::sys_seconds;
constexpr sys_seconds kMonday{std::chrono::seconds(1'773'014'400)};
constexpr std::chrono::hours kDay{24};
const std::string kUri = "https://status.example/0";

patent::StatusList list(ListKind kind, sys_seconds issued_at, std::uint8_t of_card_7, unsigned bits = 4) {
  auto entries = *patent::PackedList::zeros(bits, 16);
  entries.set(7, of_card_7);
  return {.kind = kind, .uri = kUri, .issued_at = issued_at, .expires = issued_at + kDay, .entries = entries};
}

}  // namespace

TEST_CASE("each list speaks of a card for itself") {
  reader::StatusLists lists;
  REQUIRE(lists.put(list(ListKind::states, kMonday, 0xC)));
  REQUIRE(lists.put(list(ListKind::months, kMonday + kDay, 12)));
  const auto found = lists.find(kUri, 7);
  REQUIRE((found.state && found.months));
  CHECK(found.state->state == patent::State::annulled);
  CHECK(found.state->as_of == kMonday);
  CHECK(found.state->expires == kMonday + kDay);
  CHECK(found.months->months_paid == 12);
  CHECK(found.months->as_of == kMonday + kDay);
  CHECK_FALSE(found.out_of_range);
  CHECK(lists.newest_signed_time() == kMonday + kDay);
  CHECK(lists.all().size() == 2);
}

TEST_CASE("an index behind the list's end, and a list that is not there, say nothing") {
  reader::StatusLists lists;
  CHECK_FALSE(lists.newest_signed_time());
  REQUIRE(lists.put(list(ListKind::states, kMonday, 1)));
  for (const std::uint32_t index : {16U, 1'000'000U, 0xFFFFFFFFU}) {
    const auto behind = lists.find(kUri, index);
    CHECK(behind.out_of_range);
    CHECK_FALSE((behind.state || behind.months));
  }
  CHECK_FALSE(lists.find(kUri, 15).out_of_range);
  const auto elsewhere = lists.find(kUri + "0", 7);
  CHECK_FALSE((elsewhere.state || elsewhere.months || elsewhere.out_of_range));
  CHECK(lists.list(ListKind::months, kUri) == nullptr);
}

TEST_CASE("a list never gives way to an older one") {
  reader::StatusLists lists;
  REQUIRE(lists.put(list(ListKind::states, kMonday + kDay, 0xC)));
  const auto refused = lists.put(list(ListKind::states, kMonday, 0));
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == ListRefusal::older);
  CHECK(lists.find(kUri, 7).state->state == patent::State::annulled);
  CHECK(lists.put(list(ListKind::months, kMonday, 3)));  // another kind, another list
  CHECK(lists.put(list(ListKind::states, kMonday + kDay, 2)));
  CHECK(lists.find(kUri, 7).state->state == patent::State::suspended);
}

TEST_CASE("no paid list has more than twelve months") {
  reader::StatusLists lists;
  for (const unsigned bits : {4U, 8U}) {
    for (const std::uint8_t wrong : {std::uint8_t{13}, std::uint8_t{14}, std::uint8_t{15}}) {
      for (const std::size_t index : {0U, 1U, 6U, 15U}) {
        auto bad = list(ListKind::months, kMonday, 12, bits);
        bad.entries.set(index, wrong);
        const auto refused = lists.put(bad);
        REQUIRE_FALSE(refused);
        CHECK(refused.error() == ListRefusal::bad_months);
      }
    }
    CHECK_FALSE(lists.find(kUri, 7).months);
  }
  CHECK(lists.put(list(ListKind::months, kMonday, 3, 2)));
  CHECK(lists.put(list(ListKind::states, kMonday, 0xF)));
}
