// SPDX-License-Identifier: Apache-2.0
// Terminals with and without the append right, and what the card takes into its record files, and finds there again.
#include <catch2/catch.hpp>

#include "card/host/card_objects.hpp"
#include "card/host/record_file.hpp"
#include "tests/power/power_cut_nvm.hpp"
#include "tests/terminal_rig.hpp"

using namespace rig;
using wire::StatusWord;

namespace {

// One set of keys; a test may have other certificates made for them.
CvTree& tree() {
  static CvTree one;
  return one;
}

Bytes issued_memory(std::size_t size) {
  power::RamNvm nvm(size);
  REQUIRE(make_blank(nvm));
  Content what = guarded_content(tree(), 100);
  what.certificate_record = certificate_record(1);
  what.status_record = status_record(5);
  REQUIRE(personalize(power_on(nvm)->channel, what));
  return nvm.octets();
}

struct Station {
  power::RamNvm nvm;
  std::unique_ptr<Rig> rig;
  Inspection terminal;

  explicit Station(std::size_t memory = 128 * 1024) : nvm(memory) {
    static const Bytes kLarge = issued_memory(128 * 1024);
    nvm.octets() = memory == kLarge.size() ? kLarge : issued_memory(memory);
    rig = power_on(nvm);
    REQUIRE(rig);
  }
  void open() {
    REQUIRE(select(rig->channel, layout::kEmrtdAid) == StatusWord::ok);  // PACE is not the records' affair
    terminal = inspect(rig->channel);
    REQUIRE(terminal.secure);
  }
  // As the tree's terminal, in the records application.
  StatusWord arrive() {
    open();
    const auto sw = authenticate_terminal(terminal, tree());
    REQUIRE(select(channel(), layout::kRecordsAid) == StatusWord::ok);
    return sw;
  }
  wire::Channel& channel() { return terminal.channel(); }
  StatusWord append(FileId id, ByteView record) { return send(channel(), append_record(id, record)); }
  Bytes newest(FileId id = FileId::status) { return fetch(channel(), newest_record(id)); }
  std::pair<StatusWord, Bytes> search(const Bytes& handling) {
    const auto response = channel().transmit(search_record(handling));
    REQUIRE(response);
    return {response->sw, octets_of(response->data)};
  }
  // Behind the card's back, as if they had been appended.
  void put(FileId id, std::uint8_t from, std::uint8_t to, std::size_t octets = 40) {
    for (int number = from; number <= to; ++number) {
      const auto n = static_cast<std::uint8_t>(number);
      rig->store.begin();
      const auto record = id == FileId::status ? status_record(n + 100U, octets) : certificate_record(n, octets);
      REQUIRE(rig->store.write(host::record_object(id, n), record));
      REQUIRE(rig->store.commit());
    }
  }
};

Bytes found(std::initializer_list<Byte> integers, FileId id = FileId::status) {
  const auto fid = layout::file(id).fid;
  Bytes inside = crypto::tlv(0x51, Bytes{static_cast<Byte>(fid >> 8), static_cast<Byte>(fid)});
  inside.insert(inside.end(), integers);
  return crypto::tlv(0x7F76, inside);
}

}  // namespace

TEST_CASE("a terminal with the append right appends, in the session in which it has shown it") {
  Station card;
  REQUIRE(card.arrive() == StatusWord::ok);
  CHECK(card.append(FileId::status, status_record(6)) == StatusWord::ok);
  CHECK(card.newest() == status_record(6));
  CHECK(card.append(FileId::certificates, certificate_record(2, 900)) == StatusWord::ok);
  CHECK(card.append(FileId::status, status_record(900, 60, 2)) == StatusWord::ok);  // gaps are no matter
  REQUIRE(card.arrive() == StatusWord::ok);
  CHECK(card.newest() == status_record(900, 60, 2));
  CHECK(card.newest(FileId::certificates) == certificate_record(2, 900));
  CHECK(fetch(card.channel(), {.ins = 0xB2, .p1 = 1, .p2 = 0x0D, .le = 65536, .extended = true}).size() ==
        status_record(5).size() + status_record(6).size() + status_record(900, 60, 2).size());
}

