// SPDX-License-Identifier: Apache-2.0
// Who may personalize: sessions, levels, tries, data groupings that come in pieces or wrong.
#include "card/host/security_domain.hpp"

#include <catch2/catch.hpp>

#include "card/host/card_objects.hpp"
#include "card/host/retry_counter.hpp"
#include "tests/card_rig.hpp"
#include "tests/power/power_cut_nvm.hpp"

using namespace rig;
using wire::StatusWord;

namespace {

struct Blank {
  power::RamNvm nvm;
  std::unique_ptr<Rig> rig;
  Blank() {
    REQUIRE(make_blank(nvm));
    rig = power_on(nvm);
    REQUIRE(rig);
  }
  wire::Channel& channel() { return rig->channel; }
};

// Without the keys no MAC is right: any 32 octets will do.
StatusWord wrong_cryptogram(wire::Channel& channel) {
  (void)select(channel, layout::kSecurityDomainAid);
  const auto begun = send(channel, {.cla = 0x80, .ins = 0x50, .data = Bytes(16, 1), .le = 256});
  if (begun != StatusWord::ok) return begun;
  return send(channel, {.cla = 0x84, .ins = 0x82, .p1 = 0x33, .data = Bytes(32, 7)});
}

// An eMRTD ready for STORE DATA.
std::unique_ptr<GpTerminal> ready(Blank& blank, Byte level = wire::kFullSecurity) {
  auto gp = open_scp03(blank.channel(), keys(1), level);
  REQUIRE(gp);
  REQUIRE(install(gp->channel(), layout::kEmrtdAid) == StatusWord::ok);
  REQUIRE(install(gp->channel(), layout::kRecordsAid) == StatusWord::ok);
  REQUIRE(install_for_personalization(gp->channel(), layout::kEmrtdAid) == StatusWord::ok);
  return gp;
}

StatusWord block(wire::Channel& gp, Byte p1, Byte number, ByteView data) {
  return send(gp, {.cla = 0x80, .ins = 0xE2, .p1 = p1, .p2 = number, .data = data, .le = 256});
}

Bytes dgi(std::uint16_t id, ByteView value) {
  Bytes out;
  append_dgi(out, id, value);
  return out;
}

}  // namespace

TEST_CASE("wrong cryptograms are counted over power cuts, and the tenth is the last") {
  Blank blank;
  for (unsigned i = 0; i < host::SecurityDomain::kMaxScp03Failures; ++i) {
    CHECK_FALSE(is_ok(wrong_cryptogram(blank.channel())));
    REQUIRE(blank.rig->card.reset());
  }
  CHECK(wrong_cryptogram(blank.channel()) == StatusWord::authentication_blocked);
  CHECK_FALSE(open_scp03(blank.channel(), keys(1)));
}

TEST_CASE("a wrong cryptogram under a right MAC opens nothing, and costs a try") {
  Blank blank;
  (void)select(blank.channel(), layout::kSecurityDomainAid);
  const Bytes challenge(16, 0x5A);
  const auto set = keys(1);
  const auto answer = wire::initialize_update(blank.channel(), 0, challenge);
  REQUIRE(answer);
  wire::Scp03Session session(engine(), answer->mode);
  REQUIRE(session.derive(set, challenge, answer->card_challenge));
  Bytes cryptogram(16), memory(64);
  REQUIRE(session.host_cryptogram(cryptogram));
  cryptogram.back() ^= 1;
  session.set_level(wire::kCMac);
  const auto command = session.wrap_command({.cla = 0x80, .ins = 0x82, .p1 = 0x33, .data = cryptogram}, memory);
  REQUIRE(command);
  CHECK(send(blank.channel(), *command) == StatusWord::authentication_failed);
  session.set_level(wire::kFullSecurity);
  GpTerminal gp(blank.channel(), std::move(session));
  CHECK(install(gp.channel(), layout::kEmrtdAid) == StatusWord::security_not_satisfied);
  CHECK(host::RetryCounter(blank.rig->store, host::kScp03TriesObject).failures() == std::uint8_t{1});
}

