// SPDX-License-Identifier: Apache-2.0
// A chip proves by keys made on it that it is no copy: PACE-CAM, Chip Authentication, Active Authentication; and what
// it refuses on the way.
#include "card/host/chip_authentication.hpp"

#include <catch2/catch.hpp>

#include "tests/card_rig.hpp"
#include "tests/power/power_cut_nvm.hpp"

using namespace rig;
using crypto::AesKey;
using crypto::Curve;
using wire::StatusWord;

namespace {

const Bytes& genuine_memory() {
  static const Bytes memory = [] {
    power::RamNvm nvm;
    REQUIRE(make_blank(nvm));
    REQUIRE(personalize(power_on(nvm)->channel, genuine_content()));
    return nvm.octets();
  }();
  return memory;
}

// Public keys as a terminal learns them.
Bytes key_in(wire::Channel& secure, FileId id) {
  const Bytes file = fetch(secure, read_sfi(id, 65536));
  const auto object = crypto::read_only_tlv(file, layout::file(id).tag);
  REQUIRE(object);
  return Bytes(object->value.begin(), object->value.end());
}
Bytes chip_key(wire::Channel& secure) {
  REQUIRE(send(secure, {.ins = 0xA4, .p2 = 0x0C, .data = Bytes{0x3F, 0x00}}) == StatusWord::ok);
  return key_in(secure, FileId::card_security);
}
Bytes active_key(wire::Channel& secure) {
  REQUIRE(select(secure, layout::kEmrtdAid) == StatusWord::ok);
  return key_in(secure, FileId::dg15);
}

struct Genuine {
  power::RamNvm nvm;
  std::unique_ptr<Rig> rig;
  explicit Genuine(const Bytes& memory = genuine_memory()) {
    nvm.octets() = memory;
    rig = power_on(nvm);
    REQUIRE(rig);
  }
  wire::Channel& channel() { return rig->channel; }
  std::unique_ptr<SecureTerminal> session(crypto::PaceParameters parameters = kPace) {
    auto terminal = open_pace(channel(), crypto::PasswordKind::can, parameters);
    REQUIRE(terminal);
    return terminal;
  }
};

bool reads(wire::Channel& secure) {
  return select(secure, layout::kEmrtdAid) == StatusWord::ok &&
         fetch(secure, read_sfi(FileId::dg1, 65536)) == genuine_content().files.at(FileId::dg1);
}

wire::Command internal_authenticate(ByteView challenge) { return {.ins = 0x88, .data = challenge, .le = 256}; }

Bytes digest(crypto::HashAlgorithm hash, ByteView message) {
  Bytes out(crypto::hash_size(hash));
  REQUIRE(engine().hash(hash, std::array{message}, out));
  return out;
}

}  // namespace

TEST_CASE("every curve of the profiles: PACE-CAM, chip authentication and active authentication hold") {
  using crypto::HashAlgorithm;
  const auto [pace_parameters, hash] =
      GENERATE(std::pair{crypto::PaceParameters{Curve::secp256r1, AesKey::aes128}, HashAlgorithm::sha256},
               std::pair{crypto::PaceParameters{Curve::brainpoolP256r1, AesKey::aes192}, HashAlgorithm::sha256},
               std::pair{crypto::PaceParameters{Curve::secp384r1, AesKey::aes256}, HashAlgorithm::sha384},
               std::pair{crypto::PaceParameters{Curve::brainpoolP384r1, AesKey::aes256}, HashAlgorithm::sha384},
               std::pair{crypto::PaceParameters{Curve::brainpoolP512r1, AesKey::aes256}, HashAlgorithm::sha512},
               std::pair{crypto::PaceParameters{Curve::secp521r1, AesKey::aes256}, HashAlgorithm::sha512});
  power::RamNvm nvm;
  REQUIRE(make_blank(nvm));
  REQUIRE(personalize(power_on(nvm)->channel, genuine_content(300, pace_parameters)));
  Genuine card(nvm.octets());

  StatusWord sw{};
  std::optional<crypto::ChipMapping> mapping;
  auto keys_of_pace =
      pace(card.channel(), crypto::PasswordKind::can, can(), sw, with_chip_authentication(pace_parameters), &mapping);
  REQUIRE(keys_of_pace);
  REQUIRE(mapping);
  SecureTerminal terminal(card.channel(), *std::move(keys_of_pace));
  const Bytes chip = chip_key(terminal.channel());
  const Bytes active = active_key(terminal.channel());
  REQUIRE(chip.size() == crypto::point_size(pace_parameters.curve));
  REQUIRE(active.size() == chip.size());
  CHECK(chip != active);
  CHECK(crypto::check_chip_mapping(engine(), *mapping, chip));
  CHECK_FALSE(crypto::check_chip_mapping(engine(), *mapping, active));

  auto renewed = chip_authentication(terminal.channel(), pace_parameters.curve, pace_parameters.key, chip);
  REQUIRE(renewed);
  SecureTerminal genuine(card.channel(), *std::move(renewed));
  CHECK(reads(genuine.channel()));

  const Bytes challenge{1, 2, 3, 4, 5, 6, 7, 8};
  const Bytes signature = fetch(genuine.channel(), internal_authenticate(challenge));
  CHECK(signature.size() == 2 * crypto::field_size(pace_parameters.curve));
  CHECK(engine().ecdsa_verify(pace_parameters.curve, active, digest(hash, challenge), signature));
  CHECK_FALSE(engine().ecdsa_verify(pace_parameters.curve, chip, digest(hash, challenge), signature));
  CHECK_FALSE(engine().ecdsa_verify(pace_parameters.curve, active, digest(hash, Bytes(8)), signature));
}

