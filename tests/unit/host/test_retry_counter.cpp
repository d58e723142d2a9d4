// SPDX-License-Identifier: Apache-2.0
#include "card/host/retry_counter.hpp"

#include <catch2/catch.hpp>
#include <memory>

#include "card/host/card_objects.hpp"
#include "tests/power/power_cut_nvm.hpp"

using host::ObjectStore;
using host::RetryCounter;

namespace {

struct Counted {
  power::RamNvm memory;
  power::PowerCutNvm nvm{memory};
  std::unique_ptr<ObjectStore> store = std::make_unique<ObjectStore>(nvm);
  Counted() { REQUIRE(store->format()); }
  RetryCounter counter() { return {*store, host::kCanTriesObject}; }
};

}  // namespace

TEST_CASE("a charge is lasting before charge() returns, a clear as well") {
  Counted card;
  CHECK(card.counter().failures() == std::uint8_t{0});
  REQUIRE(card.counter().charge());
  REQUIRE(card.counter().charge());
  REQUIRE(card.store->mount());
  CHECK(card.counter().failures() == std::uint8_t{2});
  REQUIRE(card.counter().clear());
  REQUIRE(card.store->mount());
  CHECK(card.counter().failures() == std::uint8_t{0});
  const auto writes = card.memory.writes();
  REQUIRE(card.counter().clear());
  CHECK(card.memory.writes() == writes);  // nothing to clear, nothing written
}

TEST_CASE("the count stops at 255 and never turns to 0") {
  Counted card;
  for (int i = 0; i < 258; ++i) REQUIRE(card.counter().charge());
  CHECK(card.counter().failures() == std::uint8_t{255});
}

TEST_CASE("a try that cannot be charged is no try") {
  Counted card;
  card.nvm.cut_at(1, power::Prefix::half);
  CHECK_FALSE(card.counter().charge());
  CHECK_FALSE(card.counter().charge());
  card.nvm.restore();
  REQUIRE(card.store->mount());
  CHECK(card.counter().failures() == std::uint8_t{0});
}

TEST_CASE("a charge that the memory only pretends to keep is no charge") {
  struct Pretending final : power::RamNvm {
    Outcome program(std::size_t offset, crypto::ByteView data) override {
      return pretends ? Outcome{} : RamNvm::program(offset, data);
    }
    bool pretends = false;
  } nvm;
  const auto store = std::make_unique<ObjectStore>(nvm);
  REQUIRE(store->format());
  nvm.pretends = true;
  CHECK(RetryCounter(*store, host::kCanTriesObject).charge().error() == wire::StatusWord::memory_failure);
}

TEST_CASE("a charge does not commit what a command has staged") {
  Counted card;
  card.store->begin();
  const crypto::Byte one = 1;
  REQUIRE(card.store->write(host::kCanObject, {&one, 1}));
  CHECK(card.counter().charge().error() == wire::StatusWord::memory_failure);
  card.store->abort();
  CHECK_FALSE(card.store->exists(host::kCanObject));
}
