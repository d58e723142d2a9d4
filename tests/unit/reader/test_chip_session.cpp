// SPDX-License-Identifier: Apache-2.0
// Genuine chips and copies of them, read as an officer's reader does.
#include <catch2/catch.hpp>

#include <map>

#include "tests/unit/reader/chip_specimen.hpp"
#include "tests/unit/reader/issued_card.hpp"

using namespace reader;
using testing::Bytes;
using testing::FileId;

namespace {

struct ChipKeys {
  Bytes chip, active;  // points
};
using Announce = std::function<void(testing::Files&, const ChipKeys&)>;

// A card with key pairs of its own. It announces them, or those of the chip that it copies.
class KeyedCard {
public:
  explicit KeyedCard(const Announce& announce, const ChipKeys* copied = nullptr) {
    REQUIRE(rig::make_blank(nvm_));
    const auto blank = rig::power_on(nvm_);
    const auto transport = rig::open_scp03(blank->channel, rig::keys(0x01, crypto::AesKey::aes256));
    REQUIRE(transport);
    REQUIRE(rig::put_keys(*transport, 0x01, rig::keys(0x02, crypto::AesKey::aes256)) == wire::StatusWord::ok);
    const auto issuer = rig::open_scp03(blank->channel, rig::keys(0x02, crypto::AesKey::aes256));
    REQUIRE(issuer);
    make_keys(issuer->channel());
    write(*issuer, content(announce, copied ? *copied : keys));
    insert();
  }
  wire::Channel& insert() {
    powered_ = rig::power_on(nvm_);
    return powered_->channel;
  }
  ChipKeys keys;

private:
  void make_keys(wire::Channel& gp) {
    using enum host::ChipKeyUse;
    REQUIRE(rig::set_status(gp, layout::LifeCycle::initialized) == wire::StatusWord::ok);
    REQUIRE(rig::set_status(gp, layout::LifeCycle::secured) == wire::StatusWord::ok);
    REQUIRE(rig::install(gp, layout::kEmrtdAid) == wire::StatusWord::ok);
    REQUIRE(rig::install_for_personalization(gp, layout::kEmrtdAid) == wire::StatusWord::ok);
    keys.chip = rig::make_key_pair(gp, testing::kCurve, chip_authentication);
    keys.active = rig::make_key_pair(gp, testing::kCurve, active_authentication);
    REQUIRE_FALSE(keys.chip.empty());
    REQUIRE_FALSE(keys.active.empty());
  }
  static void write(rig::GpTerminal& gp, const rig::Content& what) {
    auto& card = gp.channel();
    REQUIRE(rig::in_order([&] { return rig::install(card, layout::kRecordsAid); },
                          [&] { return rig::install_for_personalization(card, layout::kSecurityDomainAid); },
                          [&] { return rig::store_data(card, rig::security_domain_groupings(what)); },
                          [&] { return rig::install_for_personalization(card, layout::kEmrtdAid); },
                          [&] {
                            return rig::store_data(card, rig::groupings(what, layout::Application::emrtd),
                                                   rig::secret_groupings(gp));
                          },
                          [&] { return rig::install_for_personalization(card, layout::kRecordsAid); },
                          [&] { return rig::store_data(card, rig::record_groupings(what)); },
                          [&] { return rig::set_status(card, layout::LifeCycle::personalized); }) ==
            wire::StatusWord::ok);
  }
  static rig::Content content(const Announce& announce, const ChipKeys& keys) {
    testing::Specimen specimen;
    specimen.before_signing = [&](testing::Files& files) { announce(files, keys); };
    return testing::content_of(specimen, 2000);
  }

  power::RamNvm nvm_;
  std::unique_ptr<rig::Rig> powered_;
};

void by_mapping(testing::Files& files, const ChipKeys& keys) {
  testing::announce_mapping(files, testing::on_p256(keys.chip));
}
void by_agreement(testing::Files& files, const ChipKeys& keys) {
  testing::announce_agreement(files, testing::on_p256(keys.chip));
}
void by_answers(testing::Files& files, const ChipKeys& keys) { testing::announce_answers(files, keys.active); }

CheckState state(const Verdict& verdict, Check check) {
  return std::ranges::find(verdict.checks, check, &CheckResult::check)->state;
}

// The chip whose data others copy, one for each way to announce keys.
template <auto& Way>
KeyedCard& genuine() {
  static KeyedCard kCard(Way);
  return kCard;
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
