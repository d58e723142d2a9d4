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
#include "tests/seed.hpp"

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
  REQUIRE(store.append(2, pattern(10, 4)));
  CHECK(store.size(2) == 20);
  CHECK(contents(store).at(1) == pattern(10, 2));

  SECTION("abort undoes it, at once and for good") {
    store.abort();
    CHECK_FALSE(store.in_transaction());
    CHECK(contents(store) == Model{{1, pattern(10, 1)}});
    put(store, 5, pattern(5, 5));
    CHECK(contents(*mounted(nvm)) == Model{{1, pattern(10, 1)}, {5, pattern(5, 5)}});
  }
  SECTION("so does the loss of power") { CHECK(contents(*mounted(nvm)) == Model{{1, pattern(10, 1)}}); }
}

TEST_CASE("changes are refused outside a transaction, and wrong ones inside") {
  RamNvm nvm(32 * 1024);
  ObjectStore store(nvm);
  CHECK(error_of(store.read(1, 0, {})) == StoreError::memory);
  CHECK(error_of(store.purge()) == StoreError::memory);
  REQUIRE(store.format());
  CHECK(error_of(store.write(1, pattern(1, 1))) == StoreError::no_transaction);
  CHECK(error_of(store.append(1, pattern(1, 1))) == StoreError::no_transaction);
  CHECK(error_of(store.remove(1)) == StoreError::no_transaction);
  CHECK(error_of(store.commit()) == StoreError::no_transaction);
  store.begin();
  CHECK(error_of(store.purge()) == StoreError::no_transaction);
  CHECK(error_of(store.write(0, {})) == StoreError::out_of_range);
  CHECK(error_of(store.write(0xFFFF, {})) == StoreError::out_of_range);
  CHECK(error_of(store.remove(1)) == StoreError::not_found);
  const std::size_t before = nvm.writes();
  REQUIRE(store.commit());
  CHECK(nvm.writes() == before);
}

TEST_CASE("an object has at most 32767 octets, a store 640 objects") {
  RamNvm nvm;
  ObjectStore store(nvm);
  REQUIRE(store.format());
  store.begin();
  CHECK(error_of(store.write(1, pattern(32768, 1))) == StoreError::out_of_range);
  REQUIRE(store.write(1, pattern(32767, 1)));
  CHECK(error_of(store.append(1, pattern(1, 1))) == StoreError::out_of_range);
  for (ObjectId id = 2; id <= 640; ++id) REQUIRE(store.write(id, pattern(id % 7, id)));
  REQUIRE(store.commit());
  store.begin();
  CHECK(error_of(store.write(641, {})) == StoreError::no_space);
  CHECK_FALSE(store.in_transaction());
  CHECK(mounted(nvm)->count() == 640);
}

TEST_CASE("appends beyond the number of pieces are brought together by compaction") {
  RamNvm nvm;
  ObjectStore store(nvm);
  REQUIRE(store.format());
  Bytes expected;
  for (unsigned i = 0; i < 5000; ++i) {
    const Bytes more = pattern(1 + i % 7, i);
    store.begin();
    REQUIRE(store.append(4, more));
    REQUIRE(store.commit());
    expected.insert(expected.end(), more.begin(), more.end());
  }
  CHECK(contents(store) == Model{{4, expected}});
  CHECK(contents(*mounted(nvm)) == Model{{4, expected}});
}

TEST_CASE("a full store loses nothing and says how much is left") {
  RamNvm nvm(32 * 1024);
  ObjectStore store(nvm);
  REQUIRE(store.format());
  put(store, 1, pattern(100, 1));
  put(store, 2, pattern(store.free_octets(), 2));
  CHECK(store.free_octets() == 0);
  const Model full = contents(store);
  store.begin();
  CHECK(error_of(store.write(3, pattern(1, 3))) == StoreError::no_space);
  CHECK_FALSE(store.in_transaction());
  CHECK(error_of(store.commit()) == StoreError::no_transaction);
  CHECK(contents(store) == full);
  CHECK(contents(*mounted(nvm)) == full);
}

TEST_CASE("192 KiB live in 512 KiB, and can all be replaced") {
  RamNvm nvm;
  ObjectStore store(nvm);
  REQUIRE(store.format());
  Model model;
  for (unsigned round = 0; round < 3; ++round)
    for (ObjectId id = 1; id <= 24; ++id) {
      model[id] = pattern(8192, id + 100 * round);
      put(store, id, model[id]);
    }
  CHECK(contents(store) == model);
  CHECK(contents(*mounted(nvm)) == model);
}

