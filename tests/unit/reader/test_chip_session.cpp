// SPDX-License-Identifier: Apache-2.0
// Genuine chips and copies of them, read as an officer's reader does.
#include <catch2/catch.hpp>

#include <map>

#include "tests/unit/reader/keyed_card.hpp"

using namespace reader;
using namespace testing;

namespace {

CheckState state(const Verdict& verdict, Check check) {
  return std::ranges::find(verdict.checks, check, &CheckResult::check)->state;
}

// Taken away before the n-th command is answered.
class Pulled final : public wire::Channel {
public:
  Pulled(wire::Channel& below, std::uint32_t answers) : below_(below), left_(answers) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    if (left_ == 0) return crypto::unexpected(wire::LinkError::card_removed);
    --left_;
    return below_.transmit(command);
  }

private:
  wire::Channel& below_;
  std::uint32_t left_;
};

// Every place where a genuine card can be lost: never valid, never called a copy.
void pull_everywhere(KeyedCard& card) {
  const auto whole = testing::inspect(card.insert());
  for (std::uint32_t answers = 0; answers < whole.traffic.apdus; ++answers) {
    INFO("after " << answers);
    Pulled pulled(card.insert(), answers);
    const auto evidence = testing::inspect(pulled);
    CHECK(testing::judge(evidence).outcome == Outcome::needs_check);
  }
}

}  // namespace

TEST_CASE("PACE-CAM: the chip is proved with one more file, and a copy is found out") {
  auto& card = genuine<by_mapping>();
  const auto evidence = testing::inspect(card.insert(), testing::can_key(), {.photo = false});
  REQUIRE(evidence.pace);
  CHECK(evidence.pace->mapping == crypto::Mapping::chip_authentication);
  CHECK(evidence.traffic.apdus <= 20);
  CHECK_FALSE(evidence.chip_authentication);
  const auto verdict = testing::judge(evidence);
  CHECK(verdict.headline == Reason::ok);
  CHECK(state(verdict, Check::chip_authentication) == CheckState::successful);

  KeyedCard copy(by_mapping, &card.keys);
  CHECK(testing::judge(testing::inspect(copy.insert())).headline == Reason::clone_suspect);
}

TEST_CASE("a copy that does not offer PACE-CAM is asked for chip authentication, and found out") {
  const auto hidden = [](testing::Files& files, const ChipKeys& keys) {
    by_mapping(files, keys);
    files[FileId::card_access] = patent::encode_security_infos({testing::kGeneric});
  };
  KeyedCard copy(hidden, &genuine<by_mapping>().keys);
  const auto verdict = testing::judge(testing::inspect(copy.insert()));
  CHECK(verdict.headline == Reason::clone_suspect);
  CHECK(state(verdict, Check::chip_authentication) == CheckState::failed);
}

TEST_CASE("chip authentication: the session goes on under keys that only the owner derives") {
  auto& card = genuine<by_agreement>();
  for (const auto& plan : {ReadPlan{}, ReadPlan{.photo = false}, ReadPlan{.photo = false, .status = false}}) {
    const auto evidence = testing::inspect(card.insert(), testing::can_key(), plan);
    CHECK_FALSE(evidence.link_error);
    REQUIRE(evidence.chip_authentication);
    CHECK(evidence.chip_authentication->held);
    CHECK(evidence.traffic.apdus <= (plan.photo ? 21U : 20U));
    const auto verdict = testing::judge(evidence);
    CHECK(verdict.headline == (plan.status ? Reason::ok : Reason::status_missing));
    CHECK(state(verdict, Check::chip_authentication) == CheckState::successful);
  }
  KeyedCard copy(by_agreement, &card.keys);
  for (const auto& plan : {ReadPlan{}, ReadPlan{.photo = false}, ReadPlan{.photo = false, .status = false}}) {
    const auto evidence = testing::inspect(copy.insert(), testing::can_key(), plan);
    REQUIRE(evidence.chip_authentication);
    CHECK_FALSE(evidence.chip_authentication->held);
    CHECK(testing::judge(evidence).headline == Reason::clone_suspect);
  }
}

TEST_CASE("active authentication: the chip signs this session's challenge") {
  auto& card = genuine<by_answers>();
  const auto evidence = testing::inspect(card.insert(), testing::can_key(), {.photo = false});
  CHECK(evidence.traffic.apdus <= 20);
  const auto verdict = testing::judge(evidence);
  CHECK(verdict.headline == Reason::ok);
  CHECK(state(verdict, Check::active_authentication) == CheckState::successful);
  const auto again = testing::inspect(card.insert(), testing::can_key(), {.photo = false});
  REQUIRE(again.active_authentication);
  CHECK(again.active_authentication->challenge != evidence.active_authentication->challenge);

  KeyedCard copy(by_answers, &card.keys);
  CHECK(testing::judge(testing::inspect(copy.insert())).headline == Reason::clone_suspect);
}

TEST_CASE("a genuine card that is taken away is never called a copy") {
  pull_everywhere(genuine<by_mapping>());
  pull_everywhere(genuine<by_agreement>());
  pull_everywhere(genuine<by_answers>());
}

TEST_CASE("a short link brings the same proofs") {
  for (auto* card : {&genuine<by_mapping>(), &genuine<by_agreement>(), &genuine<by_answers>()}) {
    const auto evidence = testing::inspect(card->insert(), testing::can_key(), {.photo = false}, wire::ApduLimits{});
    CHECK(testing::judge(evidence).headline == Reason::ok);
  }
}
