// SPDX-License-Identifier: Apache-2.0
// What a personalized card gives to whom: files, PACE and its price, secure messaging and its end.
#include "card/host/emrtd_applet.hpp"

#include <catch2/catch.hpp>

#include "card/host/announcement.hpp"
#include "card/host/card_objects.hpp"
#include "tests/power/power_cut_nvm.hpp"
#include "tests/terminal_rig.hpp"

using namespace rig;
using wire::StatusWord;

namespace {

// Personalized once; each test has a copy of its memory.
const Bytes& personalized_memory() {
  static const Bytes memory = [] {
    power::RamNvm nvm;
    REQUIRE(make_blank(nvm));
    REQUIRE(personalize(power_on(nvm)->channel, content(3000)));
    return nvm.octets();
  }();
  return memory;
}

struct Issued {
  power::RamNvm nvm;
  std::unique_ptr<Rig> rig;
  Issued() {
    nvm.octets() = personalized_memory();
    rig = power_on(nvm);
    REQUIRE(rig);
  }
  wire::Channel& channel() { return rig->channel; }
  StatusWord try_can(std::string_view digits) {
    StatusWord sw{};
    (void)pace(channel(), crypto::PasswordKind::can, can(digits), sw);
    return sw;
  }
};

wire::Command read_current(std::uint32_t le, std::uint16_t offset, bool extended = true) {
  return {.ins = 0xB0,
          .p1 = static_cast<Byte>(offset >> 8),
          .p2 = static_cast<Byte>(offset),
          .le = le,
          .extended = extended};
}

}  // namespace

TEST_CASE("without PACE a card gives what it says of itself, and nothing else") {
  Issued card;
  CHECK(fetch(card.channel(), read_sfi(FileId::atr_info, 256)) == Bytes(host::kAtrInfo.begin(), host::kAtrInfo.end()));
  CHECK(fetch(card.channel(), read_sfi(FileId::dir, 256)) == Bytes(host::kDir.begin(), host::kDir.end()));
  CHECK(crypto::to_hex(host::kDir) == "61094F07A0000002471001610A4F08F0504154454E5401");
  CHECK(crypto::to_hex(host::kAtrInfo) == "4301B847039621E07F66080202100002027FFF");
  CHECK(fetch(card.channel(), read_sfi(FileId::card_access, 256)) == card_access());
  CHECK(send(card.channel(), read_sfi(FileId::card_security, 256)) == StatusWord::security_not_satisfied);
  REQUIRE(select(card.channel(), layout::kEmrtdAid) == StatusWord::ok);
  for (const auto& file : layout::kFiles) {
    if (file.application != layout::Application::emrtd) continue;
    CHECK(send(card.channel(), read_sfi(file.id, 256)) == StatusWord::security_not_satisfied);
    CHECK(send(card.channel(), {.ins = 0xA4,
                                .p1 = 0x02,
                                .p2 = 0x0C,
                                .data = Bytes{static_cast<Byte>(file.fid >> 8), static_cast<Byte>(file.fid)}}) ==
          StatusWord::security_not_satisfied);
  }
  REQUIRE(select(card.channel(), layout::kRecordsAid) == StatusWord::ok);
  for (const Byte sfi : {Byte{0x1A}, Byte{0x01}})
    CHECK(send(card.channel(), {.ins = 0xB2, .p1 = 1, .p2 = static_cast<Byte>(sfi << 3 | 4), .le = 256}) ==
          StatusWord::security_not_satisfied);
}

TEST_CASE("the answer to reset is T=1 with a right check octet") {
  Issued card;
  const auto atr = card.rig->card.answer_to_reset();
  CHECK(crypto::to_hex(atr.first(atr.size() - 1)) == "3B87018031B8739621E0");
  Byte check = 0;
  for (const Byte octet : atr.subspan(1)) check ^= octet;
  CHECK(check == 0);
}

