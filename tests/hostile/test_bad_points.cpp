// SPDX-License-Identifier: Apache-2.0
// Points of low order, off the curve, of another curve or in another form, wherever a point is taken: by the card from
// a terminal, by the reader from a card. Each is refused, and nothing goes on.
#include <catch2/catch.hpp>

#include "tests/unit/reader/issued_card.hpp"
#include "tests/vectors.hpp"

using namespace reader;
using testing::Bytes;
using testing::IssuedCard;
using wire::StatusWord;

namespace {

// What Wycheproof has against P-256.
const std::vector<Bytes>& bad_points() {
  static const std::vector<Bytes> points = [] {
    std::vector<Bytes> out;
    const Json::Value vectors = read_vectors("wycheproof_ecdh");
    for (const auto& group : vectors["groups"])
      if (group["curve"].asInt() == static_cast<int>(rig::kPace.curve))
        for (const auto& row : group["refused"]) out.push_back(octets_at(row[1]));
    REQUIRE(out.size() == 24);
    return out;
  }();
  return points;
}

Bytes dynamic(std::uint32_t tag, ByteView point) { return crypto::tlv(0x7C, crypto::tlv(tag, point)); }

// The card up to the nonce, and with a good mapping key behind it.
void begin_pace(wire::Channel& card, bool mapped) {
  REQUIRE(rig::send(card, {.ins = 0x22, .p1 = 0xC1, .p2 = 0xA4, .data = rig::set_at(crypto::PasswordKind::can)}) ==
          StatusWord::ok);
  REQUIRE(rig::send(card, rig::general_authenticate(crypto::tlv(0x7C, Bytes{}), false)) == StatusWord::ok);
  if (!mapped) return;
  const auto good = rig::engine().ec_multiply(rig::kPace.curve, Bytes{2}, {}).value();
  REQUIRE(rig::send(card, rig::general_authenticate(dynamic(0x81, good), false)) == StatusWord::ok);
}

// Changes one answer, and counts what is asked after it.
class Between final : public wire::Channel {
public:
  Between(wire::Channel& card, std::uint32_t number, Bytes data)
      : card_(card), number_(number), data_(std::move(data)) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    auto response = card_.transmit(command);
    if (exchanges++ == number_) return wire::Response{data_, StatusWord::ok};
    return response;
  }
  std::uint32_t exchanges = 0;

private:
  wire::Channel& card_;
  std::uint32_t number_;
  Bytes data_;
};

}  // namespace

TEST_CASE("a card refuses every bad point in both steps of PACE, and the run is over") {
  power::RamNvm nvm;
  REQUIRE(rig::make_blank(nvm));
  REQUIRE(rig::personalize(rig::power_on(nvm)->channel, rig::content(100)));
  const auto card = rig::power_on(nvm);
  for (const auto& point : bad_points())
    for (const bool mapped : {false, true}) {
      CAPTURE(crypto::to_hex(point), mapped);
      begin_pace(card->channel, mapped);
      const Bytes data = dynamic(mapped ? 0x83 : 0x81, point);
      CHECK(rig::send(card->channel, rig::general_authenticate(data, false)) == StatusWord::wrong_data);
      CHECK(rig::send(card->channel, rig::general_authenticate(dynamic(0x83, point), false)) ==
            StatusWord::conditions_not_satisfied);
    }
  CHECK(rig::open_pace(card->channel));
}

TEST_CASE("a card refuses every bad point in chip authentication, and the session is over") {
  power::RamNvm nvm;
  REQUIRE(rig::make_blank(nvm));
  REQUIRE(rig::personalize(rig::power_on(nvm)->channel, rig::genuine_content(100)));
  const auto card = rig::power_on(nvm);
  for (const auto& point : bad_points()) {
    CAPTURE(crypto::to_hex(point));
    const auto terminal = rig::open_pace(card->channel);
    REQUIRE(terminal);
    auto& secure = terminal->channel();
    REQUIRE(rig::set_chip_authentication(secure, crypto::ca_oid(crypto::AesKey::aes128)) == StatusWord::ok);
    CHECK(rig::send_ephemeral_key(secure, point) == StatusWord::wrong_data);
    CHECK_FALSE(secure.transmit(rig::read_sfi(layout::FileId::card_security, 256)));
  }
}

TEST_CASE("a reader refuses every bad point of a card, and asks nothing more") {
  IssuedCard card({}, 100);
  constexpr std::uint32_t kMapping = 4, kEphemeral = 5;  // behind EF.CardAccess, EF.ATR/INFO, MSE:Set AT and the nonce
  for (const auto& point : bad_points())
    for (const auto number : {kMapping, kEphemeral}) {
      CAPTURE(crypto::to_hex(point), number);
      Between liar(card.insert(), number, dynamic(number == kMapping ? 0x82 : 0x84, point));
      const auto evidence = testing::inspect(liar);
      CHECK(evidence.access == AccessOutcome::refused);
      CHECK(liar.exchanges == number + 1);
      CHECK(testing::judge(evidence).headline == Reason::unreadable);
    }
}
