// SPDX-License-Identifier: Apache-2.0
// Cards that lie to the inspection: none is believed, none makes it wait without end.
#include <catch2/catch.hpp>

#include <map>
#include <random>

#include "crypto/tlv.hpp"
#include "tests/seed.hpp"
#include "tests/unit/reader/issued_card.hpp"

using namespace reader;
using testing::Bytes;
using testing::IssuedCard;

namespace {

using Answer = crypto::Result<wire::Response, wire::LinkError>;

// Answers with whatever the test says.
class Scripted final : public wire::Channel {
public:
  using Script = std::function<std::pair<Bytes, wire::StatusWord>(const wire::Command&)>;
  explicit Scripted(Script script) : script_(std::move(script)) {}
  Answer transmit(const wire::Command& command) override {
    ++exchanges;
    auto [data, sw] = script_(command);
    data_ = std::move(data);
    return wire::Response{data_, sw};
  }
  std::size_t exchanges = 0;

private:
  Script script_;
  Bytes data_;
};

// Stands between the reader and a genuine card, and may change each answer; `number` counts from zero.
class Between final : public wire::Channel {
public:
  using Change = std::function<void(std::uint32_t number, Bytes& data, wire::StatusWord& sw)>;
  Between(wire::Channel& card, Change change) : card_(card), change_(std::move(change)) {}
  Answer transmit(const wire::Command& command) override {
    auto response = card_.transmit(command);
    if (!response) return response;
    data_.assign(response->data.begin(), response->data.end());
    change_(exchanges++, data_, response->sw);
    return wire::Response{data_, response->sw};
  }
  std::uint32_t exchanges = 0;

private:
  wire::Channel& card_;
  Change change_;
  Bytes data_;
};

IssuedCard& card() {
  static IssuedCard kCard({}, 3000);
  return kCard;
}
const Evidence& honest() {
  static const Evidence kHonest = testing::inspect(card().insert());
  return kHonest;
}

constexpr std::uint32_t kFirstProtected = 7;  // after EF.CardAccess, EF.ATR/INFO, MSE:SET AT and four steps of PACE

// Nothing that differs from the truth may be in the evidence, nor may it be valid.
void check_not_believed(const Evidence& evidence) {
  CHECK(testing::judge(evidence).outcome != Outcome::valid);
  for (const auto& file : evidence.files) {
    if (file.outcome != ReadOutcome::read || layout::file(file.file).application != layout::Application::emrtd)
      continue;
    INFO(layout::file(file.file).name);
    CHECK(file.content == *honest().content(file.file));
  }
}

}  // namespace

TEST_CASE("the card between which nothing is changed is valid") {
  Between nothing(card().insert(), [](auto, auto&, auto&) {});
  CHECK(testing::judge(testing::inspect(nothing)).headline == Reason::ok);
}

TEST_CASE("garbage is no card") {
  std::mt19937 random(test_seed());
  for (int round = 0; round < 200; ++round) {
    Scripted garbage([&](const wire::Command& command) {
      Bytes data(random() % (command.le + 1));
      for (auto& octet : data) octet = static_cast<crypto::Byte>(random());
      return std::pair{data, round % 2 == 0 ? wire::StatusWord::ok : static_cast<wire::StatusWord>(random() & 0xFFFF)};
    });
    const auto evidence = testing::inspect(garbage);
    CHECK(evidence.access != AccessOutcome::opened);
    CHECK(testing::judge(evidence).outcome == Outcome::needs_check);
    CHECK(garbage.exchanges < 2000);
  }
}

TEST_CASE("61XX without end is ended") {
  for (const std::size_t octets : {0U, 1U, 255U}) {
    Scripted endless([&](const wire::Command&) { return std::pair{Bytes(octets, 0x31), wire::StatusWord{0x61FF}}; });
    const auto evidence = testing::inspect(endless);
    CHECK(evidence.link_error == wire::LinkError::response_too_long);
    CHECK(endless.exchanges <= 1100);
    CHECK(testing::judge(evidence).outcome == Outcome::needs_check);
  }
}