TEST_CASE("what was replaced or removed is gone from the memory after purge") {
  RamNvm nvm;
  ObjectStore store(nvm);
  REQUIRE(store.format());
  const Bytes old_key = pattern(32, 1), new_key = pattern(32, 2), removed = pattern(32, 3);
  put(store, 1, old_key);
  put(store, 2, removed);
  store.begin();
  REQUIRE(store.write(1, new_key));
  REQUIRE(store.remove(2));
  REQUIRE(store.commit());
  const auto lingers = [&nvm](const Bytes& secret) {
    const auto& all = nvm.octets();
    return std::search(all.begin(), all.end(), secret.begin(), secret.end()) != all.end();
  };
  CHECK(lingers(old_key));
  CHECK(lingers(removed));
  REQUIRE(store.purge());
  CHECK_FALSE(lingers(old_key));
  CHECK_FALSE(lingers(removed));
  CHECK(lingers(new_key));
  const std::size_t before = nvm.writes();
  REQUIRE(store.purge());
  CHECK(nvm.writes() == before);
}

TEST_CASE("damage is found, wherever it is, and never guessed at") {
  RamNvm nvm(32 * 1024);
  std::size_t used = 0;
  {
    ObjectStore store(nvm);
    REQUIRE(store.format());
    put(store, 1, pattern(200, 1));
    put(store, 2, pattern(20, 2));
    store.begin();
    REQUIRE(store.write(3, {}));
    REQUIRE(store.remove(2));
    REQUIRE(store.commit());
    used = host::Journal::kAreaHead + store.usage().journal;
  }
  const Bytes whole = nvm.octets();
  REQUIRE(mounted(nvm)->count() == 2);
  // Every bit of what is written, and one in the erased octets behind it.
  for (std::size_t at = 0; at <= used; ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      nvm.octets() = whole;
      nvm.octets()[at] = static_cast<crypto::Byte>(nvm.octets()[at] ^ 1U << bit);
      ObjectStore store(nvm);
      const auto outcome = store.mount();
      INFO("octet " << at << " bit " << bit);
      // A damaged octet behind the end may look like the begin of a record that a power cut tore off.
      if (at == used)
        CHECK(outcome);
      else
        CHECK(error_of(outcome) == StoreError::corrupt);
    }
}

TEST_CASE("octets and pages that fall back to erased are damage where anything stands behind them") {
  RamNvm nvm(32 * 1024);
  ObjectStore store(nvm);
  REQUIRE(store.format());
  put(store, 1, pattern(6000, 1));
  put(store, 2, pattern(200, 2));
  const std::size_t used = host::Journal::kAreaHead + store.usage().journal;
  const Bytes whole = nvm.octets();
  const auto mounts_without = [&](std::size_t from, std::size_t length) {
    nvm.octets() = whole;
    std::fill_n(nvm.octets().begin() + static_cast<std::ptrdiff_t>(from), length, crypto::Byte{0xFF});
    return store.mount();
  };
  std::size_t tried = 0;
  for (std::size_t at = 0; at + 1 < used; at += at < 100 || at > 5900 ? 1 : 97) {
    if (whole[at] == 0xFF) continue;
    INFO("octet " << at);
    CHECK(error_of(mounts_without(at, 1)) == StoreError::corrupt);
    ++tried;
  }
  CHECK(tried > 300);
  CHECK(error_of(mounts_without(0, host::Nvm::kPage)) == StoreError::corrupt);
  // The very last octet, the end mark of the last commit, cannot be told from a power cut: that transaction is undone.
  REQUIRE(mounts_without(used - 1, 1));
  CHECK(contents(store) == Model{{1, pattern(6000, 1)}});
}

TEST_CASE("a record that was moved, repeated or taken from an older area is none") {
  RamNvm nvm(32 * 1024);
  ObjectStore store(nvm);
  REQUIRE(store.format());
  put(store, 1, pattern(50, 1));
  const std::size_t begin = host::Journal::kAreaHead + store.usage().journal;
  put(store, 1, pattern(50, 2));
  const std::size_t end = host::Journal::kAreaHead + store.usage().journal;
  const Bytes transaction(nvm.octets().begin() + static_cast<std::ptrdiff_t>(begin),
                          nvm.octets().begin() + static_cast<std::ptrdiff_t>(end));
  SECTION("repeated") { REQUIRE(nvm.program(end, transaction)); }
  SECTION("older") {
    put(store, 1, pattern(50, 3));
    REQUIRE(store.purge());
    REQUIRE(store.usage().generation == 2);
    REQUIRE(nvm.program(16 * 1024 + host::Journal::kAreaHead + store.usage().journal, transaction));
  }
  ObjectStore again(nvm);
  CHECK(error_of(again.mount()) == StoreError::corrupt);
}