TEST_CASE("a card that offers PACE-CAM still runs generic mapping, and then shows nothing of its key") {
  Genuine card;
  CHECK(reads(card.session()->channel()));
  CHECK(reads(card.session(with_chip_authentication())->channel()));
}

TEST_CASE("PACE-CAM: a wrong CAN shows nothing of the key and costs a try") {
  Genuine card;
  StatusWord sw{};
  CHECK_FALSE(pace(card.channel(), crypto::PasswordKind::can, can("000000"), sw, with_chip_authentication()));
  CHECK(sw == StatusWord::authentication_failed);
  CHECK(pace(card.channel(), crypto::PasswordKind::can, can(), sw, with_chip_authentication()));
  CHECK(card.rig->delay.held == std::vector{std::chrono::milliseconds{0}, std::chrono::milliseconds{100}});
}

TEST_CASE("PACE-CAM is not run where it is not offered, nor without a key on its curve") {
  power::RamNvm nvm;
  REQUIRE(make_blank(nvm));
  auto what = genuine_content();
  const auto on_p256 = with_chip_authentication();
  auto expected = StatusWord::referenced_data_not_found;
  SECTION("not offered") {
    what.files[FileId::card_access] = card_access();
    expected = StatusWord::wrong_data;
  }
  SECTION("no key") { what.chip_keys.reset(); }
  SECTION("a key on another curve") { what.chip_keys = Curve::secp384r1; }
  REQUIRE(personalize(power_on(nvm)->channel, what));
  Genuine card(nvm.octets());
  CHECK(send(card.channel(),
             {.ins = 0x22, .p1 = 0xC1, .p2 = 0xA4, .data = set_at(crypto::PasswordKind::can, on_p256)}) == expected);
  CHECK(send(card.channel(), general_authenticate(Bytes{0x7C, 0}, false)) == StatusWord::conditions_not_satisfied);
  CHECK(open_pace(card.channel()));
}

TEST_CASE("chip authentication: the new keys serve, the old ones are refused and end the session") {
  Genuine card;
  const auto length = GENERATE(AesKey::aes128, AesKey::aes192, AesKey::aes256);
  const auto old = card.session();
  const Bytes chip = chip_key(old->channel());
  auto keys = chip_authentication(old->channel(), kPace.curve, length, chip);
  REQUIRE(keys);
  REQUIRE(old->channel().alive());  // the last answer came under the old keys
  SecureTerminal renewed(card.channel(), *std::move(keys));
  SECTION("new keys") {
    CHECK(reads(renewed.channel()));
    // Again, inside the session that it made: without harm, and without use of what was set for the first time.
    CHECK(send_ephemeral_key(renewed.channel(), chip) == StatusWord::conditions_not_satisfied);
    auto again = chip_authentication(renewed.channel(), kPace.curve, length, chip);
    REQUIRE(again);
    SecureTerminal third(card.channel(), *std::move(again));
    CHECK(reads(third.channel()));
  }
  SECTION("old keys") {
    CHECK_FALSE(old->channel().transmit(read_sfi(FileId::card_security, 256)));
    CHECK_FALSE(renewed.channel().transmit(read_sfi(FileId::card_security, 256)));
    CHECK(send(card.channel(), read_sfi(FileId::card_security, 256)) == StatusWord::security_not_satisfied);
  }
}

TEST_CASE("chip authentication with another key does not give a session") {
  Genuine card;
  const auto terminal = card.session();
  const Bytes active = active_key(terminal->channel());
  auto keys = chip_authentication(terminal->channel(), kPace.curve, AesKey::aes128, active);
  REQUIRE(keys);  // the protocol itself tells nothing
  SecureTerminal renewed(card.channel(), *std::move(keys));
  CHECK_FALSE(reads(renewed.channel()));
}

TEST_CASE("chip authentication: a bad ephemeral key is told under the old keys, which end with it") {
  Genuine card;
  const auto terminal = card.session();
  auto& secure = terminal->channel();
  Bytes point = chip_key(secure);
  REQUIRE(set_chip_authentication(secure, crypto::ca_oid(AesKey::aes128)) == StatusWord::ok);
  SECTION("off the curve") { point.back() ^= 1; }
  SECTION("short") { point.pop_back(); }
  SECTION("compressed") { point = Bytes(point.begin(), point.begin() + 33), point[0] = 2; }
  SECTION("at infinity") { point = {0}; }
  SECTION("none") { point.clear(); }
  SECTION("of another curve") { point.resize(97); }
  CHECK(send_ephemeral_key(secure, point) == StatusWord::wrong_data);
  REQUIRE(secure.alive());
  CHECK_FALSE(secure.transmit(read_sfi(FileId::card_security, 256)));
  CHECK(send(card.channel(), read_sfi(FileId::card_security, 256)) == StatusWord::security_not_satisfied);
  CHECK(open_pace(card.channel()));
}

