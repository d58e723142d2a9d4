// SPDX-License-Identifier: Apache-2.0
// The power fails at every program and erase of an APPEND RECORD: the record is there, or is not, and the next one
// finds its place.
#include <catch2/catch.hpp>

#include "card/host/card_objects.hpp"
#include "tests/power/power_cut_nvm.hpp"
#include "tests/terminal_rig.hpp"

using namespace rig;
using wire::StatusWord;

namespace {

constexpr std::size_t kMemory = 24 * 1024;

const CvTree& tree() {
  static const CvTree one;
  return one;
}

// `crowded`: so little of the journal is left that the next record compacts it.
Bytes memory(bool crowded) {
  power::RamNvm nvm(kMemory);
  REQUIRE(make_blank(nvm));
  Content what = guarded_content(tree(), 100);
  what.certificate_record = certificate_record(1);
  what.status_record = status_record(5);
  REQUIRE(personalize(power_on(nvm)->channel, what));
  const auto rig = power_on(nvm);
  while (crowded) {
    const auto usage = rig->store.usage();
    if (usage.capacity - usage.journal < 400) break;
    rig->store.begin();
    REQUIRE(rig->store.write(0x7000, Bytes(100)));
    REQUIRE(rig->store.commit());
  }
  return nvm.octets();
}

// A session up to the records; what the card says to the record, if it still has power.
StatusWord append(Rig& rig, ByteView record) {
  (void)select(rig.channel, layout::kEmrtdAid);
  const auto terminal = inspect(rig.channel);
  if (!terminal.secure || authenticate_terminal(terminal, tree()) != StatusWord::ok ||
      select(terminal.channel(), layout::kRecordsAid) != StatusWord::ok)
    return StatusWord::no_precise_diagnosis;
  return send(terminal.channel(), append_record(FileId::status, record));
}

Bytes newest(Rig& rig) {
  (void)select(rig.channel, layout::kEmrtdAid);
  const auto terminal = inspect(rig.channel);
  REQUIRE(terminal.secure);
  REQUIRE(select(terminal.channel(), layout::kRecordsAid) == StatusWord::ok);
  return fetch(terminal.channel(), newest_record(FileId::status));
}

}  // namespace

TEST_CASE("a record torn at any write is whole or was never there") {
  const bool crowded = GENERATE(false, true);
  const Bytes start = memory(crowded);
  const Bytes before = status_record(5), torn = status_record(6, 300), next = status_record(7);
  std::size_t lost = 0, kept = 0;
  StatusWord said{};
  const auto writes = power::cut_everywhere(
      [&] { return start; },
      [&](host::Nvm& nvm) {
        said = StatusWord::no_precise_diagnosis;
        if (const auto rig = power_on(nvm)) said = append(*rig, torn);
      },
      [&](power::RamNvm& nvm, std::size_t n, power::Prefix prefix) {
        INFO("cut at write " << n << ", prefix " << static_cast<int>(prefix));
        const auto rig = power_on(nvm);
        REQUIRE(rig);
        const Bytes last = newest(*rig);
        REQUIRE((last == before || last == torn));
        if (said == StatusWord::ok) REQUIRE(last == torn);  // what was promised lasts
        ++(last == torn ? kept : lost);
        REQUIRE(append(*rig, torn) == (last == torn ? StatusWord::conditions_not_satisfied : StatusWord::ok));
        REQUIRE(append(*rig, next) == StatusWord::ok);
        REQUIRE(newest(*rig) == next);
      });
  CHECK(writes >= (crowded ? 6 : 2));
  CHECK(lost > 0);
  CHECK(kept > 0);
}
