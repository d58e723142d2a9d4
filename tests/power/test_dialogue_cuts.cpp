// SPDX-License-Identifier: Apache-2.0
// Every dialogue again, with the power cut at each program and erase: the card comes back and says who it is.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/card_rig.hpp"
#include "tests/dialogues/dialogue.hpp"
#include "tests/power/power_cut_nvm.hpp"

namespace {

crypto::Bytes memory_of(const std::string& card) {
  power::RamNvm nvm;
  REQUIRE(rig::make_blank(nvm));
  if (card == "issued") REQUIRE(rig::personalize(rig::power_on(nvm)->channel, rig::content(600)));
  return nvm.octets();
}

void hold(host::Nvm& nvm, const std::vector<dialogue::Step>& steps) {
  auto card = rig::power_on(nvm);
  for (const auto& step : steps) {
    if (!card) return;
    if (const auto* send = std::get_if<dialogue::Send>(&step.what)) (void)card->channel.exchange(send->apdu);
    if (std::holds_alternative<dialogue::Reset>(step.what)) card = rig::power_on(nvm);
  }
}

}  // namespace

TEST_CASE("after a power cut anywhere in any dialogue the card answers") {
  std::size_t dialogues = 0, writes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TESTS_DIR "/dialogues")) {
    if (entry.path().extension() != ".dlg") continue;
    INFO(entry.path().filename().string());
    std::ifstream in(entry.path());
    std::optional<dialogue::Fault> fault;
    const auto steps = dialogue::parse(in, fault);
    REQUIRE_FALSE(fault);
    REQUIRE(std::holds_alternative<dialogue::Begin>(steps.at(0).what));
    const auto start = memory_of(std::get<dialogue::Begin>(steps[0].what).card);
    writes +=
        power::cut_everywhere([&] { return start; }, [&](host::Nvm& nvm) { hold(nvm, steps); },
                              [](power::RamNvm& nvm, std::size_t, power::Prefix) {
                                const auto card = rig::power_on(nvm);
                                REQUIRE(card);
                                CHECK(rig::fetch(card->channel, {.ins = 0xB0, .p1 = 0x81, .le = 256}).size() == 19);
                              });
    ++dialogues;
  }
  CHECK(dialogues >= 5);
  CHECK(writes > 0);
}
