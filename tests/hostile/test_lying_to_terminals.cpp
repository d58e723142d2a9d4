// SPDX-License-Identifier: Apache-2.0
// Chips that prove themselves and then lie to the terminal that wants their fingerprints: none makes it wait, none gets
// a forged finger shown, none changes what is said of the patent.
#include <catch2/catch.hpp>

#include <random>

#include "card/wire/secure_messaging.hpp"
#include "tests/seed.hpp"
#include "tests/unit/reader/guarded_card.hpp"

using namespace reader;
using testing::Bytes;
using testing::FileId;

namespace {

// Changes answers, on either side of secure messaging.
class Liar final : public wire::Channel {
public:
  using Lie = std::function<void(const wire::Command&, Bytes& data, wire::StatusWord& sw)>;
  Liar(wire::Channel& chip, Lie lie) : chip_(chip), lie_(std::move(lie)) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    ++exchanges;
    const auto response = chip_.transmit(command);
    if (!response) return response;
    data_.assign(response->data.begin(), response->data.end());
    auto sw = response->sw;
    lie_(command, data_, sw);
    return wire::Response{data_, sw};
  }
  std::uint32_t exchanges = 0;

private:
  wire::Channel& chip_;
  Lie lie_;
  Bytes data_;
};

// Says 9000 to everything, and gives a challenge.
class Yes final : public wire::Channel {
public:
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    commands.push_back(command.ins);
    return wire::Response{ByteView(challenge_).first(command.ins == 0x84 ? challenge_.size() : 0), answer};
  }
  wire::StatusWord answer = wire::StatusWord::ok;
  std::vector<crypto::Byte> commands;

private:
  std::array<crypto::Byte, crypto::kTerminalChallengeSize> challenge_{1, 2, 3, 4, 5, 6, 7, 8};
};

const TerminalBinding kBinding{Bytes(32, 1), Bytes(32, 2)};

Bytes cvca_file(std::string_view name = "RURIGCVCA00001") {
  auto file = crypto::tlv(0x42, crypto::as_bytes(name));
  file.resize(layout::file(FileId::cvca).capacity);
  return file;
}

TerminalAuthentication run(wire::Channel& secure, ByteView cvca) {
  const auto outcome =
      authenticate_terminal(rig::engine(), secure, testing::identity_of(testing::tree()), kBinding, cvca);
  REQUIRE(outcome);
  return *outcome;
}

}  // namespace

TEST_CASE("a chip that refuses a step is asked for no other") {
  constexpr std::array<crypto::Byte, 7> kSteps{0x22, 0x2A, 0x22, 0x2A, 0x22, 0x84, 0x82};
  Yes willing;
  CHECK(run(willing, cvca_file()).outcome == TerminalOutcome::done);
  CHECK(std::ranges::equal(willing.commands, kSteps));
  for (std::size_t refused = 0; refused < kSteps.size(); ++refused) {
    Yes chip;
    std::size_t count = 0;
    Liar liar(chip, [&](const wire::Command&, Bytes& data, wire::StatusWord& sw) {
      if (count++ != refused) return;
      data.clear();
      sw = wire::StatusWord::authentication_failed;
    });
    const auto outcome = run(liar, cvca_file());
    CHECK(outcome.outcome == TerminalOutcome::refused);
    CHECK(outcome.status == wire::StatusWord::authentication_failed);
    CHECK(outcome.refused_at.has_value());
    CHECK(liar.exchanges == refused + 1);
  }
}

TEST_CASE("a challenge of another size is not signed") {
  for (const std::size_t size : {0U, 7U, 9U, 200U}) {
    Yes chip;
    Liar liar(chip, [&](const wire::Command& command, Bytes& data, wire::StatusWord&) {
      if (command.ins == 0x84) data.assign(size, 0);
    });
    const auto outcome = run(liar, cvca_file());
    CHECK(outcome.outcome == TerminalOutcome::refused);
    CHECK(outcome.refused_at == TerminalStep::get_challenge);
    CHECK(chip.commands.back() == 0x84);
  }
}

TEST_CASE("a terminal that is not bound to the session signs nothing") {
  Yes chip;
  const auto outcome =
      authenticate_terminal(rig::engine(), chip, testing::identity_of(testing::tree()), {}, cvca_file());
  REQUIRE(outcome);
  CHECK(outcome->outcome == TerminalOutcome::cannot_sign);
  CHECK(chip.commands.back() == 0x84);
}

