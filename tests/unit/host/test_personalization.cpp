// SPDX-License-Identifier: Apache-2.0
// A blank becomes a card over SCP03, and is read through PACE: the whole way, in this process.
#include <catch2/catch.hpp>

#include "card/host/announcement.hpp"
#include "tests/card_rig.hpp"
#include "tests/power/power_cut_nvm.hpp"

using namespace rig;
using wire::StatusWord;

namespace {

struct Blank {
  power::RamNvm nvm;
  std::unique_ptr<Rig> rig;
  explicit Blank(crypto::AesKey length = crypto::AesKey::aes256) {
    REQUIRE(make_blank(nvm, length));
    rig = power_on(nvm);
    REQUIRE(rig);
  }
  wire::Channel& channel() { return rig->channel; }
};

Bytes read_whole(wire::Channel& channel, FileId id) {
  Bytes file;
  for (std::size_t guard = 0; guard < 64; ++guard) {
    const auto part = channel.transmit(
        {.ins = 0xB1,
         .p1 = static_cast<Byte>(layout::file(id).fid >> 8),
         .p2 = static_cast<Byte>(layout::file(id).fid),
         .data = crypto::tlv(0x54, Bytes{static_cast<Byte>(file.size() >> 8), static_cast<Byte>(file.size())}),
         .le = 65536,
         .extended = true});
    if (!part || !part->ok()) break;
    const auto value = crypto::read_only_tlv(part->data, 0x53);
    REQUIRE(value);
    file.insert(file.end(), value->value.begin(), value->value.end());
  }
  return file;
}

}  // namespace

TEST_CASE("a personalized card gives every file to CAN and MRZ, and the same octets") {
  Blank blank;
  const auto what = content();
  REQUIRE(personalize(blank.channel(), what));
  REQUIRE(blank.rig->card.reset());
  const auto kind = GENERATE(crypto::PasswordKind::can, crypto::PasswordKind::mrz);
  CHECK(fetch(blank.channel(), read_sfi(FileId::card_access, 65536)) == what.files.at(FileId::card_access));
  const auto terminal = open_pace(blank.channel(), kind);
  REQUIRE(terminal);
  auto& secure = terminal->channel();
  REQUIRE(select(secure, layout::kEmrtdAid) == StatusWord::ok);
  for (const auto& [id, octets] : what.files) {
    if (layout::file(id).application != layout::Application::emrtd) continue;
    INFO(layout::file(id).name);
    CHECK(fetch(secure, read_sfi(id, 65536)) == octets);
    CHECK(read_whole(secure, id) == octets);
  }
  CHECK(send(secure, read_sfi(FileId::dg3, 65536)) == StatusWord::security_not_satisfied);
  CHECK(send(secure, read_sfi(FileId::dg15, 65536)) == StatusWord::file_not_found);
  REQUIRE(select(secure, layout::kRecordsAid) == StatusWord::ok);
  CHECK(fetch(secure, {.ins = 0xB2, .p1 = 1, .p2 = 0x1A << 3 | 4, .le = 65536}) == what.certificate_record);
  CHECK(fetch(secure, {.ins = 0xB2, .p1 = 1, .p2 = 0x01 << 3 | 5, .le = 65536}) == what.status_record);
  CHECK(blank.rig->delay.held == std::vector{std::chrono::milliseconds{0}});
}

TEST_CASE("each key length personalizes; S8 goes with AES-128 only") {
  const auto length = GENERATE(crypto::AesKey::aes128, crypto::AesKey::aes192, crypto::AesKey::aes256);
  Blank blank(length);
  CHECK((open_scp03(blank.channel(), keys(1, length), wire::kFullSecurity, 8) != nullptr) ==
        (length == crypto::AesKey::aes128));
  CHECK(personalize(blank.channel(), content(500), length));
}

TEST_CASE("every curve and key length of the profiles opens a session") {
  const auto parameters = GENERATE(crypto::PaceParameters{crypto::Curve::secp384r1, crypto::AesKey::aes256},
                                   crypto::PaceParameters{crypto::Curve::brainpoolP256r1, crypto::AesKey::aes192},
                                   crypto::PaceParameters{crypto::Curve::secp521r1, crypto::AesKey::aes256});
  Blank blank;
  REQUIRE(personalize(blank.channel(), content(500, parameters)));
  REQUIRE(blank.rig->card.reset());
  CHECK(open_pace(blank.channel(), crypto::PasswordKind::can, parameters));
  StatusWord sw{};
  CHECK_FALSE(pace(blank.channel(), crypto::PasswordKind::can, can(), sw, kPace));  // not offered by EF.CardAccess
  CHECK(sw == StatusWord::wrong_data);
}

