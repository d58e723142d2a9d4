// SPDX-License-Identifier: Apache-2.0
// The object store beside a naive model of it: by hand, at random, and with the power cut at every program and erase.
#include "card/host/object_store.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <numeric>
#include <random>

#include "tests/power/power_cut_nvm.hpp"

using crypto::Bytes;
using crypto::ByteView;
using host::ObjectId;
using host::ObjectStore;
using host::StoreError;
using power::PowerCutNvm;
using power::RamNvm;

namespace {

using Model = std::map<ObjectId, Bytes>;

Bytes pattern(std::size_t length, unsigned seed) {
  Bytes out(length);
  std::minstd_rand next(seed + 1);
  for (auto& octet : out) octet = static_cast<crypto::Byte>(next() >> 8);
  return out;
}

Model contents(ObjectStore& store) {
  Model out;
  for (std::size_t i = 0; i < store.count(); ++i) {
    const ObjectId id = store.id_at(i);
    Bytes octets(store.size(id));
    REQUIRE(store.read(id, 0, octets));
    out.emplace(id, std::move(octets));
  }
  return out;
}

// The store is some 25 KB of arrays: on the heap here.
std::unique_ptr<ObjectStore> mounted(host::Nvm& nvm) {
  auto store = std::make_unique<ObjectStore>(nvm);
  const auto outcome = store->mount();
  CAPTURE(outcome ? -1 : static_cast<int>(outcome.error()));
  REQUIRE(outcome);
  return store;
}

void put(ObjectStore& store, ObjectId id, ByteView octets) {
  store.begin();
  REQUIRE(store.write(id, octets));
  REQUIRE(store.commit());
}

template <class T>
StoreError error_of(const crypto::Result<T, StoreError>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

}  // namespace

TEST_CASE("an empty memory has no store, and a formatted one is empty") {
  RamNvm nvm(32 * 1024);
  ObjectStore store(nvm);
  CHECK(error_of(store.mount()) == StoreError::unformatted);
  REQUIRE(store.format());
  CHECK(store.count() == 0);
  CHECK(mounted(nvm)->count() == 0);
}

TEST_CASE("objects are written, replaced, extended, removed and found again") {
  RamNvm nvm;
  ObjectStore store(nvm);
  REQUIRE(store.format());
  put(store, 7, pattern(300, 1));
  put(store, 3, {});
  store.begin();
  REQUIRE(store.append(7, pattern(20000, 2)));
  REQUIRE(store.append(9, pattern(5, 3)));
  REQUIRE(store.write(3, pattern(1, 4)));
  REQUIRE(store.remove(3));
  REQUIRE(store.commit());
  CHECK(nvm.everything_synced());

  Bytes seven = pattern(300, 1);
  const Bytes more = pattern(20000, 2);
  seven.insert(seven.end(), more.begin(), more.end());
  const Model expected{{7, seven}, {9, pattern(5, 3)}};
  CHECK(contents(store) == expected);
  CHECK(contents(*mounted(nvm)) == expected);

  Bytes part(600);
  REQUIRE(store.read(7, 100, part));
  CHECK(std::equal(part.begin(), part.end(), seven.begin() + 100));
  CHECK(error_of(store.read(7, 20300 - 599, part)) == StoreError::out_of_range);
  CHECK(error_of(store.read(7, 20301, crypto::ByteSpan{})) == StoreError::out_of_range);
  CHECK(store.read(7, 20300, crypto::ByteSpan{}));
  CHECK(error_of(store.read(3, 0, part)) == StoreError::not_found);
}

TEST_CASE("a transaction is seen at once and is nothing until it is committed") {
  RamNvm nvm;
  ObjectStore store(nvm);
  REQUIRE(store.format());
  put(store, 1, pattern(10, 1));
  store.begin();
  REQUIRE(store.write(1, pattern(10, 2)));
  REQUIRE(store.write(2, pattern(10, 3)));
  CHECK(contents(store) == Model{{1, pattern(10, 2)}, {2, pattern(10, 3)}});
  CHECK(contents(*mounted(nvm)) == Model{{1, pattern(10, 1)}});
}
