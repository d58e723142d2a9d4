// SPDX-License-Identifier: Apache-2.0
// The power fails at every program and erase of a whole personalization: the card is then done, or can be begun again,
// and never goes out with transport keys.
#include <catch2/catch.hpp>

#include "tests/power/power_cut_nvm.hpp"
#include "tests/terminal_rig.hpp"

using namespace rig;
using layout::LifeCycle;
using wire::StatusWord;

namespace {

constexpr std::size_t kMemory = 64 * 1024;  // small, so that compaction happens in between

const Content& small_content() {
  static const Content what = [] {
    Content made = genuine_content(400);
    made.cvca = CvTree().cvca();
    made.certificate_record.resize(40);
    made.status_record.resize(30);
    return made;
  }();
  return what;
}

// From its last entry: E3 { 4F AID, 9F70 state, C5 privileges }.
LifeCycle life_cycle_of(wire::Channel& gp) {
  const Bytes status = fetch(gp, {.cla = 0x80, .ins = 0xF2, .p1 = 0x80, .p2 = 2, .data = Bytes{0x4F, 0}, .le = 256});
  const auto entry = crypto::read_only_tlv(status, 0xE3);
  REQUIRE(entry);
  const auto state = crypto::find_tlv(entry->value, 0x9F70);
  REQUIRE((state && *state && (*state)->value.size() == 1));
  return static_cast<LifeCycle>((*state)->value[0]);
}

// What a station does with a card that was torn away: recognises how far it is, and goes on.
void finish(wire::Channel& card) {
  if (const auto transport = open_scp03(card, keys(1))) REQUIRE(put_keys(*transport, 0x01, keys(2)) == StatusWord::ok);
  const auto gp = open_scp03(card, keys(2));
  REQUIRE(gp);
  auto& channel = gp->channel();
  const LifeCycle state = life_cycle_of(channel);
  if (state == LifeCycle::personalized) return;
  for (const ByteView aid : {ByteView(layout::kEmrtdAid), ByteView(layout::kRecordsAid)}) {
    const auto sw = delete_application(channel, aid);
    REQUIRE((sw == StatusWord::ok || sw == StatusWord::referenced_data_not_found));
  }
  if (state == LifeCycle::op_ready) REQUIRE(set_status(channel, LifeCycle::initialized) == StatusWord::ok);
  if (state != LifeCycle::secured) REQUIRE(set_status(channel, LifeCycle::secured) == StatusWord::ok);
  REQUIRE(fill(*gp, small_content()) == StatusWord::ok);
}

void require_issued(Rig& rig) {
  REQUIRE(rig.card.reset());
  const auto terminal = open_pace(rig.channel, crypto::PasswordKind::can, with_chip_authentication());
  REQUIRE(terminal);
  REQUIRE(select(terminal->channel(), layout::kEmrtdAid) == StatusWord::ok);
  for (const auto& [id, octets] : small_content().files)
    if (layout::file(id).application == layout::Application::emrtd)
      REQUIRE(fetch(terminal->channel(), read_sfi(id, 65536)) == octets);
  REQUIRE(fetch(terminal->channel(), read_sfi(FileId::cvca, 36)).size() == 36);
  REQUIRE(select(terminal->channel(), layout::kRecordsAid) == StatusWord::ok);
  REQUIRE(fetch(terminal->channel(), {.ins = 0xB2, .p1 = 1, .p2 = 0x0D, .le = 65536}) == small_content().status_record);
}

}  // namespace

TEST_CASE("a personalization torn anywhere is done, or is begun again and finished") {
  const Bytes blank = [] {
    power::RamNvm nvm(kMemory);
    REQUIRE(make_blank(nvm));
    return nvm.octets();
  }();
  const auto writes =
      power::cut_everywhere([&] { return blank; },
                            [](host::Nvm& nvm) {
                              if (const auto rig = power_on(nvm)) (void)personalize(rig->channel, small_content());
                            },
                            [](power::RamNvm& nvm, std::size_t n, power::Prefix prefix) {
                              INFO("cut at write " << n << ", prefix " << static_cast<int>(prefix));
                              const auto rig = power_on(nvm);
                              REQUIRE(rig);
                              finish(rig->channel);
                              require_issued(*rig);
                              const auto transport = keys(1);
                              for (const crypto::Secret* key : {&transport.enc, &transport.mac, &transport.dek})
                                REQUIRE(std::ranges::search(nvm.octets(), key->view()).empty());
                            });
  CHECK(writes > 50);
}
