// SPDX-License-Identifier: Apache-2.0
// Owns a genuine card with keys of its own in a test, and copies of its files on other chips.
#pragma once

#include <catch2/catch.hpp>

#include "tests/unit/reader/chip_specimen.hpp"
#include "tests/unit/reader/issued_card.hpp"

namespace testing {

struct ChipKeys {
  Bytes chip, active;  // points
};
using Announce = std::function<void(Files&, const ChipKeys&)>;
using MakeContent = std::function<rig::Content(const ChipKeys&)>;

// A card with key pairs of its own. It announces them, or those of the chip that it copies.
class KeyedCard {
public:
  explicit KeyedCard(const Announce& announce, const ChipKeys* copied = nullptr)
      : KeyedCard(MakeContent([&](const ChipKeys& own) { return content(announce, copied ? *copied : own); })) {}
  explicit KeyedCard(const MakeContent& content) {
    REQUIRE(rig::make_blank(nvm_));
    const auto blank = rig::power_on(nvm_);
    const auto transport = rig::open_scp03(blank->channel, rig::keys(0x01, crypto::AesKey::aes256));
    REQUIRE(transport);
    REQUIRE(rig::put_keys(*transport, 0x01, rig::keys(0x02, crypto::AesKey::aes256)) == wire::StatusWord::ok);
    const auto issuer = rig::open_scp03(blank->channel, rig::keys(0x02, crypto::AesKey::aes256));
    REQUIRE(issuer);
    make_keys(issuer->channel());
    write(*issuer, content(keys));
    insert();
  }
  wire::Channel& insert() {
    powered_ = rig::power_on(nvm_);
    return powered_->channel;
  }
  [[nodiscard]] Bytes& memory() { return nvm_.octets(); }
  ChipKeys keys;

private:
  void make_keys(wire::Channel& gp) {
    using enum host::ChipKeyUse;
    REQUIRE(rig::set_status(gp, layout::LifeCycle::initialized) == wire::StatusWord::ok);
    REQUIRE(rig::set_status(gp, layout::LifeCycle::secured) == wire::StatusWord::ok);
    REQUIRE(rig::install(gp, layout::kEmrtdAid) == wire::StatusWord::ok);
    REQUIRE(rig::install_for_personalization(gp, layout::kEmrtdAid) == wire::StatusWord::ok);
    keys.chip = rig::make_key_pair(gp, kCurve, chip_authentication);
    keys.active = rig::make_key_pair(gp, kCurve, active_authentication);
    REQUIRE_FALSE(keys.chip.empty());
    REQUIRE_FALSE(keys.active.empty());
  }
  static void write(rig::GpTerminal& gp, const rig::Content& what) {
    auto& card = gp.channel();
    REQUIRE(rig::in_order([&] { return rig::install(card, layout::kRecordsAid); },
                          [&] { return rig::install_for_personalization(card, layout::kSecurityDomainAid); },
                          [&] { return rig::store_data(card, rig::security_domain_groupings(what)); },
                          [&] { return rig::install_for_personalization(card, layout::kEmrtdAid); },
                          [&] { return rig::store_data(card, rig::emrtd_groupings(what), rig::secret_groupings(gp)); },
                          [&] { return rig::install_for_personalization(card, layout::kRecordsAid); },
                          [&] { return rig::store_data(card, rig::record_groupings(what)); },
                          [&] { return rig::set_status(card, layout::LifeCycle::personalized); }) ==
            wire::StatusWord::ok);
  }
  static rig::Content content(const Announce& announce, const ChipKeys& keys) {
    Specimen specimen;
    specimen.before_signing = [&](Files& files) { announce(files, keys); };
    return content_of(specimen, 2000);
  }

  power::RamNvm nvm_;
  std::unique_ptr<rig::Rig> powered_;
};

inline void by_mapping(Files& files, const ChipKeys& keys) { announce_mapping(files, on_p256(keys.chip)); }
inline void by_agreement(Files& files, const ChipKeys& keys) { announce_agreement(files, on_p256(keys.chip)); }
inline void by_answers(Files& files, const ChipKeys& keys) { announce_answers(files, keys.active); }

// The chip whose data others copy, one for each way to announce keys.
template <auto& Way>
KeyedCard& genuine() {
  static KeyedCard kCard(Way);
  return kCard;
}

}  // namespace testing
