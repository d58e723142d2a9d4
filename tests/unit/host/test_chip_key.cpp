// SPDX-License-Identifier: Apache-2.0
// Key pairs are made on the chip, in one personalization, by whoever holds the issuer's keys; and are gone when they
// are replaced or deleted, wherever the power fails.
#include "card/host/chip_key.hpp"

#include <catch2/catch.hpp>

#include "tests/card_rig.hpp"
#include "tests/power/power_cut_nvm.hpp"

using namespace rig;
using crypto::Curve;
using host::ChipKeyUse;
using wire::StatusWord;

namespace {

constexpr std::size_t kMemory = 64 * 1024;

// A card with the issuer's keys, SECURED, the eMRTD installed.
const Bytes& secured_memory() {
  static const Bytes memory = [] {
    power::RamNvm nvm(kMemory);
    REQUIRE(make_blank(nvm));
    const auto rig = power_on(nvm);
    REQUIRE(put_keys(*open_scp03(rig->channel, keys(1)), 1, keys(2)) == StatusWord::ok);
    const auto gp = open_scp03(rig->channel, keys(2));
    REQUIRE(gp);
    for (const auto state : {layout::LifeCycle::initialized, layout::LifeCycle::secured})
      REQUIRE(set_status(gp->channel(), state) == StatusWord::ok);
    REQUIRE(install(gp->channel(), layout::kEmrtdAid) == StatusWord::ok);
    return nvm.octets();
  }();
  return memory;
}

struct Secured {
  power::RamNvm nvm{kMemory};
  std::unique_ptr<Rig> rig;
  std::unique_ptr<GpTerminal> gp;
  explicit Secured(Byte level = wire::kFullSecurity) {
    nvm.octets() = secured_memory();
    rig = power_on(nvm);
    REQUIRE(rig);
    gp = open_scp03(rig->channel, keys(2), level);
    REQUIRE(gp);
  }
  wire::Channel& channel() { return gp->channel(); }
  StatusWord for_emrtd() { return install_for_personalization(channel(), layout::kEmrtdAid); }
  StatusWord generate(ByteView parameters) { return send(channel(), generate_key_pair(parameters)); }
};

Bytes scalar_of(host::ObjectStore& store, ChipKeyUse use) {
  const auto key = host::load_chip_key(store, use);
  if (!key) return {};
  return Bytes(key->scalar.view().begin(), key->scalar.view().end());
}

bool lingers(const Bytes& memory, ByteView secret) { return !std::ranges::search(memory, secret).empty(); }

const Bytes kGood = key_pair_parameters(Curve::secp256r1, ChipKeyUse::chip_authentication);

}  // namespace

TEST_CASE("the public key that is answered belongs to the private key that stays") {
  Secured card;
  REQUIRE(card.for_emrtd() == StatusWord::ok);
  const auto use = GENERATE(ChipKeyUse::chip_authentication, ChipKeyUse::active_authentication);
  for (const Curve curve : crypto::kCurves) {
    const Bytes answered = make_key_pair(card.channel(), curve, use);
    const auto key = host::load_chip_key(card.rig->store, use);
    REQUIRE(key);
    CHECK(key->curve == curve);
    const auto expected = engine().ec_multiply(curve, key->scalar.view(), {});
    REQUIRE(expected);
    CHECK(std::ranges::equal(answered, expected->view()));
  }
}

TEST_CASE("a key pair is made only inside a full session, for the eMRTD, before PERSONALIZED") {
  SECTION("the level") {
    const Byte level = GENERATE(as<Byte>{}, 0x01, 0x03, 0x11);
    Secured card(level);
    REQUIRE(card.for_emrtd() == StatusWord::ok);
    CHECK(card.generate(kGood) == StatusWord::security_not_satisfied);
  }
  SECTION("the target") {
    Secured card;
    CHECK(card.generate(kGood) == StatusWord::conditions_not_satisfied);
    REQUIRE(install_for_personalization(card.channel(), layout::kSecurityDomainAid) == StatusWord::ok);
    CHECK(card.generate(kGood) == StatusWord::conditions_not_satisfied);
    REQUIRE(card.for_emrtd() == StatusWord::ok);
    CHECK(card.generate(kGood) == StatusWord::ok);
  }
  SECTION("no session") {
    Secured card;
    REQUIRE(card.for_emrtd() == StatusWord::ok);
    CHECK(send(card.rig->channel, generate_key_pair(kGood)) == StatusWord::security_not_satisfied);
  }
  SECTION("PERSONALIZED") {
    power::RamNvm nvm;
    REQUIRE(make_blank(nvm));
    const auto rig = power_on(nvm);
    REQUIRE(personalize(rig->channel, genuine_content()));
    const Bytes before = scalar_of(rig->store, ChipKeyUse::chip_authentication);
    const auto gp = open_scp03(rig->channel, keys(2));
    REQUIRE(gp);
    CHECK(send(gp->channel(), generate_key_pair(kGood)) == StatusWord::conditions_not_satisfied);
    CHECK(scalar_of(rig->store, ChipKeyUse::chip_authentication) == before);
  }
}