TEST_CASE("without the right of every certificate of the chain nothing is appended") {
  Station card;
  const auto refused = [&] {
    CHECK(card.append(FileId::status, status_record(6)) == StatusWord::security_not_satisfied);
    CHECK(card.append(FileId::certificates, certificate_record(2)) == StatusWord::security_not_satisfied);
    CHECK(card.newest() == status_record(5));
  };
  card.open();
  REQUIRE(select(card.channel(), layout::kRecordsAid) == StatusWord::ok);
  refused();
  for (crypto::CvPlan* const which : {&tree().dv_plan, &tree().terminal_plan}) {
    which->rights.append_records = false;
    REQUIRE(card.arrive() == StatusWord::ok);
    which->rights.append_records = true;
    refused();
  }
  // New keys begin a session without rights; a plain command ends it.
  REQUIRE(card.arrive() == StatusWord::ok);
  REQUIRE(select(card.channel(), layout::kEmrtdAid) == StatusWord::ok);
  REQUIRE(prove_chip(card.rig->channel, card.terminal));
  REQUIRE(select(card.channel(), layout::kRecordsAid) == StatusWord::ok);
  refused();
  REQUIRE(card.arrive() == StatusWord::ok);
  CHECK(send(card.rig->channel, append_record(FileId::status, status_record(6))) == StatusWord::security_not_satisfied);
}

TEST_CASE("records that have not their file's form") {
  Station card;
  REQUIRE(card.arrive() == StatusWord::ok);
  const auto status = [&](Bytes record) { return card.append(FileId::status, record); };
  CHECK(status({}) == StatusWord::wrong_length);
  CHECK(status(status_record(6, 2000)) == StatusWord::wrong_length);
  CHECK(status(Bytes(100, 0x57)) == StatusWord::wrong_data);
  CHECK(status(certificate_record(2)) == StatusWord::wrong_data);
  for (std::size_t cut = 1; cut < status_record(6).size(); ++cut) {
    Bytes torn = status_record(6);
    torn.resize(cut);
    CHECK(status(torn) == StatusWord::wrong_data);
  }
  Bytes more = status_record(6);
  more.push_back(0);
  CHECK(status(more) == StatusWord::wrong_data);
  CHECK(status(status_record(6, 0)) == StatusWord::wrong_data);
  CHECK(status(status_record(6, 40, 0)) == StatusWord::referenced_data_not_found);
  CHECK(status(status_record(6, 40, 2)) == StatusWord::referenced_data_not_found);  // there is one certificate
  CHECK(card.append(FileId::certificates, status_record(6)) == StatusWord::wrong_data);
  CHECK(send(card.channel(), {.ins = 0xE2, .p1 = 1, .p2 = 8, .data = Bytes(9)}) == StatusWord::incorrect_p1p2);
  CHECK(send(card.channel(), {.ins = 0xE2, .p2 = 9, .data = Bytes(9)}) == StatusWord::incorrect_p1p2);
  CHECK(send(card.channel(), {.ins = 0xE2, .p2 = 0, .data = Bytes(9)}) == StatusWord::incorrect_p1p2);
  CHECK(send(card.channel(), {.ins = 0xE2, .p2 = 0x10, .data = Bytes(9)}) == StatusWord::file_not_found);
  CHECK(card.newest() == status_record(5));
}

TEST_CASE("a status record's sequence grows, or the card refuses it") {
  Station card;
  REQUIRE(card.arrive() == StatusWord::ok);
  for (const std::uint32_t sequence : {0U, 1U, 4U, 5U})
    CHECK(card.append(FileId::status, status_record(sequence)) == StatusWord::conditions_not_satisfied);
  CHECK(card.append(FileId::status, status_record(0xFFFFFFFF)) == StatusWord::ok);
  CHECK(card.append(FileId::status, status_record(0xFFFFFFFF)) == StatusWord::conditions_not_satisfied);
  CHECK(card.append(FileId::status, status_record(6)) == StatusWord::conditions_not_satisfied);
  // Over a record without a sequence nothing can be shown to grow.
  card.rig->store.begin();
  REQUIRE(card.rig->store.write(host::record_object(FileId::status, 3), Bytes(30, 1)));
  REQUIRE(card.rig->store.commit());
  CHECK(card.append(FileId::status, status_record(0xFFFFFFFF)) == StatusWord::conditions_not_satisfied);
}

