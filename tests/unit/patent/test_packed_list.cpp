// SPDX-License-Identifier: Apache-2.0
#include "card/patent/packed_list.hpp"

#include <zlib.h>

#include "crypto/base64.hpp"
#include "tests/seed.hpp"
#include "vectors.hpp"

using namespace patent;

namespace {

Bytes compressed(const Bytes& plain) {
  Bytes out(compressBound(plain.size()));
  uLongf size = out.size();
  REQUIRE(compress(out.data(), &size, plain.data(), plain.size()) == Z_OK);
  out.resize(size);
  return out;
}

void refused(unsigned bits, const Bytes& octets, ListError why) {
  const auto list = PackedList::expand(bits, octets);
  REQUIRE_FALSE(list);
  CHECK(list.error() == why);
}

}  // namespace

TEST_CASE("the published token status lists unpack, entry by entry") {
  const auto published = vectors("token_status_list.json")["vectors"];
  CHECK(published.size() == 4);
  for (const auto& vector : published) {
    const auto lst = crypto::from_base64url(vector["lst"].asString());
    REQUIRE(lst);
    const auto list = PackedList::expand(vector["bits"].asUInt(), *lst);
    REQUIRE(list);
    if (vector.isMember("bytes")) {
      const auto octets = hex(vector["bytes"].asString());
      CHECK(std::ranges::equal(list->octets(), octets));
      CHECK(list->compress() == *lst);
      continue;
    }
    CHECK(list->size() == vector["entries"].asUInt());
    auto expected = PackedList::zeros(vector["bits"].asUInt(), vector["entries"].asUInt()).value();
    for (const auto& index : vector["nonzero"].getMemberNames())
      expected.set(std::stoul(index), static_cast<std::uint8_t>(vector["nonzero"][index].asUInt()));
    CHECK(*list == expected);
  }
}

TEST_CASE("a list gives back what was set, whatever its bits") {
  std::mt19937 random(test_seed());
  for (const unsigned bits : {1U, 2U, 4U, 8U}) {
    auto list = PackedList::zeros(bits, 1001).value();
    CHECK(list.size() >= 1001);
    CHECK(list.size() < 1001 + 8);
    std::vector<std::uint8_t> expected(list.size());
    for (int i = 0; i < 3000; ++i) {
      const std::size_t index = random() % list.size();
      expected[index] = static_cast<std::uint8_t>(random() & ((1U << bits) - 1));
      list.set(index, expected[index]);
    }
    const auto again = PackedList::expand(bits, list.compress()).value();
    for (std::size_t i = 0; i < expected.size(); ++i) REQUIRE(again[i] == expected[i]);
  }
}

TEST_CASE("what is no list is refused by name") {
  const auto good = PackedList::zeros(4, 4000).value().compress();
  for (const unsigned bits : {0U, 3U, 5U, 16U, 0x80000000U}) refused(bits, good, ListError::bad_bits);
  CHECK(PackedList::zeros(3, 1).error() == ListError::bad_bits);
  CHECK(PackedList::zeros(8, kMaxListOctets + 1).error() == ListError::too_large);

  refused(4, {}, ListError::truncated);
  for (std::size_t size = 1; size < good.size(); ++size)
    refused(4, Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)), ListError::truncated);
  auto longer = good;
  longer.push_back(0);
  refused(4, longer, ListError::trailing_data);
  auto altered = good;
  altered.back() ^= 1;
  refused(4, altered, ListError::corrupt);
  refused(4, Bytes(100, 0xAB), ListError::corrupt);

  CHECK(PackedList::expand(1, compressed(Bytes(kMaxListOctets)))->size() == kMaxListOctets * 8);
  refused(1, compressed(Bytes(kMaxListOctets + 1)), ListError::too_large);
  refused(1, compressed(Bytes(64U << 20)), ListError::too_large);  // 64 KB that would be 64 MB
}