TEST_CASE("the security domain tells who the chip is") {
  Blank blank;
  REQUIRE(select(blank.channel(), layout::kSecurityDomainAid) == StatusWord::ok);
  const auto data = [&](Byte p1, Byte p2) {
    return fetch(blank.channel(), {.cla = 0x80, .ins = 0xCA, .p1 = p1, .p2 = p2, .le = 256});
  };
  const Bytes cplc = data(0x9F, 0x7F);
  REQUIRE(cplc.size() == 3 + 42);
  CHECK(Bytes(cplc.begin() + 13, cplc.begin() + 21) == Bytes{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(crypto::to_hex(data(0x00, 0xE0)) == "E012C00401018820C00402018820C00403018820");
  CHECK(data(0x00, 0x66).size() == 51);
  CHECK(data(0x00, 0x45).empty());
  REQUIRE(personalize(blank.channel(), content(500)));
  REQUIRE(select(blank.channel(), layout::kSecurityDomainAid) == StatusWord::ok);
  CHECK(send(blank.channel(), {.cla = 0x80, .ins = 0xCA, .p2 = 0x45, .le = 256}) == StatusWord::security_not_satisfied);
  CHECK(crypto::to_hex(data(0x00, 0x42)) == "420406435041");
  CHECK(crypto::to_hex(data(0x00, 0xE0)) == "E012C00401028820C00402028820C00403028820");
  const auto gp = open_scp03(blank.channel(), keys(2));
  REQUIRE(gp);
  CHECK(crypto::to_hex(fetch(gp->channel(), {.cla = 0x80, .ins = 0xCA, .p2 = 0x45, .le = 256})) ==
        "4509373730303030303031");
}

TEST_CASE("PUT KEY replaces the transport keys, and no trace of them stays in the memory") {
  Blank blank;
  const auto transport = keys(1);
  const auto lingers = [&](const crypto::Secret& key) {
    return std::ranges::search(blank.nvm.octets(), key.view()).size() != 0;
  };
  REQUIRE(lingers(transport.dek));
  {
    const auto gp = open_scp03(blank.channel(), keys(1));
    REQUIRE(gp);
    CHECK(put_keys(*gp, 0x03, keys(2)) == StatusWord::referenced_data_not_found);
    CHECK(put_keys(*gp, 0x00, keys(2)) == StatusWord::referenced_data_not_found);
    REQUIRE(put_keys(*gp, 0x01, keys(2)) == StatusWord::ok);
  }
  CHECK_FALSE(lingers(transport.enc));
  CHECK_FALSE(lingers(transport.mac));
  CHECK_FALSE(lingers(transport.dek));
  CHECK_FALSE(open_scp03(blank.channel(), keys(1)));
  CHECK(open_scp03(blank.channel(), keys(2)));
}

TEST_CASE("a key with a wrong check value changes nothing") {
  Blank blank;
  const auto gp = open_scp03(blank.channel(), keys(1));
  REQUIRE(gp);
  const auto next = keys(2);
  Bytes data{2};
  for (const crypto::Secret* key : {&next.enc, &next.mac, &next.dek}) {
    const Bytes ciphertext = gp->under_dek(key->view());
    data.insert(data.end(), {0x88, 33, 32});
    data.insert(data.end(), ciphertext.begin(), ciphertext.end());
    data.insert(data.end(), {3, 0, 0, 0});
  }
  CHECK(send(gp->channel(), {.cla = 0x80, .ins = 0xD8, .p1 = 1, .p2 = 0x81, .data = data}) == StatusWord::wrong_data);
  CHECK(open_scp03(blank.channel(), keys(1)));
}

TEST_CASE("PERSONALIZED needs everything that a patent card has") {
  Blank blank;
  REQUIRE(put_keys(*open_scp03(blank.channel(), keys(1)), 1, keys(2)) == StatusWord::ok);
  const auto gp = open_scp03(blank.channel(), keys(2));
  REQUIRE(gp);
  CHECK(set_status(gp->channel(), layout::LifeCycle::personalized) == StatusWord::conditions_not_satisfied);
  REQUIRE(set_status(gp->channel(), layout::LifeCycle::initialized) == StatusWord::ok);
  CHECK(set_status(gp->channel(), layout::LifeCycle::initialized) == StatusWord::conditions_not_satisfied);
  REQUIRE(set_status(gp->channel(), layout::LifeCycle::secured) == StatusWord::ok);

  for (const FileId missing : {FileId::card_access, FileId::com, FileId::sod, FileId::dg1, FileId::dg2, FileId::dg11,
                               FileId::dg12, FileId::dg13, FileId::dg14}) {
    INFO(layout::file(missing).name);
    auto what = content(500);
    what.files.erase(missing);
    if (missing == FileId::card_access) {
      CHECK(fill(*gp, what) == StatusWord::conditions_not_satisfied);
      REQUIRE(delete_application(gp->channel(), layout::kEmrtdAid) == StatusWord::ok);
      REQUIRE(delete_application(gp->channel(), layout::kRecordsAid) == StatusWord::ok);
      continue;
    }
    what.files[FileId::card_access] = card_access();
    CHECK(fill(*gp, what) == StatusWord::conditions_not_satisfied);
    CHECK(delete_application(gp->channel(), layout::kEmrtdAid) == StatusWord::ok);
    CHECK(delete_application(gp->channel(), layout::kRecordsAid) == StatusWord::ok);
    CHECK(delete_application(gp->channel(), layout::kRecordsAid) == StatusWord::referenced_data_not_found);
  }
  CHECK(fill(*gp, content(500)) == StatusWord::ok);
}

TEST_CASE("PERSONALIZED needs card number, CAN, both records, and nothing half written; it erases what was replaced") {
  Blank blank;
  REQUIRE(put_keys(*open_scp03(blank.channel(), keys(1)), 1, keys(2)) == StatusWord::ok);
  const auto gp = open_scp03(blank.channel(), keys(2));
  REQUIRE(gp);
  auto& channel = gp->channel();
  REQUIRE(set_status(channel, layout::LifeCycle::initialized) == StatusWord::ok);
  REQUIRE(set_status(channel, layout::LifeCycle::secured) == StatusWord::ok);
  const auto what = content(500);
  const auto personalized = [&] { return set_status(channel, layout::LifeCycle::personalized); };
  const auto into = [&](ByteView aid, ByteView clear, ByteView secret = {}) {
    REQUIRE(install_for_personalization(channel, aid) == StatusWord::ok);
    REQUIRE(store_data(channel, clear, secret) == StatusWord::ok);
  };
  const auto anew = [&](bool certificate, bool status) {
    for (const ByteView aid : {ByteView(layout::kEmrtdAid), ByteView(layout::kRecordsAid)}) {
      (void)delete_application(channel, aid);
      REQUIRE(install(channel, aid) == StatusWord::ok);
    }
    into(layout::kEmrtdAid, groupings(what, layout::Application::emrtd));
    Bytes records;
    if (certificate) append_dgi(records, layout::file(FileId::certificates).fid, what.certificate_record);
    if (status) append_dgi(records, layout::file(FileId::status).fid, what.status_record);
    into(layout::kRecordsAid, records);
  };
  const auto put_can = [&](std::string_view digits) {
    Bytes stream;
    append_dgi(stream, layout::kDgiCan, gp->under_dek(padded(crypto::as_bytes(digits))));
    into(layout::kEmrtdAid, {}, stream);
  };
  constexpr std::string_view kReplacedCan = "908172";
  const auto lingers = [&] { return !std::ranges::search(blank.nvm.octets(), crypto::as_bytes(kReplacedCan)).empty(); };

  into(layout::kSecurityDomainAid, groupings(what, layout::Application::master_file));
  anew(true, true);
  put_can(kReplacedCan);
  CHECK(personalized() == StatusWord::conditions_not_satisfied);  // no card number
  into(layout::kSecurityDomainAid, security_domain_groupings(what));
  anew(true, true);
  CHECK_FALSE(lingers());                                         // DELETE erases
  CHECK(personalized() == StatusWord::conditions_not_satisfied);  // no CAN
  anew(false, true);
  put_can(kCan);
  CHECK(personalized() == StatusWord::conditions_not_satisfied);  // no certificate record
  anew(true, false);
  put_can(kCan);
  CHECK(personalized() == StatusWord::conditions_not_satisfied);  // no status record
  anew(true, true);
  put_can(kCan);
  Bytes half;
  append_dgi(half, layout::file(FileId::dg15).fid, Bytes(60, 0x6F));
  half.resize(30);
  REQUIRE(install_for_personalization(channel, layout::kEmrtdAid) == StatusWord::ok);
  REQUIRE(send(channel, {.cla = 0x80, .ins = 0xE2, .p1 = 0x08, .data = half, .le = 256}) == StatusWord::ok);
  CHECK(personalized() == StatusWord::conditions_not_satisfied);  // a value half written
  put_can(kReplacedCan);
  put_can(kCan);
  CHECK(lingers());
  CHECK(personalized() == StatusWord::ok);
  CHECK_FALSE(lingers());
}

TEST_CASE("transport keys never go out with a card") {
  Blank blank;
  const auto gp = open_scp03(blank.channel(), keys(1));
  REQUIRE(gp);
  REQUIRE(set_status(gp->channel(), layout::LifeCycle::initialized) == StatusWord::ok);
  REQUIRE(set_status(gp->channel(), layout::LifeCycle::secured) == StatusWord::ok);
  CHECK(fill(*gp, content(500)) == StatusWord::conditions_not_satisfied);
}

TEST_CASE("after PERSONALIZED nothing fixed changes, for anybody") {
  Blank blank;
  REQUIRE(personalize(blank.channel(), content(500)));
  const auto gp = open_scp03(blank.channel(), keys(2));
  REQUIRE(gp);
  auto& channel = gp->channel();
  CHECK(put_keys(*gp, 2, keys(3)) == StatusWord::conditions_not_satisfied);
  CHECK(install(channel, layout::kEmrtdAid) == StatusWord::conditions_not_satisfied);
  CHECK(install_for_personalization(channel, layout::kEmrtdAid) == StatusWord::conditions_not_satisfied);
  CHECK(delete_application(channel, layout::kEmrtdAid) == StatusWord::conditions_not_satisfied);
  CHECK(store_data(channel, security_domain_groupings(content(500))) == StatusWord::conditions_not_satisfied);
  CHECK(set_status(channel, layout::LifeCycle::secured) == StatusWord::conditions_not_satisfied);
  CHECK(crypto::to_hex(
            fetch(channel, {.cla = 0x80, .ins = 0xF2, .p1 = 0x80, .p2 = 2, .data = Bytes{0x4F, 0}, .le = 256})) ==
        "E3134F08A0000001510000009F70011FC503980000");
  CHECK(fetch(channel, {.cla = 0x80, .ins = 0xF2, .p1 = 0x40, .p2 = 2, .data = Bytes{0x4F, 0}, .le = 256}).size() ==
        20 + 21);
}

TEST_CASE("LOCKED: only the security domain answers; TERMINATED: only GET DATA") {
  Blank blank;
  REQUIRE(personalize(blank.channel(), content(500)));
  {
    const auto gp = open_scp03(blank.channel(), keys(2));
    REQUIRE(gp);
    REQUIRE(set_status(gp->channel(), layout::LifeCycle::locked) == StatusWord::ok);
  }
  const bool restarted = GENERATE(false, true);
  if (restarted) REQUIRE(blank.rig->card.reset());
  CHECK(select(blank.channel(), layout::kEmrtdAid) == StatusWord::file_not_found);
  CHECK(send(blank.channel(), {.ins = 0xA4, .p2 = 0x0C, .data = Bytes{0x3F, 0x00}}) == StatusWord::file_not_found);
  CHECK_FALSE(is_ok(send(blank.channel(), read_sfi(FileId::card_access, 256))));
  CHECK_FALSE(open_pace(blank.channel()));
  CHECK(select(blank.channel(), layout::kSecurityDomainAid) == StatusWord::selected_deactivated);

  const auto gp = open_scp03(blank.channel(), keys(2));
  REQUIRE(gp);
  CHECK(set_status(gp->channel(), layout::LifeCycle::personalized) == StatusWord::conditions_not_satisfied);
  REQUIRE(set_status(gp->channel(), layout::LifeCycle::terminated) == StatusWord::ok);
  if (restarted) REQUIRE(blank.rig->card.reset());
  CHECK(select(blank.channel(), layout::kSecurityDomainAid) == StatusWord::conditions_not_satisfied);
  CHECK(send(blank.channel(), {.cla = 0x80, .ins = 0x50, .data = Bytes(16), .le = 256}) ==
        StatusWord::conditions_not_satisfied);
  CHECK(send(blank.channel(), {.cla = 0x80, .ins = 0xCA, .p1 = 0x9F, .p2 = 0x7F, .le = 256}) == StatusWord::ok);
}