TEST_CASE("a store of a newer form is left alone") {
  RamNvm nvm(32 * 1024);
  ObjectStore store(nvm);
  REQUIRE(store.format());
  auto& octets = nvm.octets();
  octets[8] = 2;  // and the check of the head, CRC-32 over its first 20 octets
  std::uint32_t crc = 0xFFFFFFFFU;
  for (std::size_t i = 0; i < 20; ++i) {
    crc ^= octets[i];
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0xEDB88320U & (0U - (crc & 1U)));
  }
  crypto::store_be32(std::span<crypto::Byte, 4>(&octets[20], 4), ~crc);
  const Bytes before = octets;
  CHECK(error_of(store.mount()) == StoreError::wrong_version);
  CHECK(octets == before);
}

// --- power

namespace {

struct Step {
  enum Op : std::uint8_t { begin, write, append, remove, commit, abort, purge, remount } op;
  ObjectId id = 0;
  std::size_t length = 0;
  unsigned seed = 0;
};

// What must be there: the last committed state, or, when the power went during a commit, either that or the next one.
struct Expectation {
  Model committed;
  Model staged;
  bool committing = false;
  [[nodiscard]] bool holds(const Model& found) const { return found == committed || (committing && found == staged); }
};

// Applies one step to store and model. False when the power went.
bool take(ObjectStore& store, const Step& step, Expectation& model) {
  const Bytes octets = pattern(step.length, step.seed);
  ObjectStore::Outcome outcome;
  model.committing = step.op == Step::commit;
  switch (step.op) {
    case Step::begin: store.begin(); return true;
    case Step::write: outcome = store.write(step.id, octets); break;
    case Step::append: outcome = store.append(step.id, octets); break;
    case Step::remove: outcome = store.remove(step.id); break;
    case Step::commit: outcome = store.commit(); break;
    case Step::abort: store.abort(); break;
    case Step::purge: outcome = store.purge(); break;
    case Step::remount: outcome = store.mount(); break;
  }
  if (!outcome && outcome.error() == StoreError::memory) return false;
  if (!outcome && outcome.error() == StoreError::no_space) {
    model.staged = model.committed;
    return true;
  }
  if (!outcome) {
    REQUIRE((outcome.error() == StoreError::not_found || outcome.error() == StoreError::out_of_range));
    if (outcome.error() == StoreError::not_found) REQUIRE_FALSE(model.staged.contains(step.id));
    return true;
  }
  switch (step.op) {
    case Step::write: model.staged[step.id] = octets; break;
    case Step::append: {
      auto& object = model.staged[step.id];
      object.insert(object.end(), octets.begin(), octets.end());
      break;
    }
    case Step::remove: model.staged.erase(step.id); break;
    case Step::commit: model.committed = model.staged; break;
    case Step::begin:
    case Step::abort:
    case Step::purge:
    case Step::remount: model.staged = model.committed; break;
  }
  return true;
}

// A store of eight pages with some objects in it, its journal nearly full.
Bytes nearly_full() {
  RamNvm nvm(32 * 1024);
  ObjectStore store(nvm);
  REQUIRE(store.format());
  for (ObjectId id = 1; id <= 4; ++id) put(store, id, pattern(400, id));
  for (unsigned i = 0; store.usage().journal < 15000; ++i) put(store, 5, pattern(300, i));
  REQUIRE(store.usage().generation == 1);
  return nvm.octets();
}

Model contents_of(const Bytes& octets) {
  RamNvm nvm(octets.size());
  nvm.octets() = octets;
  return contents(*mounted(nvm));
}

// Of the two areas: nothing that was replaced lingers in the other.
bool one_half_is_erased(const Bytes& octets) {
  const auto erased = [](ByteView half) { return std::ranges::all_of(half, [](auto octet) { return octet == 0xFF; }); };
  const ByteView all(octets);
  return erased(all.first(all.size() / 2)) != erased(all.last(all.size() / 2));
}

// mount() itself is cut everywhere, and whatever is left mounts to the same state.
void check_mount_survives(const Bytes& left, const Model& state) {
  for (std::size_t n = 1;; ++n) {
    RamNvm memory(left.size());
    memory.octets() = left;
    PowerCutNvm nvm(memory);
    nvm.cut_at(n, power::Prefix::half);
    const bool done = ObjectStore(nvm).mount().has_value();
    CHECK(done != nvm.lost());
    CHECK(contents_of(memory.octets()) == state);
    if (done) return;
  }
}

void check_scenario(const Bytes& start, const std::vector<Step>& steps) {
  Expectation model;
  const Model first = contents_of(start);
  const auto run = [&](host::Nvm& nvm) {
    model = {first, first, false};
    ObjectStore store(nvm);
    if (!store.mount()) return;
    for (const Step& step : steps)
      if (!take(store, step, model)) return;
  };
  const auto check = [&](RamNvm& memory, std::size_t n, power::Prefix prefix) {
    INFO("cut at " << n << ", prefix " << static_cast<int>(prefix));
    const Bytes left = memory.octets();
    const Model found = contents(*mounted(memory));
    CHECK(model.holds(found));
    CHECK(one_half_is_erased(memory.octets()));
    if (prefix == power::Prefix::half || prefix == power::Prefix::all) check_mount_survives(left, found);
  };
  const std::size_t writes = power::cut_everywhere([&] { return start; }, run, check);
  CHECK(writes >= 2);
}

}  // namespace