TEST_CASE("READ BINARY: what Le means at a file's end") {
  Issued card;
  const auto size = static_cast<std::uint16_t>(card_access().size());
  const auto read = [&](std::uint32_t le, std::uint16_t offset, bool extended) {
    const auto response = card.channel().transmit(read_current(le, offset, extended));
    REQUIRE(response);
    return std::pair{response->sw, response->data.size()};
  };
  CHECK(send(card.channel(), read_current(256, 0)) == StatusWord::no_current_file);
  REQUIRE(send(card.channel(), {.ins = 0xA4, .p1 = 0x02, .p2 = 0x0C, .data = Bytes{0x01, 0x1C}}) == StatusWord::ok);
  CHECK(read(256, 0, false) == std::pair{StatusWord::ok, std::size_t{size}});
  CHECK(read(65536, 0, true) == std::pair{StatusWord::ok, std::size_t{size}});
  CHECK(read(256, 0, true) == std::pair{StatusWord::end_of_file, std::size_t{size}});
  CHECK(read(size, 0, false) == std::pair{StatusWord::ok, std::size_t{size}});
  CHECK(read(size, 1, false) == std::pair{StatusWord::end_of_file, std::size_t{size} - 1});
  CHECK(read(5, 2, false) == std::pair{StatusWord::ok, std::size_t{5}});
  CHECK(read(1, size, false).first == StatusWord::wrong_p1p2);
  CHECK(read(1, 0x7FFF, false).first == StatusWord::wrong_p1p2);
  CHECK(send(card.channel(), {.ins = 0xB0}) == StatusWord::wrong_length);
  CHECK(send(card.channel(), {.ins = 0xB0, .p1 = 0x9F, .le = 1}) == StatusWord::incorrect_p1p2);
  CHECK(send(card.channel(), {.ins = 0xB0, .p1 = 0xC1, .le = 1}) == StatusWord::incorrect_p1p2);
}

TEST_CASE("odd READ BINARY wraps offset and data") {
  Issued card;
  const auto file = card_access();
  const Bytes offset{0x54, 0x01, 0x02};
  const Bytes answer = fetch(card.channel(), {.ins = 0xB1, .p2 = 0x1C, .data = offset, .le = 256});
  CHECK(answer == crypto::tlv(0x53, ByteView(file).subspan(2)));
  const Bytes seven = fetch(card.channel(), {.ins = 0xB1, .p2 = 0x00, .data = offset, .le = 7});
  CHECK(seven == crypto::tlv(0x53, ByteView(file).subspan(2, 5)));
  for (const std::uint32_t le : {1U, 2U})  // less than DO 53 with one octet takes
    CHECK(send(card.channel(), {.ins = 0xB1, .p2 = 0x1C, .data = offset, .le = le}) == StatusWord::wrong_length);
  const Bytes far{0x54, 0x03, 0x01, 0x00, 0x00};
  CHECK(send(card.channel(), {.ins = 0xB1, .p2 = 0x1C, .data = far, .le = 256}) == StatusWord::wrong_p1p2);
  for (const Bytes& bad : {Bytes{0x54, 0x00}, Bytes{0x54, 0x04, 0, 0, 0, 0}, Bytes{0x55, 0x01, 0x00},
                           Bytes{0x54, 0x01, 0x00, 0x00}, Bytes{}})
    CHECK(send(card.channel(), {.ins = 0xB1, .p2 = 0x1C, .data = bad, .le = 256}) == StatusWord::wrong_data);
}

TEST_CASE("GET RESPONSE serves readers that are short only") {
  Issued card;
  REQUIRE(open_pace(card.channel()));
  const auto terminal = open_pace(card.channel());
  REQUIRE(terminal);
  REQUIRE(select(terminal->channel(), layout::kEmrtdAid) == StatusWord::ok);
  Bytes memory(40000);
  wire::Chaining chaining(card.channel(), wire::ApduLimits{}, memory);
  const auto short_only = [&] {
    StatusWord sw{};
    auto session = pace(chaining, crypto::PasswordKind::can, can(), sw);
    REQUIRE(session);
    return std::make_unique<SecureTerminal>(chaining, *std::move(session));
  };
  REQUIRE(card.rig->card.reset());
  const auto secure = short_only();
  REQUIRE(select(secure->channel(), layout::kEmrtdAid) == StatusWord::ok);
  CHECK(fetch(secure->channel(), read_sfi(FileId::dg2, 65536)) == content(3000).files.at(FileId::dg2));
  CHECK(send(card.channel(), {.ins = 0xC0, .le = 256}) != StatusWord::ok);  // nothing is left to get
}