TEST_CASE("a full file says so and loses nothing") {
  Station card;
  SECTION("254 records") {
    card.put(FileId::status, 2, 253);
    REQUIRE(card.arrive() == StatusWord::ok);
    CHECK(card.append(FileId::status, status_record(1000)) == StatusWord::ok);
    CHECK(card.append(FileId::status, status_record(1001)) == StatusWord::not_enough_memory);
    CHECK(card.newest() == status_record(1000));
    CHECK(host::RecordFile(card.rig->store, layout::file(FileId::status)).count() == std::uint8_t{254});
  }
  SECTION("the file's octets") {
    card.put(FileId::certificates, 2, 17, 900);
    REQUIRE(card.arrive() == StatusWord::ok);
    CHECK(card.append(FileId::certificates, certificate_record(9, 1000)) == StatusWord::ok);
    CHECK(card.append(FileId::certificates, certificate_record(10, 1000)) == StatusWord::not_enough_memory);
    CHECK(card.newest(FileId::certificates) == certificate_record(9, 1000));
  }
}

TEST_CASE("a full memory says so, loses nothing, and the session goes on") {
  Station card(24 * 1024);
  REQUIRE(card.arrive() == StatusWord::ok);
  std::uint32_t last = 5;
  auto sw = StatusWord::ok;
  while ((sw = card.append(FileId::status, status_record(last + 1, 900))) == StatusWord::ok) ++last;
  CHECK(sw == StatusWord::not_enough_memory);
  CHECK(last > 6);
  CHECK(card.newest() == status_record(last, 900));
  std::size_t last_octets = 900;
  for (; card.append(FileId::status, status_record(last + 1, 1)) == StatusWord::ok; ++last) last_octets = 1;
  CHECK(card.rig->store.free_octets() > 900);  // tries can still be charged, and trust points replaced
  REQUIRE(card.rig->card.reset());
  REQUIRE(card.arrive() == StatusWord::ok);
  CHECK(card.newest() == status_record(last, last_octets));
}

TEST_CASE("a certificate that finds no room for its date is not kept in RAM either") {
  Station card(24 * 1024);
  const auto today = tree().dv_plan.effective;
  card.open();
  card.rig->store.begin();
  REQUIRE(card.rig->store.write(0x7000, Bytes(card.rig->store.free_octets() - host::Journal::kRecordFrame)));
  REQUIRE(card.rig->store.commit());
  tree().dv_plan.effective = kToday + days(2);
  const auto later = tree().dv();
  tree().dv_plan.effective = today;
  CHECK(verify_certificate(card.channel(), tree().dv_plan.authority, later) == StatusWord::not_enough_memory);
  CHECK(verify_certificate(card.channel(), tree().terminal_plan.authority, tree().terminal()) ==
        StatusWord::referenced_data_not_found);
  // One that moves no date still opens the door.
  CHECK(authenticate_terminal(card.terminal, tree()) == StatusWord::ok);
}