TEST_CASE("a transaction survives a power cut at every program and erase") {
  check_scenario(nearly_full(), {{Step::begin},
                                 {Step::write, 1, 10, 1},
                                 {Step::append, 2, 700, 2},
                                 {Step::remove, 3},
                                 {Step::write, 9, 0, 0},
                                 {Step::commit},
                                 {Step::begin},
                                 {Step::write, 1, 1, 3},
                                 {Step::commit}});
}

TEST_CASE("an aborted transaction survives a power cut at every program and erase") {
  check_scenario(nearly_full(), {{Step::begin},
                                 {Step::write, 1, 10, 1},
                                 {Step::abort},
                                 {Step::begin},
                                 {Step::remove, 1},
                                 {Step::commit},
                                 {Step::remount}});
}

TEST_CASE("a purge survives a power cut at every program and erase") {
  check_scenario(nearly_full(), {{Step::purge}, {Step::begin}, {Step::write, 1, 10, 1}, {Step::commit}, {Step::purge}});
}

TEST_CASE("compaction inside a transaction survives a power cut at every program and erase") {
  check_scenario(nearly_full(), {{Step::begin},
                                 {Step::write, 1, 100, 1},
                                 {Step::append, 2, 3000, 2},
                                 {Step::remove, 4},
                                 {Step::append, 2, 3000, 3},
                                 {Step::commit},
                                 {Step::begin},
                                 {Step::write, 6, 6000, 4},
                                 {Step::write, 8, 6000, 6},  // no space: all undone
                                 {Step::begin},
                                 {Step::write, 8, 600, 7},
                                 {Step::commit}});
}

TEST_CASE("at random, beside the model, with and without power") {
  std::mt19937 random(test_seed());
  const auto below = [&random](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };

  RamNvm memory(32 * 1024);
  PowerCutNvm nvm(memory);
  auto store = std::make_unique<ObjectStore>(nvm);
  REQUIRE(store->format());
  Expectation model;
  const unsigned steps = long_tests() ? 1'000'000 : 30'000;
  std::size_t cuts = 0, commits = 0;
  for (unsigned number = 0; number < steps; ++number) {
    if (below(20) == 0) nvm.cut_at(1 + below(30), power::kPrefixes[below(std::size(power::kPrefixes))]);
    Step step{Step::begin, static_cast<ObjectId>(1 + below(20)), below(10) == 0 ? below(3000) : below(120), number};
    if (store->in_transaction()) {
      constexpr Step::Op kInside[] = {Step::write,  Step::write,  Step::append, Step::append,
                                      Step::remove, Step::commit, Step::commit, Step::abort};
      step.op = kInside[below(std::size(kInside))];
    } else if (below(60) == 0) {
      step.op = below(2) == 0 ? Step::purge : Step::remount;
    }
    INFO("step " << number << ", operation " << static_cast<int>(step.op));
    // abort() reports nothing: the store is dead afterwards, which the next step would find out.
    bool powered = take(*store, step, model) && !nvm.lost();
    if (!powered) ++cuts;
    while (!powered) {
      nvm.restore();
      if (below(4) == 0) nvm.cut_at(1 + below(10), power::kPrefixes[below(std::size(power::kPrefixes))]);
      store = std::make_unique<ObjectStore>(nvm);
      powered = store->mount().has_value();
      REQUIRE(powered != nvm.lost());
      if (powered) {
        const Model found = contents(*store);
        REQUIRE(model.holds(found));
        model = {found, found, false};
      }
    }
    if (step.op == Step::commit && model.committed == model.staged) {
      ++commits;
      REQUIRE(memory.everything_synced());
    }
    if (number % 16 == 0) REQUIRE(contents(*store) == model.staged);
  }
  CHECK(cuts > 100);
  CHECK(commits > 1000);
  CHECK(store->usage().generation > 100);
}
