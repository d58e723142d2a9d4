// SPDX-License-Identifier: Apache-2.0
// The card as a whole: chains, lengths, transactions, a memory that is none.
#include "card/host/card.hpp"

#include <catch2/catch.hpp>

#include "card/host/card_objects.hpp"
#include "tests/card_rig.hpp"
#include "tests/power/power_cut_nvm.hpp"

using namespace rig;
using wire::StatusWord;

namespace {

struct Blank {
  power::RamNvm memory;
  power::PowerCutNvm nvm{memory};
  std::unique_ptr<Rig> rig;
  Blank() {
    REQUIRE(make_blank(nvm));
    rig = power_on(nvm);
    REQUIRE(rig);
  }
};

}  // namespace

TEST_CASE("a card with no store in its memory is mute") {
  power::RamNvm nvm;
  CHECK_FALSE(power_on(nvm));
}

TEST_CASE("a blank is not made with keys that are none") {
  power::RamNvm nvm;
  const auto store = std::make_unique<host::ObjectStore>(nvm);
  REQUIRE(store->format());
  const Bytes good(32, 1), other(16, 1), bad(31, 1);
  CHECK_FALSE(host::write_blank(*store, {.enc = bad, .mac = bad, .dek = bad}));
  CHECK_FALSE(host::write_blank(*store, {.enc = good, .mac = other, .dek = good}));
  CHECK_FALSE(host::write_blank(*store, {.key_version = 0, .enc = good, .mac = good, .dek = good}));
  CHECK(host::write_blank(*store, {.enc = good, .mac = good, .dek = good}));
}

TEST_CASE("commands beyond the stated buffer are refused, in one piece and in a chain") {
  Blank card;
  const Bytes data(layout::kMaxCommandApdu, 0);
  CHECK(send(card.rig->channel, {.ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = data}) == StatusWord::wrong_length);
  const ByteView part = ByteView(data).first(4000);
  CHECK(send(card.rig->channel, {.cla = 0x10, .ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = part}) == StatusWord::ok);
  CHECK(send(card.rig->channel, {.cla = 0x10, .ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = part}) ==
        StatusWord::wrong_length);
  CHECK(select(card.rig->channel, layout::kSecurityDomainAid) == StatusWord::ok);
}

TEST_CASE("STORE DATA comes whole through a link that is short only") {
  Blank card;
  Bytes memory(70000);
  wire::Chaining chaining(card.rig->channel, wire::ApduLimits{}, memory);
  CHECK(personalize(chaining, content(3000)));
  REQUIRE(card.rig->card.reset());
  const auto terminal = open_pace(chaining);
  REQUIRE(terminal);
  REQUIRE(select(terminal->channel(), layout::kEmrtdAid) == StatusWord::ok);
  CHECK(fetch(terminal->channel(), read_sfi(FileId::dg2, 65536)) == content(3000).files.at(FileId::dg2));
}

TEST_CASE("a command whose changes cannot be committed does not say 9000") {
  Blank card;
  const auto gp = open_scp03(card.rig->channel, keys(1));
  REQUIRE(gp);
  card.nvm.cut_at(1, power::Prefix::none);
  CHECK(install(gp->channel(), layout::kEmrtdAid) == StatusWord::memory_failure);
  CHECK_FALSE(is_ok(install(gp->channel(), layout::kRecordsAid)));
  card.nvm.restore();
  card.rig = power_on(card.nvm);
  REQUIRE(card.rig);
  CHECK(select(card.rig->channel, layout::kEmrtdAid) == StatusWord::file_not_found);
}

TEST_CASE("a purge that the power interrupts is done at the next power-on") {
  Blank card;
  const auto transport = keys(1);
  const auto gp = open_scp03(card.rig->channel, keys(1));
  REQUIRE(gp);
  const auto lingers = [&] { return !std::ranges::search(card.memory.octets(), transport.enc.view()).empty(); };
  for (std::size_t n = 1; n < 20; ++n) {
    card.nvm.cut_at(n, power::Prefix::none);
    const auto again = open_scp03(card.rig->channel, keys(1));
    if (again) (void)put_keys(*again, 1, keys(2));
    card.nvm.restore();
    const auto store = std::make_unique<host::ObjectStore>(card.nvm);
    REQUIRE(store->mount());
    if (store->exists(host::kPurgeDueObject)) break;
    card.rig = power_on(card.nvm);
    REQUIRE(card.rig);
  }
  REQUIRE(lingers());  // committed, not yet purged
  card.rig = power_on(card.nvm);
  REQUIRE(card.rig);
  CHECK_FALSE(lingers());
  CHECK_FALSE(card.rig->store.exists(host::kPurgeDueObject));
  CHECK(open_scp03(card.rig->channel, keys(2)));
}

TEST_CASE("every octet pair is answered, and nothing else but a status word comes without data") {
  Blank card;
  for (int cla = 0; cla < 256; ++cla)
    for (int ins = 0; ins < 256; ++ins) {
      const Bytes apdu{static_cast<Byte>(cla), static_cast<Byte>(ins), 0, 0};
      const auto answer = card.rig->channel.exchange(apdu);
      REQUIRE(answer.size() == 2);
      REQUIRE((answer[0] == 0x90 || (answer[0] >= 0x62 && answer[0] <= 0x6F)));
    }
}