TEST_CASE("a right cryptogram clears the count") {
  Blank blank;
  for (unsigned round = 0; round < 2; ++round) {
    for (unsigned i = 1; i < host::SecurityDomain::kMaxScp03Failures; ++i)
      CHECK_FALSE(is_ok(wrong_cryptogram(blank.channel())));
    CHECK(open_scp03(blank.channel(), keys(1)));
  }
}

TEST_CASE("INITIALIZE UPDATE alone burns no try") {
  Blank blank;
  (void)select(blank.channel(), layout::kSecurityDomainAid);
  for (unsigned i = 0; i < 20; ++i)
    CHECK(send(blank.channel(), {.cla = 0x80, .ins = 0x50, .data = Bytes(16), .le = 256}) == StatusWord::ok);
  CHECK(send(blank.channel(), {.cla = 0x80, .ins = 0x50, .p1 = 9, .data = Bytes(16), .le = 256}) ==
        StatusWord::referenced_data_not_found);
  CHECK(open_scp03(blank.channel(), keys(1)));
}

TEST_CASE("EXTERNAL AUTHENTICATE needs its own INITIALIZE UPDATE") {
  Blank blank;
  (void)select(blank.channel(), layout::kSecurityDomainAid);
  CHECK(send(blank.channel(), {.cla = 0x84, .ins = 0x82, .p1 = 0x33, .data = Bytes(32, 7)}) ==
        StatusWord::conditions_not_satisfied);
  for (const int level : {0x00, 0x02, 0x10, 0xFF})
    CHECK(send(blank.channel(), {.cla = 0x84, .ins = 0x82, .p1 = static_cast<Byte>(level), .data = Bytes(32, 7)}) ==
          StatusWord::incorrect_p1p2);
}

TEST_CASE("nothing that changes the card goes without a session") {
  Blank blank;
  REQUIRE(select(blank.channel(), layout::kSecurityDomainAid) == StatusWord::ok);
  CHECK(install(blank.channel(), layout::kEmrtdAid) == StatusWord::security_not_satisfied);
  CHECK(install_for_personalization(blank.channel(), layout::kSecurityDomainAid) == StatusWord::security_not_satisfied);
  CHECK(delete_application(blank.channel(), layout::kEmrtdAid) == StatusWord::security_not_satisfied);
  CHECK(block(blank.channel(), 0x88, 0, dgi(layout::kDgiCardNumber, Bytes(9))) == StatusWord::security_not_satisfied);
  CHECK(set_status(blank.channel(), layout::LifeCycle::terminated) == StatusWord::security_not_satisfied);
  CHECK(send(blank.channel(), {.cla = 0x80, .ins = 0xF2, .p1 = 0x80, .p2 = 2, .data = Bytes{0x4F, 0}, .le = 256}) ==
        StatusWord::security_not_satisfied);
  CHECK(send(blank.channel(), {.cla = 0x84, .ins = 0xE4, .data = Bytes(30)}) == StatusWord::security_not_satisfied);
}

TEST_CASE("a plain command, another SELECT and a reset each end the session") {
  Blank blank;
  const auto gp = open_scp03(blank.channel(), keys(1));
  REQUIRE(gp);
  REQUIRE(install(gp->channel(), layout::kEmrtdAid) == StatusWord::ok);
  SECTION("plain") {
    CHECK(send(blank.channel(), {.cla = 0x80, .ins = 0xCA, .p1 = 0x9F, .p2 = 0x7F, .le = 256}) == StatusWord::ok);
  }
  SECTION("SELECT") {
    CHECK(select(blank.channel(), layout::kEmrtdAid) == StatusWord::ok);
    CHECK(select(blank.channel(), layout::kSecurityDomainAid) == StatusWord::ok);
  }
  SECTION("the other secure messaging") {
    CHECK(send(blank.channel(), {.cla = 0x0C, .ins = 0xCA, .p2 = 0x66, .data = Bytes{0x97, 1, 0}, .le = 256}) ==
          StatusWord::sm_objects_incorrect);
    CHECK(delete_application(gp->channel(), layout::kEmrtdAid) == StatusWord::security_not_satisfied);
  }
  SECTION("reset") { REQUIRE(blank.rig->card.reset()); }
  (void)select(blank.channel(), layout::kSecurityDomainAid);
  CHECK_FALSE(is_ok(delete_application(gp->channel(), layout::kEmrtdAid)));
}