TEST_CASE("SEARCH RECORD names the records that hold the octets") {
  Station card;
  card.put(FileId::status, 2, 200);
  card.open();
  REQUIRE(select(card.channel(), layout::kRecordsAid) == StatusWord::ok);
  const auto copy = [](Byte low) { return Bytes{0x5F, 0x20, 4, 0, 0, 0, low}; };
  const auto hit = [](Bytes octets) { return std::pair{StatusWord::ok, std::move(octets)}; };
  const std::pair miss{StatusWord::end_of_file, Bytes{}};
  CHECK(card.search(search_template(FileId::status, copy(5))) == hit(found({2, 1, 1})));
  CHECK(card.search(search_template(FileId::status, copy(102))) == hit(found({2, 1, 2})));
  CHECK(card.search(search_template(FileId::status, Bytes{0, 0, 1, 0x2C})) == hit(found({2, 2, 0, 200})));  // 300
  CHECK(card.search(search_template(FileId::status, copy(1))) == miss);
  CHECK(card.search(search_template(FileId::status, Bytes{0x5F, 0x20}, true)) == hit(found({2, 1, 1})));
  CHECK(card.search(search_template(FileId::certificates, Bytes{'R', 'U', 1})) ==
        hit(found({2, 1, 1}, FileId::certificates)));
  CHECK(card.search(search_template(FileId::certificates, Bytes{'R', 'U', 2})) == miss);
  // The window: the copy's value stands at 3 to 6.
  CHECK(card.search(search_template(FileId::status, Bytes{0, 0, 0, 5}, true, 3, 4)).first == StatusWord::ok);
  CHECK(card.search(search_template(FileId::status, Bytes{0, 0, 0, 5}, true, 3, 3)) == miss);
  CHECK(card.search(search_template(FileId::status, Bytes{0, 0, 0, 5}, true, 4, 0)) == miss);
  CHECK(card.search(search_template(FileId::status, Bytes{0x5F, 0x38}, true, 127, 127)) == miss);
  // All of 200 records: more than a short answer.
  Bytes all;
  const Bytes handling = search_template(FileId::status, Bytes{0x5F, 0x20});
  auto response = card.channel().transmit({.ins = 0xA2, .p2 = 0xF8, .data = handling, .le = 65536, .extended = true});
  REQUIRE(response);
  CHECK(response->ok());
  CHECK(response->data.size() == 5 + 4 + 127 * 3 + 73 * 4);
  // By short identifier, which the answer repeats.
  Bytes by_sfi = search_template(FileId::status, copy(5));
  by_sfi.erase(by_sfi.begin() + 6);
  by_sfi[2] = static_cast<Byte>(by_sfi[2] - 1);
  by_sfi[4] = 1;
  by_sfi[5] = 0x01 << 3;
  CHECK(card.search(by_sfi) == hit(Bytes{0x7F, 0x76, 6, 0x51, 1, 8, 2, 1, 1}));
}

TEST_CASE("SEARCH RECORD in forms that are none") {
  Station card;
  const Bytes good = search_template(FileId::status, Bytes{0x5F, 0x20});
  CHECK(send(card.rig->channel, {.ins = 0xA4, .p1 = 4, .p2 = 0x0C, .data = layout::kRecordsAid}) == StatusWord::ok);
  CHECK(send(card.rig->channel, search_record(good)) == StatusWord::security_not_satisfied);
  card.open();
  CHECK(send(card.channel(), search_record(good)) == StatusWord::ins_not_supported);  // in the eMRTD
  REQUIRE(select(card.channel(), layout::kRecordsAid) == StatusWord::ok);
  CHECK(send(card.channel(), {.ins = 0xA2, .p2 = 0xF8, .data = good}) == StatusWord::wrong_length);
  CHECK(send(card.channel(), {.ins = 0xA2, .p2 = 0x0C, .data = good, .le = 256}) == StatusWord::incorrect_p1p2);
  CHECK(card.search({}).first == StatusWord::wrong_data);
  CHECK(card.search(search_template(FileId::status, {})).first == StatusWord::wrong_data);
  CHECK(card.search(search_template(FileId::dg2, Bytes{1})).first == StatusWord::file_not_found);
  CHECK(card.search(search_template(FileId::status, Bytes{1}, false, 0x80)).first == StatusWord::wrong_data);
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes torn = good;
    torn.resize(at);
    CHECK(card.search(torn).first == StatusWord::wrong_data);
  }
  Bytes backwards = good;
  backwards[11] = 0x10;  // neither all nor the first
  CHECK(card.search(backwards).first == StatusWord::function_not_supported);
}
