// SPDX-License-Identifier: Apache-2.0
#include "card/patent/list_delta.hpp"

#include "crypto/tlv.hpp"
#include "tests/unit/patent/random_list.hpp"

using namespace patent;

namespace {

// Some payments: `changes` entries get one month more.
StatusList after_payments(std::mt19937& random, StatusList list, std::size_t changes) {
  for (std::size_t i = 0; i < changes; ++i) {
    const std::size_t index = random() % list.entries.size();
    list.entries.set(index, (list.entries[index] + 1) & 15);
  }
  list.issued_at += std::chrono::hours(24);
  return list;
}

void refused(const StatusList& base, ByteView delta, DeltaError why) {
  const auto next = apply_delta(base, delta);
  REQUIRE_FALSE(next);
  CHECK(next.error() == why);
}

}  // namespace

TEST_CASE("a delta makes the next list of its base") {
  std::mt19937 random(test_seed());
  for (const std::size_t changes : {0U, 1U, 2U, 10U, 1000U, 20000U}) {
    const auto base = random_list(random, ListKind::months, 10000);
    const auto next = after_payments(random, base, changes);
    const auto delta = make_delta(base, next);
    REQUIRE(delta);
    CHECK(apply_delta(base, *delta).value() == next);
    CHECK(delta_names(*delta)->uri == base.uri);
    CHECK(delta_names(*delta)->base == list_fingerprint(base));
  }
  const auto base = random_list(random, ListKind::states, 3000);
  auto next = random_list(random, ListKind::states, 3000);  // all is new
  next.expires.reset();
  next.time_to_live.reset();
  CHECK(apply_delta(base, make_delta(base, next).value()).value() == next);
}

TEST_CASE("a day's payments of a million cards take less than 30 KB") {
  std::mt19937 random(test_seed());
  auto base = random_list(random, ListKind::months, 1'000'000);
  for (std::size_t i = 0; i < base.entries.size(); ++i)
    base.entries.set(i, static_cast<std::uint8_t>(1 + random() % 12));
  const auto delta = make_delta(base, after_payments(random, base, 25'000));
  REQUIRE(delta);
  CHECK(delta->size() < 24 * 1024);
}

TEST_CASE("unrelated lists have no delta") {
  std::mt19937 random(test_seed());
  const auto base = random_list(random, ListKind::months, 100);
  CHECK_FALSE(make_delta(base, random_list(random, ListKind::states, 100)));
  CHECK_FALSE(make_delta(base, random_list(random, ListKind::months, 102)));
  auto renamed = base;
  renamed.uri += "x";
  CHECK_FALSE(make_delta(base, renamed));
}

TEST_CASE("a delta for another base, or a broken one, changes nothing") {
  std::mt19937 random(test_seed());
  const auto base = random_list(random, ListKind::months, 1000);
  const auto next = after_payments(random, base, 50);
  const auto delta = make_delta(base, next).value();

  refused(next, delta, DeltaError::wrong_base);
  auto renamed = base;
  renamed.uri += "x";
  refused(renamed, delta, DeltaError::wrong_base);
  auto states = base;
  states.kind = ListKind::states;
  refused(states, delta, DeltaError::wrong_base);
  for (std::size_t size = 0; size < delta.size(); ++size)
    refused(base, ByteView(delta).first(size), DeltaError::malformed);

  // Whatever bit is wrong: the next list, or a refusal. The times and the aggregation's name are the signature's
  // affair.
  for (std::size_t bit = 0; bit < delta.size() * 8; ++bit) {
    auto altered = delta;
    altered[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    const auto result = apply_delta(base, altered);
    if (result) CHECK(result->entries == next.entries);
  }
}