TEST_CASE("a changed octet under C-MAC ends the session") {
  Blank blank;
  const auto gp = open_scp03(blank.channel(), keys(1));
  REQUIRE(gp);
  CHECK(send(blank.channel(), {.cla = 0x84, .ins = 0xE6, .p1 = 0x0C, .data = Bytes(40, 3)}) ==
        StatusWord::sm_objects_incorrect);
  CHECK(install(gp->channel(), layout::kEmrtdAid) == StatusWord::security_not_satisfied);
}

TEST_CASE("secrets come under the DEK inside C-ENC, or not at all") {
  Blank blank;
  SECTION("not in a session without C-ENC") {
    const auto gp = ready(blank, wire::kCMac);
    CHECK(block(gp->channel(), 0xE8, 0, dgi(layout::kDgiCan, gp->under_dek(padded(crypto::as_bytes(kCan))))) ==
          StatusWord::security_not_satisfied);
    CHECK(block(gp->channel(), 0x88, 0, dgi(0x0101, Bytes(20))) == StatusWord::ok);
  }
  SECTION("not in clear, not of a wrong form") {
    const auto gp = ready(blank);
    const auto refused = [&](Byte p1, std::uint16_t id, ByteView value) {
      CHECK(block(gp->channel(), p1, 0, dgi(id, value)) == StatusWord::wrong_data);
      REQUIRE(install_for_personalization(gp->channel(), layout::kEmrtdAid) == StatusWord::ok);
    };
    refused(0x88, layout::kDgiCan, padded(crypto::as_bytes(kCan)));
    refused(0x88, layout::kDgiCan, crypto::as_bytes(kCan));
    refused(0xE8, layout::kDgiCan, gp->under_dek(padded(crypto::as_bytes("12345A"))));
    refused(0xE8, layout::kDgiCan, gp->under_dek(padded(crypto::as_bytes("1234567"))));
    refused(0xE8, layout::kDgiCan, gp->under_dek(padded(Bytes(20, '1'))));
    refused(0xE8, layout::kDgiMrzPassword, gp->under_dek(padded(Bytes(19, 1))));
    refused(0xE8, 0x0101, gp->under_dek(Bytes(32)));
    CHECK(block(gp->channel(), 0xE8, 0, dgi(layout::kDgiCan, gp->under_dek(padded(crypto::as_bytes(kCan))))) ==
          StatusWord::ok);
  }
}

TEST_CASE("a grouping may be cut anywhere between blocks") {
  Blank blank;
  const auto gp = ready(blank);
  const Bytes first(300, 0x11), second(10, 0x22);
  Bytes stream = dgi(0x0101, Bytes(40, 0x33));
  append_dgi(stream, 0x0102, first);
  append_dgi(stream, 0x010B, second);
  const std::size_t room = GENERATE(1, 2, 3, 4, 5, 7, 48, 300);
  if (stream.size() / room > 255) {
    REQUIRE(store_data(gp->channel(), stream, {}, room) == StatusWord::ok);
  }
  REQUIRE(install_for_personalization(gp->channel(), layout::kEmrtdAid) == StatusWord::ok);
  REQUIRE(store_data(gp->channel(), stream, {}, room) == StatusWord::ok);
  const auto& store = blank.rig->store;
  CHECK(store.size(host::file_object(FileId::dg1)) == 40);
  CHECK(store.size(host::file_object(FileId::dg2)) == 300);
  CHECK(store.size(host::file_object(FileId::dg11)) == 10);
  CHECK_FALSE(store.exists(host::kUnfinishedObject));
}