TEST_CASE("chip authentication: what MSE:Set AT refuses leaves the session as it was") {
  Genuine card;
  const auto terminal = card.session();
  auto& secure = terminal->channel();
  const Bytes chip = chip_key(secure);
  const auto aes128 = crypto::ca_oid(AesKey::aes128);
  constexpr std::array<Byte, 10> triple_des{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02, 0x01};
  constexpr std::array<Byte, 10> finite_field{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x01, 0x02};
  CHECK(set_chip_authentication(secure, triple_des) == StatusWord::wrong_data);
  CHECK(set_chip_authentication(secure, finite_field) == StatusWord::wrong_data);
  CHECK(set_chip_authentication(secure, crypto::pace_oid(kPace)) == StatusWord::wrong_data);
  CHECK(set_chip_authentication(secure, {}) == StatusWord::wrong_data);
  CHECK(set_chip_authentication(secure, aes128, Byte{2}) == StatusWord::referenced_data_not_found);
  CHECK(send_ephemeral_key(secure, chip) == StatusWord::conditions_not_satisfied);
  // A refused one takes back what was set before; a PACE begun in between does too.
  REQUIRE(set_chip_authentication(secure, aes128, Byte{1}) == StatusWord::ok);
  CHECK(set_chip_authentication(secure, triple_des) == StatusWord::wrong_data);
  CHECK(send_ephemeral_key(secure, chip) == StatusWord::conditions_not_satisfied);
  REQUIRE(set_chip_authentication(secure, aes128) == StatusWord::ok);
  REQUIRE(send(secure, {.ins = 0x22, .p1 = 0xC1, .p2 = 0xA4, .data = set_at(crypto::PasswordKind::can)}) ==
          StatusWord::ok);
  CHECK(send_ephemeral_key(secure, chip) == StatusWord::conditions_not_satisfied);
  CHECK(reads(secure));
}

TEST_CASE("without PACE there is neither chip nor active authentication, whatever was begun before") {
  Genuine card;
  const Bytes challenge(8, 7);
  const auto refused = [&] {
    CHECK(set_chip_authentication(card.channel(), crypto::ca_oid(AesKey::aes128)) ==
          StatusWord::security_not_satisfied);
    CHECK(send_ephemeral_key(card.channel(), Bytes(65, 4)) == StatusWord::security_not_satisfied);
    CHECK(send(card.channel(), internal_authenticate(challenge)) == StatusWord::security_not_satisfied);
  };
  refused();
  const auto terminal = card.session();
  REQUIRE(set_chip_authentication(terminal->channel(), crypto::ca_oid(AesKey::aes128)) == StatusWord::ok);
  refused();
  // Begun in one session, it is not gone on with in the next.
  const auto next = card.session();
  CHECK(send_ephemeral_key(next->channel(), Bytes(65, 4)) == StatusWord::conditions_not_satisfied);
}

TEST_CASE("a card without key pairs proves nothing by them") {
  power::RamNvm nvm;
  REQUIRE(make_blank(nvm));
  REQUIRE(personalize(power_on(nvm)->channel, content(300)));
  Genuine card(nvm.octets());
  const auto terminal = card.session();
  auto& secure = terminal->channel();
  CHECK(set_chip_authentication(secure, crypto::ca_oid(AesKey::aes128)) == StatusWord::referenced_data_not_found);
  CHECK(send(secure, internal_authenticate(Bytes(8))) == StatusWord::referenced_data_not_found);
  CHECK(send(secure, read_sfi(FileId::card_security, 256)) == StatusWord::file_not_found);
  REQUIRE(select(secure, layout::kEmrtdAid) == StatusWord::ok);
  CHECK(send(secure, read_sfi(FileId::dg15, 256)) == StatusWord::file_not_found);
}

TEST_CASE("active authentication: eight octets, an answer wanted, and another signature each time") {
  Genuine card;
  const auto terminal = card.session();
  auto& secure = terminal->channel();
  CHECK(send(secure, internal_authenticate(Bytes(7))) == StatusWord::wrong_length);
  CHECK(send(secure, internal_authenticate(Bytes(9))) == StatusWord::wrong_length);
  CHECK(send(secure, {.ins = 0x88, .data = Bytes(8)}) == StatusWord::wrong_length);
  CHECK(send(secure, {.ins = 0x88, .p2 = 1, .data = Bytes(8), .le = 256}) == StatusWord::incorrect_p1p2);
  const Bytes one = fetch(secure, internal_authenticate(Bytes(8)));
  CHECK(one.size() == 64);
  CHECK(one != fetch(secure, internal_authenticate(Bytes(8))));
}