TEST_CASE("6CXX for ever is ended") {
  Scripted endless([](const wire::Command&) { return std::pair{Bytes{}, wire::StatusWord{0x6C10}}; });
  CHECK(testing::inspect(endless).access == AccessOutcome::not_offered);
  CHECK(endless.exchanges < 20);
}

TEST_CASE("lengths of four gigabytes, and those beyond a file's capacity, are refused") {
  const std::array<Bytes, 6> heads{Bytes{0x31, 0x84, 0xFF, 0xFF, 0xFF, 0xFF},
                                   Bytes{0x31, 0x83, 0xFF, 0xFF, 0xFF},
                                   Bytes{0x31, 0x82, 0x7F, 0xFF},
                                   Bytes{0x31, 0x80},
                                   Bytes{0x31, 0x88, 1, 2, 3, 4, 5, 6, 7, 8},
                                   Bytes{0x31, 0x82}};
  for (const auto& head : heads) {
    Scripted liar([&](const wire::Command&) { return std::pair{head, wire::StatusWord::ok}; });
    const auto evidence = testing::inspect(liar);
    INFO(crypto::to_hex(head));
    CHECK(evidence.outcome(layout::FileId::card_access) == ReadOutcome::malformed);
    CHECK(evidence.access == AccessOutcome::not_offered);
    CHECK(liar.exchanges < 30);  // EF.ATR/INFO has no frame: its capacity, a few octets at a time
  }
}

TEST_CASE("a file that comes one octet at a time is ended by the session's bound") {
  Scripted trickle([first = true](const wire::Command&) mutable {
    const Bytes data = first ? Bytes{0x31, 0x82, 0x01, 0xF0} : Bytes{0x00};
    first = false;
    return std::pair{data, wire::StatusWord::ok};
  });
  const auto evidence = testing::inspect(trickle);
  CHECK(evidence.access != AccessOutcome::opened);
  CHECK(trickle.exchanges <= 1024);
}

TEST_CASE("empty answers are no file") {
  Scripted mute([](const wire::Command&) { return std::pair{Bytes{}, wire::StatusWord::ok}; });
  CHECK(testing::inspect(mute).outcome(layout::FileId::card_access) == ReadOutcome::malformed);
}

TEST_CASE("any changed octet of a protected answer ends the session") {
  for (std::uint32_t number = kFirstProtected; number < honest().traffic.apdus; ++number) {
    INFO("answer " << number);
    Between changing(card().insert(), [&](std::uint32_t n, Bytes& data, wire::StatusWord&) {
      if (n == number && !data.empty()) data[data.size() / 2] ^= 0x01;
    });
    const auto evidence = testing::inspect(changing);
    CHECK(evidence.link_error == wire::LinkError::secure_messaging);
    check_not_believed(evidence);
  }
}

TEST_CASE("stripped secure messaging is not accepted, whatever the status") {
  for (const auto sw :
       {wire::StatusWord::ok, wire::StatusWord::file_not_found, wire::StatusWord::security_not_satisfied}) {
    for (std::uint32_t number = kFirstProtected; number < honest().traffic.apdus; ++number) {
      Between stripping(card().insert(), [&](std::uint32_t n, Bytes& data, wire::StatusWord& status) {
        if (n != number) return;
        data = sw == wire::StatusWord::ok ? *honest().content(layout::FileId::dg1) : Bytes{};
        status = sw;
      });
      const auto evidence = testing::inspect(stripping);
      CHECK(evidence.link_error == wire::LinkError::secure_messaging);
      check_not_believed(evidence);
    }
  }
}

TEST_CASE("a replayed answer is not accepted") {
  for (std::uint32_t number = kFirstProtected + 1; number < honest().traffic.apdus; ++number) {
    INFO("answer " << number);
    Bytes before;
    Between replaying(card().insert(), [&](std::uint32_t n, Bytes& data, wire::StatusWord&) {
      if (n == number) data = before;
      before = data;
    });
    const auto evidence = testing::inspect(replaying);
    CHECK(evidence.link_error == wire::LinkError::secure_messaging);
    check_not_believed(evidence);
  }
}