TEST_CASE("no EF.CVCA, however strange, leads anywhere but to a trust point of the terminal's") {
  const auto seed = test_seed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::vector<Bytes> files{{}, Bytes(36), Bytes(32767, 0x42), cvca_file("RURIGCVCA00009"), cvca_file("RURIGIS00001")};
  for (int i = 0; i < 500; ++i) {
    Bytes file(random() % 64);
    for (auto& octet : file) octet = static_cast<crypto::Byte>(random() % 4 == 0 ? 0x42 : random());
    files.push_back(std::move(file));
  }
  for (const auto& file : files) {
    Yes chip;
    const auto outcome = run(chip, file);
    CHECK(outcome.outcome == TerminalOutcome::no_path);
    CHECK(std::ranges::all_of(outcome.reference, [](char c) { return c >= ' ' && c <= '~'; }));
    CHECK(chip.commands.empty());
  }
}

TEST_CASE("whoever changes an answer of terminal authentication ends the session and shows no finger") {
  const auto seed = test_seed();
  std::mt19937 random(seed);
  const auto terminal = testing::identity_of(testing::tree());
  auto& card = testing::guarded<testing::by_mapping>();
  const auto honest = testing::inspect_as(terminal, card.insert());
  REQUIRE(honest.outcome(FileId::dg3) == ReadOutcome::read);
  for (auto number = honest.traffic.apdus - 10; number < honest.traffic.apdus; ++number) {
    INFO("seed " << seed << ", answer " << number);
    std::uint32_t now = 0;
    Liar liar(card.insert(), [&](const wire::Command&, Bytes& data, wire::StatusWord& sw) {
      if (now++ != number) return;
      if (data.empty())
        sw = wire::StatusWord::ok;
      else
        data[random() % data.size()] ^= static_cast<crypto::Byte>(1U << random() % 8);
    });
    const auto evidence = testing::inspect_as(terminal, liar);
    CHECK(evidence.link_error == wire::LinkError::secure_messaging);
    const auto verdict = testing::judge(evidence);
    CHECK(verdict.outcome == Outcome::needs_check);
    CHECK(verdict.facts.fingers.empty());
  }
}

TEST_CASE("fingerprints travel protected: nothing readable passes the trace") {
  auto& card = testing::guarded<testing::by_mapping>();
  const auto image = testing::two_fingers().images.front().image;
  const auto name = crypto::as_bytes("RURIGIS00001");
  bool seen = false;
  class Tap final : public wire::Channel {
  public:
    Tap(wire::Channel& below, std::function<void(ByteView)> see) : below_(below), see_(std::move(see)) {}
    crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
      see_(command.data);
      auto response = below_.transmit(command);
      if (response) see_(response->data);
      return response;
    }

  private:
    wire::Channel& below_;
    std::function<void(ByteView)> see_;
  };
  std::size_t octets = 0;
  Tap tap(card.insert(), [&](ByteView passing) {
    octets += passing.size();
    for (const auto& secret : {ByteView(image).subspan(100, 40), name})
      seen |= !std::ranges::search(passing, secret).empty();
  });
  const auto evidence = testing::inspect_as(testing::identity_of(testing::tree()), tap);
  REQUIRE(evidence.content(FileId::dg3));
  CHECK(octets > evidence.content(FileId::dg3)->size());
  CHECK_FALSE(seen);
}

TEST_CASE("another chip's fingerprints are forged, though the terminal was let in") {
  const auto others = [](testing::Files& files, const testing::ChipKeys& keys) {
    testing::by_mapping(files, keys);
    files[FileId::dg3] = patent::encode_dg3(testing::two_fingers());
  };
  testing::KeyedCard card(testing::MakeContent([&](const testing::ChipKeys& keys) {
    testing::Specimen specimen;
    specimen.before_signing = [&](testing::Files& files) { others(files, keys); };
    auto content = testing::content_of(specimen, 2000);
    auto fingers = testing::two_fingers();
    fingers.images.front().image[300] ^= 1;
    content.files[FileId::dg3] = patent::encode_dg3(fingers);
    content.cvca = testing::tree().cvca();
    return content;
  }));
  const auto verdict = testing::judge(testing::inspect_as(testing::identity_of(testing::tree()), card.insert()));
  CHECK(verdict.headline == Reason::forged);
  CHECK_FALSE(verdict.facts.confirmed);
  CHECK(verdict.facts.fingers.empty());
}