TEST_CASE("a wrong CAN is charged, slows the next try, and never blocks; a right one clears") {
  Issued card;
  using std::chrono::milliseconds;
  for (int i = 0; i < 9; ++i) {
    CHECK(card.try_can("000000") == StatusWord::authentication_failed);
    REQUIRE(card.rig->card.reset());
  }
  CHECK(card.try_can(kCan) == StatusWord::ok);
  CHECK(card.try_can(kCan) == StatusWord::ok);
  CHECK(card.rig->delay.held == std::vector{milliseconds{0}, milliseconds{100}, milliseconds{200}, milliseconds{400},
                                            milliseconds{800}, milliseconds{1600}, milliseconds{3200},
                                            milliseconds{6400}, milliseconds{10000}, milliseconds{10000},
                                            milliseconds{0}});
  CHECK(host::pace_delay(255) == milliseconds{10000});
}

TEST_CASE("each password has its own count: wrong ones for the CAN do not slow the MRZ, nor does the MRZ clear them") {
  Issued card;
  using std::chrono::milliseconds;
  StatusWord sw{};
  const auto try_mrz = [&](std::string_view information) {
    (void)pace(card.channel(), crypto::PasswordKind::mrz, mrz(information), sw);
    return sw;
  };
  for (int i = 0; i < 3; ++i) REQUIRE(card.try_can("000000") == StatusWord::authentication_failed);
  CHECK(try_mrz(kMrzInformation) == StatusWord::ok);
  CHECK(try_mrz("X") == StatusWord::authentication_failed);
  CHECK(card.try_can(kCan) == StatusWord::ok);
  CHECK(try_mrz(kMrzInformation) == StatusWord::ok);
  CHECK(card.rig->delay.held == std::vector{milliseconds{0}, milliseconds{100}, milliseconds{200}, milliseconds{0},
                                            milliseconds{0}, milliseconds{400}, milliseconds{100}});
}

TEST_CASE("the try is charged and committed before the token is compared") {
  // Power fails at the first write after the token has arrived: the card must not have told whether it was right.
  power::RamNvm memory;
  memory.octets() = personalized_memory();
  power::PowerCutNvm nvm(memory);
  auto rig = power_on(nvm);
  REQUIRE(rig);
  nvm.cut_at(1, GENERATE(power::Prefix::none, power::Prefix::half, power::Prefix::all));
  StatusWord sw{};
  CHECK_FALSE(pace(rig->channel, crypto::PasswordKind::can, can(), sw));
  CHECK(sw == StatusWord::memory_failure);
  nvm.restore();

  // Power fails later, while the count is cleared: the count says one failure or none, and PACE works again.
  rig = power_on(nvm);
  REQUIRE(rig);
  const auto before = memory.writes();
  CHECK(pace(rig->channel, crypto::PasswordKind::can, can(), sw));
  CHECK(memory.writes() > before);
}

TEST_CASE("no token is computed before the charge is in the memory") {
  // Of a card's steps in PACE only the tokens take a CMAC.
  struct Watching final : crypto::Engine {
    explicit Watching(power::RamNvm& watched) : memory(watched) {}
    Outcome random(crypto::ByteSpan out) override { return engine().random(out); }
    Outcome hash(crypto::HashAlgorithm algorithm, std::span<const ByteView> parts, crypto::ByteSpan out) override {
      return engine().hash(algorithm, parts, out);
    }
    Outcome aes_cbc(crypto::Direction direction, ByteView key, ByteView iv, ByteView in,
                    crypto::ByteSpan out) override {
      return engine().aes_cbc(direction, key, iv, in, out);
    }
    Outcome aes_cmac(ByteView key, std::span<const ByteView> parts, crypto::ByteSpan out) override {
      writes_at_cmac.push_back(memory.writes());
      return engine().aes_cmac(key, parts, out);
    }
    Outcome triple_des_cbc(crypto::Direction direction, ByteView key, ByteView iv, ByteView in,
                           crypto::ByteSpan out) override {
      return engine().triple_des_cbc(direction, key, iv, in, out);
    }
    Outcome ec_random_scalar(crypto::Curve curve, crypto::Secret& out) override {
      return engine().ec_random_scalar(curve, out);
    }
    crypto::Result<crypto::Point, crypto::CryptoError> ec_multiply(crypto::Curve curve, ByteView scalar,
                                                                   ByteView point) override {
      return engine().ec_multiply(curve, scalar, point);
    }
    crypto::Result<crypto::Point, crypto::CryptoError> ec_add(crypto::Curve curve, ByteView p, ByteView q) override {
      return engine().ec_add(curve, p, q);
    }
    Outcome ec_quotient(crypto::Curve curve, ByteView dividend, ByteView divisor, crypto::Secret& out) override {
      return engine().ec_quotient(curve, dividend, divisor, out);
    }
    crypto::Result<crypto::Point, crypto::CryptoError> ec_encode_point(crypto::Curve curve, ByteView number) override {
      return engine().ec_encode_point(curve, number);
    }
    crypto::Result<crypto::PlainSignature, crypto::CryptoError> ecdsa_sign(crypto::Curve curve, ByteView scalar,
                                                                           ByteView digest) override {
      return engine().ecdsa_sign(curve, scalar, digest);
    }
    Outcome ecdsa_verify(crypto::Curve curve, ByteView point, ByteView digest, ByteView signature) override {
      return engine().ecdsa_verify(curve, point, digest, signature);
    }
    power::RamNvm& memory;
    std::vector<std::size_t> writes_at_cmac;
  };
  power::RamNvm nvm;
  nvm.octets() = personalized_memory();
  const auto store = std::make_unique<host::ObjectStore>(nvm);
  RememberedDelay delay;
  Watching watching(nvm);
  const auto card = std::make_unique<host::Card>(watching, *store, delay);
  REQUIRE(card->power_on());
  InProcess channel(*card);
  const auto before = nvm.writes();
  StatusWord sw{};
  CHECK(pace(channel, crypto::PasswordKind::can, can(), sw));
  REQUIRE_FALSE(watching.writes_at_cmac.empty());
  CHECK(watching.writes_at_cmac.front() == before + 2);  // the count and its commit
}