TEST_CASE("a grouping that is not whole is not there") {
  Blank blank;
  auto gp = open_scp03(blank.channel(), keys(1));
  REQUIRE(gp);
  const Bytes stream = dgi(0x011C, card_access());
  const auto half = ByteView(stream).first(stream.size() / 2);
  REQUIRE(block(gp->channel(), 0x08, 0, half) == StatusWord::ok);
  CHECK(blank.rig->store.exists(host::file_object(FileId::card_access)));
  REQUIRE(blank.rig->card.reset());
  CHECK(send(blank.channel(), read_sfi(FileId::card_access, 256)) == StatusWord::file_not_found);

  gp = open_scp03(blank.channel(), keys(1));
  REQUIRE(gp);
  CHECK(block(gp->channel(), 0x88, 1, ByteView(stream).subspan(half.size())) == StatusWord::incorrect_p1p2);
  CHECK(block(gp->channel(), 0x88, 0, half) == StatusWord::wrong_data);  // the last block ends inside a value
  CHECK(block(gp->channel(), 0x88, 0, stream) == StatusWord::ok);
  CHECK_FALSE(blank.rig->store.exists(host::kUnfinishedObject));
  CHECK(fetch(blank.channel(), {.ins = 0xA4, .p2 = 0x0C}).empty());
  CHECK(fetch(blank.channel(), read_sfi(FileId::card_access, 256)) == card_access());
}

TEST_CASE("a new session does not go on with what another had begun") {
  Blank blank;
  auto gp = ready(blank);
  const Bytes stream = dgi(0x0101, Bytes(40, 1));
  REQUIRE(block(gp->channel(), 0x08, 0, ByteView(stream).first(20)) == StatusWord::ok);
  const Bytes challenge(16, 1);
  const auto set = keys(1);
  const auto answer = wire::initialize_update(blank.channel(), 0, challenge);  // no SELECT in between
  REQUIRE(answer);
  auto session = wire::external_authenticate(engine(), blank.channel(), set, challenge, *answer, wire::kFullSecurity);
  REQUIRE(session);
  GpTerminal next(blank.channel(), *std::move(session));
  CHECK(block(next.channel(), 0x88, 1, ByteView(stream).subspan(20)) == StatusWord::incorrect_p1p2);
  CHECK(block(next.channel(), 0x88, 0, dgi(layout::kDgiCardNumber, Bytes(9, '7'))) ==
        StatusWord::ok);  // the security domain
}

TEST_CASE("groupings that are none are refused, and leave nothing behind") {
  Blank blank;
  const auto gp = ready(blank);
  const auto refused = [&](Byte p1, Byte number, ByteView data, StatusWord expected) {
    CHECK(block(gp->channel(), p1, number, data) == expected);
    REQUIRE(install_for_personalization(gp->channel(), layout::kEmrtdAid) == StatusWord::ok);
  };
  refused(0x88, 0, dgi(0x9999, Bytes(5)), StatusWord::referenced_data_not_found);
  refused(0x88, 0, dgi(0x0101, Bytes{}), StatusWord::wrong_data);
  refused(0x88, 0, dgi(0x0101, Bytes(129)), StatusWord::not_enough_memory);
  refused(0x88, 0, Bytes{0x01}, StatusWord::wrong_data);
  refused(0x88, 0, Bytes{0x01, 0x01, 0xFF, 0x00}, StatusWord::wrong_data);
  refused(0x88, 1, dgi(0x0101, Bytes(5)), StatusWord::incorrect_p1p2);
  refused(0x80, 0, dgi(0x0101, Bytes(5)), StatusWord::incorrect_p1p2);  // no DGI form
  // One command, one transaction: what stood before the fault is undone too.
  Bytes stream = dgi(0x010C, Bytes(5));
  append_dgi(stream, 0x9999, Bytes(5));
  refused(0x88, 0, stream, StatusWord::referenced_data_not_found);
  CHECK_FALSE(blank.rig->store.exists(host::file_object(FileId::dg12)));
  CHECK_FALSE(blank.rig->store.exists(host::file_object(FileId::dg1)));
}