TEST_CASE("GENERATE ASYMMETRIC KEY PAIR: what is malformed or unknown makes nothing") {
  Secured card;
  REQUIRE(card.for_emrtd() == StatusWord::ok);
  const auto inside = [](const Bytes& octets) { return crypto::tlv(0xAC, octets); };
  CHECK(card.generate(inside({0x80, 1, 12, 0x84, 1, 3})) == StatusWord::referenced_data_not_found);
  CHECK(card.generate(inside({0x80, 1, 12, 0x84, 1, 0})) == StatusWord::referenced_data_not_found);
  CHECK(card.generate(inside({0x80, 1, 12, 0x84, 2, 0, 1})) == StatusWord::referenced_data_not_found);
  CHECK(card.generate(inside({0x80, 1, 14, 0x84, 1, 1})) == StatusWord::wrong_data);
  CHECK(card.generate(inside({0x80, 2, 0, 12, 0x84, 1, 1})) == StatusWord::wrong_data);
  CHECK(card.generate(inside({0x84, 1, 1, 0x80, 1, 12})) == StatusWord::wrong_data);
  CHECK(card.generate(inside({0x80, 1, 12})) == StatusWord::wrong_data);
  CHECK(card.generate(inside({0x80, 1, 12, 0x84, 1, 1, 0x85, 0})) == StatusWord::wrong_data);
  CHECK(card.generate({}) == StatusWord::wrong_data);
  CHECK(send(card.channel(), {.cla = 0x80, .ins = 0x46, .p1 = 0x81, .data = kGood, .le = 256}) ==
        StatusWord::incorrect_p1p2);
  CHECK(send(card.channel(), {.cla = 0x80, .ins = 0x46, .p1 = 0x80, .p2 = 1, .data = kGood, .le = 256}) ==
        StatusWord::incorrect_p1p2);
  CHECK_FALSE(host::has_chip_key(card.rig->store, ChipKeyUse::chip_authentication));
}

TEST_CASE("a replaced or deleted private key does not linger in the memory") {
  Secured card;
  REQUIRE(card.for_emrtd() == StatusWord::ok);
  const auto use = GENERATE(ChipKeyUse::chip_authentication, ChipKeyUse::active_authentication);
  const Bytes first_public = make_key_pair(card.channel(), Curve::secp256r1, use);
  const Bytes first = scalar_of(card.rig->store, use);
  REQUIRE(lingers(card.nvm.octets(), first));
  CHECK(make_key_pair(card.channel(), Curve::secp256r1, use) != first_public);
  const Bytes second = scalar_of(card.rig->store, use);
  CHECK(first != second);
  CHECK_FALSE(lingers(card.nvm.octets(), first));
  REQUIRE(delete_application(card.channel(), layout::kEmrtdAid) == StatusWord::ok);
  CHECK_FALSE(host::has_chip_key(card.rig->store, use));
  CHECK_FALSE(lingers(card.nvm.octets(), second));
}

TEST_CASE("deleting the eMRTD takes the file that vouches for its key along") {
  Secured card;
  Content what = genuine_content(300);
  REQUIRE(make_chip_keys(card.channel(), what) == StatusWord::ok);
  REQUIRE(store_data(card.channel(), security_domain_groupings(what)) == StatusWord::ok);
  host::FileSystem files(card.rig->store);
  REQUIRE(files.exists(layout::file(FileId::card_security)));
  REQUIRE(delete_application(card.channel(), layout::kEmrtdAid) == StatusWord::ok);
  CHECK_FALSE(files.exists(layout::file(FileId::card_security)));
  CHECK(files.exists(layout::file(FileId::card_access)));
}

TEST_CASE("PERSONALIZED is refused when a file shows a key that the chip does not have") {
  Secured card;
  REQUIRE(delete_application(card.channel(), layout::kEmrtdAid) == StatusWord::ok);
  auto what = content(300);
  what.files[GENERATE(FileId::card_security, FileId::dg15)] = Bytes(40, 0x30);
  CHECK(fill(*card.gp, what) == StatusWord::conditions_not_satisfied);
}

TEST_CASE("a power cut while a key pair is made leaves the old one, the new one or none; never half") {
  const auto use = ChipKeyUse::chip_authentication;
  const bool replaces = GENERATE(false, true);
  Bytes start = secured_memory();
  Bytes old;
  if (replaces) {
    Secured card;
    REQUIRE(card.for_emrtd() == StatusWord::ok);
    REQUIRE_FALSE(make_key_pair(card.channel(), Curve::secp256r1, use).empty());
    old = scalar_of(card.rig->store, use);
    start = card.nvm.octets();
  }
  Bytes answered;
  const auto make = [&](host::Nvm& nvm) {
    answered.clear();
    const auto rig = power_on(nvm);
    const auto gp = rig ? open_scp03(rig->channel, keys(2)) : nullptr;
    if (!gp || install_for_personalization(gp->channel(), layout::kEmrtdAid) != StatusWord::ok) return;
    answered = make_key_pair(gp->channel(), Curve::brainpoolP256r1, use);
  };
  const auto check = [&](power::RamNvm& nvm, std::size_t n, power::Prefix prefix) {
    INFO("cut at write " << n << ", prefix " << static_cast<int>(prefix));
    const auto rig = power_on(nvm);
    REQUIRE(rig);
    const auto key = host::load_chip_key(rig->store, use);
    if (!key) {
      REQUIRE_FALSE(replaces);
      REQUIRE_FALSE(host::has_chip_key(rig->store, use));
      REQUIRE(answered.empty());
    } else if (key->curve == Curve::secp256r1) {
      REQUIRE(std::ranges::equal(key->scalar.view(), old));
      REQUIRE(answered.empty());
    } else {
      // Made, told or not; what it replaced is erased by the time the card answers.
      const auto expected = engine().ec_multiply(key->curve, key->scalar.view(), {});
      REQUIRE((answered.empty() || std::ranges::equal(answered, expected.value().view())));
      REQUIRE((old.empty() || !lingers(nvm.octets(), old)));
    }
    make(nvm);
    REQUIRE_FALSE(answered.empty());
    REQUIRE((old.empty() || !lingers(nvm.octets(), old)));
  };
  const auto writes = power::cut_everywhere([&] { return start; }, make, check);
  CHECK(writes >= 4);
}