TEST_CASE("PACE out of order, malformed or over a bad point is refused, and the run is over") {
  Issued card;
  const auto general = [&](ByteView inside, bool last) {
    return send(card.channel(), general_authenticate(crypto::tlv(0x7C, inside), last));
  };
  CHECK(general({}, false) == StatusWord::conditions_not_satisfied);  // no MSE:Set AT
  const auto set = [&](ByteView data) {
    return send(card.channel(), {.ins = 0x22, .p1 = 0xC1, .p2 = 0xA4, .data = data});
  };
  const Bytes good = set_at(crypto::PasswordKind::can);
  REQUIRE(set(good) == StatusWord::ok);
  CHECK(general({}, true) == StatusWord::last_of_chain_expected);
  CHECK(general(crypto::tlv(0x85, Bytes(8)), false) == StatusWord::last_of_chain_expected);
  CHECK(general(crypto::tlv(0x81, Bytes(65)), false) == StatusWord::conditions_not_satisfied);  // no nonce yet
  REQUIRE(set(good) == StatusWord::ok);
  REQUIRE(general({}, false) == StatusWord::ok);
  CHECK(general(crypto::tlv(0x81, Bytes(65, 4)), false) == StatusWord::wrong_data);
  CHECK(general(crypto::tlv(0x81, Bytes(65, 4)), false) == StatusWord::conditions_not_satisfied);
  CHECK(general(crypto::tlv(0x87, Bytes(8)), false) == StatusWord::wrong_data);
  CHECK(set(Bytes{}) == StatusWord::wrong_data);
  CHECK(set(ByteView(good).first(good.size() - 1)) == StatusWord::wrong_data);
  Bytes pin = good;
  pin[14] = 0x03;
  REQUIRE(good[14] == 0x02);
  CHECK(set(pin) == StatusWord::referenced_data_not_found);
  Bytes cam = good;
  cam[10] = 0x06;
  CHECK(set(cam) == StatusWord::wrong_data);
  CHECK(send(card.channel(), {.ins = 0x22, .p1 = 0x42, .p2 = 0xA4, .data = good}) == StatusWord::incorrect_p1p2);
  CHECK(card.try_can(kCan) == StatusWord::ok);
}

TEST_CASE("new keys come into force after the answer that completes PACE, not before") {
  Issued card;
  StatusWord sw{};
  auto session = pace(card.channel(), crypto::PasswordKind::can, can(), sw);  // the last answer was read in plain
  REQUIRE(session);
  SecureTerminal first(card.channel(), *std::move(session));
  REQUIRE(select(first.channel(), layout::kEmrtdAid) == StatusWord::ok);
  // PACE inside secure messaging: its last answer is protected by the old keys, the next command by the new ones.
  auto second = pace(first.channel(), crypto::PasswordKind::mrz, mrz(), sw);
  REQUIRE(second);
  REQUIRE(first.channel().alive());
  SecureTerminal renewed(card.channel(), *std::move(second));
  CHECK(fetch(renewed.channel(), read_sfi(FileId::dg1, 65536)) == content(3000).files.at(FileId::dg1));
  CHECK_FALSE(fetch(first.channel(), read_sfi(FileId::dg1, 65536)) == content(3000).files.at(FileId::dg1));
}