TEST_CASE("PACE with anything changed opens nothing") {
  for (std::uint32_t number = 3; number < kFirstProtected; ++number) {
    IssuedCard fresh({}, 100);
    Between changing(fresh.insert(), [&](std::uint32_t n, Bytes& data, wire::StatusWord&) {
      if (n == number) data.back() ^= 0x01;
    });
    const auto evidence = testing::inspect(changing);
    INFO("answer " << number);
    CHECK(evidence.access != AccessOutcome::opened);
    CHECK(testing::judge(evidence).outcome == Outcome::needs_check);
  }
}

TEST_CASE("points that are none are refused") {
  const auto size = crypto::point_size(rig::kPace.curve);
  for (const auto& point : {Bytes(size, 0x00), Bytes(size, 0xFF), Bytes{}, Bytes{0x04}, Bytes(size + 1, 0x04)}) {
    IssuedCard fresh({}, 100);
    Between changing(fresh.insert(), [&](std::uint32_t n, Bytes& data, wire::StatusWord&) {
      if (n == 4) data = crypto::tlv(0x7C, crypto::tlv(0x82, point));
    });
    CHECK(testing::inspect(changing).access == AccessOutcome::refused);
  }
}

TEST_CASE("limits that EF.ATR/INFO invents do no harm") {
  for (const auto& claim :
       {Bytes{0x7F, 0x66, 0x0C, 0x02, 0x04, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 0x04, 0xFF, 0xFF, 0xFF, 0xFF},
        Bytes{0x7F, 0x66, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00}, Bytes{0x7F, 0x66, 0x00},
        Bytes{0x7F, 0x66, 0x84, 0xFF, 0xFF, 0xFF, 0xFF}, Bytes(64, 0xFF)}) {
    Between claiming(card().insert(), [&](std::uint32_t n, Bytes& data, wire::StatusWord&) {
      if (n == 1) data = claim;
    });
    const auto evidence = testing::inspect(claiming);
    CHECK(evidence.access == AccessOutcome::opened);
    CHECK(evidence.traffic.apdus < 100);
  }
}

TEST_CASE("a genuine chip may hold what no issuer signed: it is not believed") {
  // Every file in turn holds another's content, garbage of its own tag, or nothing but its frame.
  for (const auto id : {layout::FileId::com, layout::FileId::sod, layout::FileId::dg1, layout::FileId::dg2,
                        layout::FileId::dg11, layout::FileId::dg12, layout::FileId::dg13, layout::FileId::dg14}) {
    for (const auto& value : {Bytes{}, Bytes(40, 0xFF), Bytes(40, 0x30)}) {
      auto content = testing::content_of({}, 100);
      content.files[id] = crypto::tlv(layout::file(id).tag, value);
      power::RamNvm nvm;
      REQUIRE(rig::make_blank(nvm));
      REQUIRE(rig::personalize(rig::power_on(nvm)->channel, content));
      const auto liar = rig::power_on(nvm);
      const auto verdict = testing::judge(testing::inspect(liar->channel));
      INFO(layout::file(id).name << " " << crypto::to_hex(value));
      CHECK(verdict.outcome != Outcome::valid);
    }
  }
}

TEST_CASE("records that are none leave the status missing or untrusted, never valid") {
  for (const auto& record : {Bytes(100, 0x00), Bytes(100, 0x5F), Bytes{0x5F, 0x20, 0x7F}, Bytes{0x5F, 0x20, 0x00}}) {
    auto content = testing::content_of({}, 100);
    content.status_record = record;
    power::RamNvm nvm;
    REQUIRE(rig::make_blank(nvm));
    REQUIRE(rig::personalize(rig::power_on(nvm)->channel, content));
    const auto liar = rig::power_on(nvm);
    CHECK(testing::judge(testing::inspect(liar->channel)).outcome == Outcome::needs_check);
  }
}
