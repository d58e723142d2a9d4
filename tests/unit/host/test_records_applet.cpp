// SPDX-License-Identifier: Apache-2.0
#include "card/host/records_applet.hpp"

#include <catch2/catch.hpp>

#include "card/host/card_objects.hpp"
#include "card/host/record_file.hpp"
#include "tests/card_rig.hpp"
#include "tests/power/power_cut_nvm.hpp"

using namespace rig;
using wire::StatusWord;

namespace {

constexpr Byte kOne = 0x01 << 3 | 4;
constexpr Byte kToLast = 0x01 << 3 | 5;

// An issued card with two more status records, as a later APPEND RECORD would leave them.
struct Issued {
  power::RamNvm nvm;
  std::unique_ptr<Rig> rig;
  std::unique_ptr<SecureTerminal> terminal;
  Issued() {
    REQUIRE(make_blank(nvm));
    rig = power_on(nvm);
    REQUIRE(personalize(rig->channel, content(500)));
    rig->store.begin();
    REQUIRE(rig->store.write(host::record_object(FileId::status, 2), Bytes(200, 2)));
    REQUIRE(rig->store.write(host::record_object(FileId::status, 3), Bytes(300, 3)));
    REQUIRE(rig->store.commit());
    REQUIRE(rig->card.reset());
    terminal = open_pace(rig->channel);
    REQUIRE(terminal);
    REQUIRE(select(terminal->channel(), layout::kRecordsAid) == StatusWord::ok);
  }
  std::pair<StatusWord, Bytes> read(Byte p1, Byte p2, std::uint32_t le, bool extended = true) {
    const auto response =
        terminal->channel().transmit({.ins = 0xB2, .p1 = p1, .p2 = p2, .le = le, .extended = extended});
    REQUIRE(response);
    return {response->sw, Bytes(response->data.begin(), response->data.end())};
  }
};

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

}  // namespace

TEST_CASE("READ RECORD gives one record, or whole records to the last") {
  Issued card;
  const Bytes first(120, 0x57), second(200, 2), third(300, 3);
  CHECK(card.read(1, kOne, 65536) == std::pair{StatusWord::ok, first});
  CHECK(card.read(3, kOne, 65536) == std::pair{StatusWord::ok, third});
  CHECK(card.read(1, kToLast, 65536) == std::pair{StatusWord::ok, joined({first, second, third})});
  CHECK(card.read(2, kToLast, 65536) == std::pair{StatusWord::ok, joined({second, third})});
  CHECK(card.read(1, kToLast, 400) == std::pair{StatusWord::ok, joined({first, second})});  // as many as fit
  CHECK(card.read(1, kToLast, 1000) == std::pair{StatusWord::end_of_file, joined({first, second, third})});
  CHECK(card.read(1, kOne, 200) == std::pair{StatusWord::end_of_file, first});
  CHECK(card.read(2, kOne, 100).first == StatusWord::wrong_length);  // a part of a record is no record
  CHECK(card.read(4, kOne, 65536).first == StatusWord::record_not_found);
  CHECK(card.read(4, kToLast, 65536).first == StatusWord::record_not_found);
  CHECK(card.read(1, 0x1A << 3 | 4, 65536).second == Bytes(300, 0xCE));
  CHECK(card.read(0, 0x01 << 3 | 1, 65536) == std::pair{StatusWord::ok, third});  // the newest
  CHECK(card.read(0, 0x01 << 3 | 1, 299).first == StatusWord::wrong_length);
  CHECK(card.read(0, 0x1A << 3 | 1, 65536).second == Bytes(300, 0xCE));
}

TEST_CASE("READ RECORD in forms that are none") {
  Issued card;
  CHECK(card.read(0, kOne, 256).first == StatusWord::incorrect_p1p2);
  CHECK(card.read(255, kOne, 256).first == StatusWord::incorrect_p1p2);
  CHECK(card.read(1, 4, 256).first == StatusWord::incorrect_p1p2);
  CHECK(card.read(1, 0x01 << 3 | 6, 256).first == StatusWord::incorrect_p1p2);
  CHECK(card.read(1, 0x1F << 3 | 4, 256).first == StatusWord::incorrect_p1p2);
  CHECK(card.read(1, 0x02 << 3 | 4, 256).first == StatusWord::file_not_found);
  CHECK(send(card.terminal->channel(), {.ins = 0xB2, .p1 = 1, .p2 = kOne}) == StatusWord::wrong_length);
  CHECK(card.read(1, 0x01 << 3 | 1, 256).first == StatusWord::incorrect_p1p2);  // the last is no number
  CHECK(card.read(0, 1, 256).first == StatusWord::incorrect_p1p2);
  CHECK(send(card.terminal->channel(), {.ins = 0xDC, .p2 = 0x08, .data = Bytes(3)}) == StatusWord::ins_not_supported);
}

TEST_CASE("a record file is full at 254 records, and at its capacity") {
  power::RamNvm nvm;
  const auto store = std::make_unique<host::ObjectStore>(nvm);
  REQUIRE(store->format());
  const auto& certificates = layout::file(FileId::certificates);
  host::RecordFile file(*store, certificates);
  CHECK(file.next_record(0).error() == StatusWord::wrong_length);
  CHECK(file.next_record(layout::kMaxRecordOctets + 1).error() == StatusWord::wrong_length);
  const auto fill = [&](std::size_t octets, std::size_t count) {
    store->begin();
    for (std::size_t i = 0; i < count; ++i) {
      const auto next = file.next_record(octets);
      REQUIRE(next);
      REQUIRE(store->write(*next, Bytes(octets, 1)));
    }
    REQUIRE(store->commit());
  };
  SECTION("records") {
    fill(10, layout::kMaxRecords);
    CHECK(file.count() == std::uint8_t{254});
    CHECK(file.next_record(1).error() == StatusWord::not_enough_memory);
  }
  SECTION("octets") {
    fill(1024, certificates.capacity / 1024);
    CHECK(file.next_record(1).error() == StatusWord::not_enough_memory);
  }
}