TEST_CASE("records are added, never replaced, and each has a limit") {
  Blank blank;
  const auto gp = ready(blank);
  REQUIRE(install_for_personalization(gp->channel(), layout::kRecordsAid) == StatusWord::ok);
  Bytes stream = dgi(0x0101, Bytes(10, 1));
  append_dgi(stream, 0x0101, Bytes(20, 2));
  REQUIRE(store_data(gp->channel(), stream) == StatusWord::ok);
  CHECK(blank.rig->store.size(host::record_object(FileId::status, 1)) == 10);
  CHECK(blank.rig->store.size(host::record_object(FileId::status, 2)) == 20);
  REQUIRE(install_for_personalization(gp->channel(), layout::kRecordsAid) == StatusWord::ok);
  CHECK(store_data(gp->channel(), dgi(0x0101, Bytes(1025)), {}, 3000) == StatusWord::wrong_length);
  REQUIRE(delete_application(gp->channel(), layout::kRecordsAid) == StatusWord::ok);
  CHECK_FALSE(blank.rig->store.exists(host::record_object(FileId::status, 1)));
  CHECK(select(blank.channel(), layout::kRecordsAid) == StatusWord::file_not_found);
}

TEST_CASE("commands that are none never reach the security domain") {
  Blank blank;
  const auto gp = open_scp03(blank.channel(), keys(1));
  REQUIRE(gp);
  const auto refused = [&](wire::Command command, StatusWord expected) {
    CHECK(send(gp->channel(), command) == expected);
  };
  refused({.cla = 0x80, .ins = 0xE6, .p1 = 0x02, .data = Bytes(8)}, StatusWord::incorrect_p1p2);
  refused({.cla = 0x80, .ins = 0xE6, .p1 = 0x0C, .data = Bytes(3)}, StatusWord::wrong_data);
  refused({.cla = 0x80, .ins = 0xE6, .p1 = 0x0C, .data = Bytes{0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0}},
          StatusWord::referenced_data_not_found);
  refused({.cla = 0x80, .ins = 0xF0, .p1 = 0x40, .p2 = 0x1F}, StatusWord::incorrect_p1p2);
  refused({.cla = 0x80, .ins = 0xF0, .p1 = 0x80, .p2 = 0x02}, StatusWord::incorrect_p1p2);
  refused({.cla = 0x80, .ins = 0xF2, .p1 = 0x20, .p2 = 2, .data = Bytes{0x4F, 0}}, StatusWord::incorrect_p1p2);
  refused({.cla = 0x80, .ins = 0xF2, .p1 = 0x40, .p2 = 2, .data = Bytes{0x4F, 0}},
          StatusWord::referenced_data_not_found);
  refused({.cla = 0x80, .ins = 0xD8, .p1 = 1, .p2 = 0x01, .data = Bytes(9)}, StatusWord::incorrect_p1p2);
  refused({.cla = 0x80, .ins = 0xD8, .p1 = 1, .p2 = 0x81, .data = Bytes(9)}, StatusWord::wrong_data);
  refused({.cla = 0x80, .ins = 0xE4, .data = Bytes{0x4F, 1, 2}}, StatusWord::referenced_data_not_found);
  refused({.cla = 0x80, .ins = 0xEE}, StatusWord::ins_not_supported);
  refused({.cla = 0x80, .ins = 0x50, .data = Bytes(16)}, StatusWord::conditions_not_satisfied);
  CHECK(delete_application(gp->channel(), layout::kSecurityDomainAid) == StatusWord::conditions_not_satisfied);
  CHECK(install(gp->channel(), layout::kSecurityDomainAid) == StatusWord::conditions_not_satisfied);
}
