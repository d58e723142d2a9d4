// SPDX-License-Identifier: Apache-2.0
#include "card/host/embedded_card.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "card/host/announcement.hpp"
#include "card/host/card_objects.hpp"
#include "card/layout/applications.hpp"
#include "tests/card_rig.hpp"
#include "tests/temporary_folder.hpp"

using crypto::Bytes;
using host::CardFileError;
using host::EmbeddedCard;

namespace {

host::Blank blank() { return {{1, 2, 3, 4, 5, 6, 7, 8}, 0x01, Bytes(32, 0x40), Bytes(32, 0x41), Bytes(32, 0x42)}; }

template <class T>
CardFileError error_of(const crypto::Result<T, CardFileError>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

}  // namespace

TEST_CASE("a blank is made once, opened by one, and tells its chip serial") {
  const TemporaryFolder folder;
  const auto file = folder / "card.nvm";
  REQUIRE(host::make_blank(file, blank()));
  CHECK(error_of(host::make_blank(file, blank())) == CardFileError::exists);
  auto card = EmbeddedCard::open(file);
  REQUIRE(card);
  CHECK(error_of(EmbeddedCard::open(file)) == CardFileError::in_use);
  CHECK(std::ranges::equal((*card)->answer_to_reset(), host::kAnswerToReset));

  REQUIRE((*card)->transmit({0x00, 0xA4, 0x04, 0x00, layout::kSecurityDomainAid, 256})->ok());
  const auto cplc = (*card)->transmit({0x80, 0xCA, 0x9F, 0x7F, {}, 256});
  REQUIRE(cplc);
  REQUIRE(cplc->ok());
  REQUIRE(cplc->data.size() == 3 + 42);
  CHECK(std::ranges::equal(cplc->data.subspan(3 + 10, 8), blank().chip_serial));
}

TEST_CASE("a blank has a key version and three AES keys of one length") {
  const TemporaryFolder folder;
  auto wrong = blank();
  SECTION("no AES key") { wrong.transport_enc = wrong.transport_mac = wrong.transport_dek = Bytes(20, 1); }
  SECTION("not alike") { wrong.transport_dek = Bytes(16, 1); }
  SECTION("no version") { wrong.transport_key_version = 0; }
  CHECK(error_of(host::make_blank(folder / "card.nvm", wrong)) == CardFileError::bad_blank);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a reset ends what was selected") {
  const TemporaryFolder folder;
  REQUIRE(host::make_blank(folder / "card.nvm", blank()));
  auto card = EmbeddedCard::open(folder / "card.nvm");
  REQUIRE(card);
  const wire::Command get_cplc{0x80, 0xCA, 0x9F, 0x7F, {}, 256};
  REQUIRE((*card)->transmit({0x00, 0xA4, 0x04, 0x00, layout::kEmrtdAid, 256}));
  REQUIRE((*card)->transmit({0x00, 0xA4, 0x04, 0x00, layout::kSecurityDomainAid, 256})->ok());
  REQUIRE((*card)->transmit(get_cplc)->ok());
  (*card)->reset();
  const auto read = (*card)->transmit({0x00, 0xB0, 0x9C, 0x00, {}, 256});
  REQUIRE(read);
  CHECK(read->sw == wire::StatusWord::file_not_found);  // the master file's EF.CardAccess, not yet there
}

TEST_CASE("a raw exchange always has an answer, until the power is off") {
  const TemporaryFolder folder;
  REQUIRE(host::make_blank(folder / "card.nvm", blank()));
  auto card = EmbeddedCard::open(folder / "card.nvm");
  REQUIRE(card);
  CHECK(crypto::to_hex((*card)->exchange({})) == "6700");
  CHECK(crypto::to_hex((*card)->exchange(Bytes(3, 0))) == "6700");
  CHECK(crypto::to_hex((*card)->exchange(Bytes(70000, 0))) == "6700");
  CHECK((*card)->transmit({0, 0xCA, 0, 0, Bytes(65536, 1), 0}).error() == wire::LinkError::command_too_long);
  (*card)->power_off();
  CHECK((*card)->exchange(Bytes(3, 0)).empty());
  CHECK((*card)->transmit({0x80, 0xCA, 0x9F, 0x7F, {}, 256}).error() == wire::LinkError::card_mute);
}

TEST_CASE("the power that goes ends a delay, and the try under way is not answered") {
  const TemporaryFolder folder;
  const auto file = folder / "card.nvm";
  {
    auto memory = host::NvmFile::create(file);
    REQUIRE(memory);
    REQUIRE(rig::make_blank(**memory));
    REQUIRE(rig::personalize(rig::power_on(**memory)->channel, rig::content(100)));
    const auto store = std::make_unique<host::ObjectStore>(**memory);
    REQUIRE(store->mount());
    store->begin();
    REQUIRE(store->write(host::kCanTriesObject, Bytes{200}));  // holds the next try back for ten seconds
    REQUIRE(store->commit());
    REQUIRE((*memory)->publish());
  }
  auto card = EmbeddedCard::open(file);
  REQUIRE(card);
  const auto begin = std::chrono::steady_clock::now();
  std::thread hand([&card] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    (*card)->power_off();
  });
  auto sw = wire::StatusWord::ok;
  CHECK_FALSE(rig::pace(**card, crypto::PasswordKind::can, rig::can(), sw));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(9));
  hand.join();
  CHECK((*card)->exchange(Bytes{0, 0xB0, 0x81, 0, 0}).empty());
}

TEST_CASE("a file that is no card, or a broken one, is not powered") {
  const TemporaryFolder folder;
  const auto file = folder / "card.nvm";
  CHECK(error_of(EmbeddedCard::open(file)) == CardFileError::not_found);
  std::ofstream(file) << "no card";
  CHECK(error_of(EmbeddedCard::open(file)) == CardFileError::not_a_card);
  std::filesystem::remove(file);
  REQUIRE(host::make_blank(file, blank()));
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(4096 + 60).put('X');
  CHECK(error_of(EmbeddedCard::open(file)) == CardFileError::corrupt);
}