TEST_CASE("errors inside a session are protected, and do not end it") {
  Issued card;
  const auto terminal = open_pace(card.channel());
  REQUIRE(terminal);
  auto& secure = terminal->channel();
  REQUIRE(select(secure, layout::kEmrtdAid) == StatusWord::ok);
  CHECK(send(secure, read_sfi(FileId::dg15, 256)) == StatusWord::file_not_found);
  CHECK(send(secure, {.ins = 0xEE}) == StatusWord::ins_not_supported);
  CHECK(select(secure, Bytes(8, 0x77)) == StatusWord::file_not_found);
  CHECK(send(secure, read_sfi(FileId::com, 65536)) == StatusWord::ok);
}

TEST_CASE("a plain command, a forged one and a stripped one each end the session") {
  Issued card;
  const auto terminal = open_pace(card.channel());
  REQUIRE(terminal);
  auto& secure = terminal->channel();
  REQUIRE(select(secure, layout::kEmrtdAid) == StatusWord::ok);
  SECTION("plain") { CHECK(send(card.channel(), {.ins = 0x84, .le = 8}) == StatusWord::ok); }
  SECTION("of a class that the card does not have") {
    CHECK(send(card.channel(), {.cla = 0x8C, .ins = 0xB0, .le = 8}) == StatusWord::secure_messaging_not_supported);
  }
  SECTION("no command at all") {
    CHECK(octets_of(card.rig->channel.exchange(Bytes{0x0C, 0xB0, 0x00})) == Bytes{0x67, 0x00});
  }
  SECTION("in the middle of a chain") {
    CHECK(send(card.channel(), {.cla = 0x1C, .ins = 0x2A, .p2 = 0xBE, .data = Bytes(8)}) == StatusWord::ok);
    CHECK(send(card.channel(), {.cla = 0x0C, .ins = 0xB0, .le = 8}) == StatusWord::last_of_chain_expected);
  }
  SECTION("forged") {
    CHECK(send(card.channel(),
               {.cla = 0x0C, .ins = 0xB0, .p1 = 0x9E, .data = Bytes{0x8E, 8, 1, 2, 3, 4, 5, 6, 7, 8}, .le = 256}) ==
          StatusWord::sm_objects_incorrect);
  }
  SECTION("stripped") {
    CHECK(send(card.channel(), {.cla = 0x0C, .ins = 0xB0, .p1 = 0x9E, .data = Bytes{0x97, 1, 0}, .le = 256}) ==
          StatusWord::sm_objects_missing);
  }
  CHECK_FALSE(secure.transmit(read_sfi(FileId::com, 65536)));
  CHECK_FALSE(secure.alive());
  CHECK(send(card.channel(), read_sfi(FileId::com, 256)) == StatusWord::security_not_satisfied);
}

TEST_CASE("GET CHALLENGE gives fresh octets") {
  Issued card;
  const Bytes one = fetch(card.channel(), {.ins = 0x84, .le = 8});
  CHECK(one.size() == 8);
  CHECK(one != fetch(card.channel(), {.ins = 0x84, .le = 8}));
  CHECK(send(card.channel(), {.ins = 0x84, .le = 256}) == StatusWord::wrong_length);
  CHECK(send(card.channel(), {.ins = 0x84, .p1 = 1, .le = 8}) == StatusWord::incorrect_p1p2);
}

TEST_CASE("before PERSONALIZED there is no PACE") {
  power::RamNvm nvm;
  REQUIRE(make_blank(nvm));
  const auto rig = power_on(nvm);
  REQUIRE(rig);
  CHECK(send(rig->channel, {.ins = 0x22, .p1 = 0xC1, .p2 = 0xA4, .data = set_at(crypto::PasswordKind::can)}) ==
        StatusWord::conditions_not_satisfied);
  CHECK(select(rig->channel, layout::kEmrtdAid) == StatusWord::file_not_found);
  CHECK(select(rig->channel, layout::kRecordsAid) == StatusWord::file_not_found);
}
