// SPDX-License-Identifier: Apache-2.0
// Whoever stands between a reader and a chip that can prove itself: no change makes it valid, none passes as a proof.
#include <catch2/catch.hpp>

#include <random>

#include "tests/seed.hpp"
#include "tests/unit/reader/keyed_card.hpp"

using namespace reader;
using testing::Bytes;
using testing::KeyedCard;

namespace {

class Between final : public wire::Channel {
public:
  using Change = std::function<void(std::uint32_t number, Bytes& data)>;
  Between(wire::Channel& card, Change change) : card_(card), change_(std::move(change)) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    auto response = card_.transmit(command);
    if (!response) return response;
    data_.assign(response->data.begin(), response->data.end());
    change_(number_++, data_);
    return wire::Response{data_, response->sw};
  }

private:
  wire::Channel& card_;
  Change change_;
  Bytes data_;
  std::uint32_t number_ = 0;
};

constexpr std::uint32_t kLastOfPace = 6;  // after EF.CardAccess, EF.ATR/INFO, MSE:SET AT and three steps

void change_every_answer(KeyedCard& card) {
  const auto seed = test_seed();
  std::mt19937 random(seed);
  const auto honest = testing::inspect(card.insert());
  REQUIRE(testing::judge(honest).outcome == Outcome::valid);
  constexpr std::uint32_t kFree = 2;  // EF.CardAccess may lose an offer, EF.ATR/INFO says how long an APDU may be
  for (std::uint32_t number = kFree; number < honest.traffic.apdus; ++number) {
    bool changed = false;
    Between liar(card.insert(), [&](std::uint32_t now, Bytes& data) {
      if (now != number || data.empty()) return;
      data[random() % data.size()] ^= static_cast<crypto::Byte>(1U << random() % 8);
      changed = true;
    });
    const auto evidence = testing::inspect(liar);
    INFO("seed " << seed << ", answer " << number);
    CHECK((!changed || testing::judge(evidence).outcome != Outcome::valid));
  }
}

}  // namespace

TEST_CASE("a changed answer never leaves a proving chip valid") {
  change_every_answer(testing::genuine<testing::by_mapping>());
  change_every_answer(testing::genuine<testing::by_agreement>());
  change_every_answer(testing::genuine<testing::by_answers>());
}

TEST_CASE("PACE-CAM whose last answer lost the chip's data is no proof") {
  Between thief(testing::genuine<testing::by_mapping>().insert(), [](std::uint32_t number, Bytes& data) {
    if (number != kLastOfPace) return;
    const auto frame = crypto::read_only_tlv(data, 0x7C).value();
    const auto token = crypto::find_tlv(frame.value, 0x86).value().value();
    data = crypto::tlv(0x7C, crypto::tlv(0x86, token.value));
  });
  const auto evidence = testing::inspect(thief);
  CHECK(evidence.access == AccessOutcome::opened);
  CHECK_FALSE(evidence.chip_mapping);
  CHECK(testing::judge(evidence).headline == Reason::clone_suspect);
}

TEST_CASE("the chip's data of another run are no proof of this one") {
  Bytes recorded;
  const auto record = [&](std::uint32_t number, Bytes& data) {
    if (number == kLastOfPace) recorded = data;
  };
  auto& card = testing::genuine<testing::by_mapping>();
  Between witness(card.insert(), record);
  (void)testing::inspect(witness);
  REQUIRE_FALSE(recorded.empty());
  Between replayer(card.insert(), [&](std::uint32_t number, Bytes& data) {
    if (number != kLastOfPace) return;
    const auto now = crypto::read_only_tlv(data, 0x7C).value();
    const auto then = crypto::read_only_tlv(recorded, 0x7C).value();
    const auto token = crypto::find_tlv(now.value, 0x86).value().value();
    const auto chip_data = crypto::find_tlv(then.value, 0x8A).value().value();
    Bytes inside = crypto::tlv(0x86, token.value);
    crypto::append_tlv(inside, 0x8A, chip_data.value);
    data = crypto::tlv(0x7C, inside);
  });
  CHECK(testing::judge(testing::inspect(replayer)).headline == Reason::clone_suspect);
}
