// SPDX-License-Identifier: Apache-2.0
#include "card/host/memory_map.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/temporary_folder.hpp"
#include "tests/terminal_rig.hpp"

using crypto::Bytes;
using host::CardFileError;
using layout::FileId;
using layout::LifeCycle;

namespace {

// Makes a blank and lets `work` act on it, powered, before the process "ends".
template <class Work>
std::filesystem::path card_in(const TemporaryFolder& folder, Work work) {
  const auto path = folder / "one.card";
  auto memory = host::NvmFile::create(path);
  REQUIRE(memory);
  REQUIRE(rig::make_blank(**memory));
  REQUIRE((*memory)->publish());
  work(**memory);
  return path;
}

host::MemoryMap map_of(const std::filesystem::path& path) {
  auto map = host::map_memory(path);
  REQUIRE(map);
  return *std::move(map);
}

std::string octets_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("the map of a blank") {
  const TemporaryFolder folder;
  const auto map = map_of(card_in(folder, [](host::Nvm&) {}));
  CHECK(map.life_cycle == LifeCycle::op_ready);
  CHECK(map.keys.origin == host::KeyOrigin::transport);
  CHECK(map.keys.version == 0x01);
  CHECK(map.keys.octets == 32);
  CHECK_FALSE(map.can.present);
  CHECK_FALSE(map.mrz.present);
  CHECK(map.trust_points.empty());
  CHECK_FALSE(map.current_date);
  CHECK(map.card_number_octets == 0);
  CHECK(map.applications.empty());
  CHECK(map.objects == 3);
  CHECK_FALSE(map.interrupted);
  REQUIRE(map.files.size() == layout::kFiles.size());
  for (const auto& file : map.files) {
    INFO(file.layout.name);
    CHECK(file.present == (file.layout.id == FileId::dir || file.layout.id == FileId::atr_info));
  }
}

TEST_CASE("the map of a personalized card that was asked with a wrong CAN") {
  const TemporaryFolder folder;
  const auto path = card_in(folder, [](host::Nvm& nvm) {
    REQUIRE(rig::personalize(rig::power_on(nvm)->channel, rig::content(600)));
    const auto card = rig::power_on(nvm);
    for (int i = 0; i < 2; ++i) {
      auto sw = wire::StatusWord::ok;
      CHECK_FALSE(rig::pace(card->channel, crypto::PasswordKind::can, rig::can("654321"), sw));
      CHECK(sw == wire::StatusWord::authentication_failed);
    }
  });
  const std::string before = octets_of(path);
  const auto map = map_of(path);
  CHECK(octets_of(path) == before);
  CHECK(map.life_cycle == LifeCycle::personalized);
  CHECK(map.keys.origin == host::KeyOrigin::issuer);
  CHECK(map.keys.version == 0x02);
  CHECK(map.can.present);
  CHECK(map.can.failures == 2);
  CHECK(map.can.delay == std::chrono::milliseconds(200));
  CHECK(map.mrz.present);
  CHECK(map.mrz.failures == 0);
  CHECK(map.mrz.delay == std::chrono::milliseconds(0));
  CHECK(map.scp03_failures == 0);
  CHECK(map.card_number_octets == rig::kCardNumber.size());
  CHECK(map.applications == std::vector{layout::Application::emrtd, layout::Application::records});
  const auto& face = map.files.at(static_cast<std::size_t>(FileId::dg2));
  CHECK(face.present);
  CHECK(face.octets >= 600);
  const auto& status = map.files.at(static_cast<std::size_t>(FileId::status));
  CHECK(status.records == 1);
  CHECK(status.octets > 0);
  CHECK(map.usage.live < map.usage.journal);
  CHECK(map.free_octets + map.usage.live < map.usage.capacity);
}

TEST_CASE("the map names trust points and date") {
  const TemporaryFolder folder;
  const rig::CvTree tree;
  const auto path = card_in(folder, [&](host::Nvm& nvm) {
    REQUIRE(rig::personalize(rig::power_on(nvm)->channel, rig::guarded_content(tree, 300)));
  });
  const auto map = map_of(path);
  REQUIRE(map.trust_points.size() == 1);
  CHECK(std::ranges::equal(map.trust_points[0].reference.view(), crypto::as_bytes(tree.cvca_plan.holder)));
  CHECK(map.trust_points[0].expires == tree.cvca_plan.expires);
  CHECK(map.current_date == rig::kToday);
  const auto& cvca = map.files.at(static_cast<std::size_t>(FileId::cvca));
  CHECK(cvca.present);
  CHECK(cvca.octets == 36);
}

TEST_CASE("a map tells that a command was cut off") {
  const TemporaryFolder folder;
  const auto path = card_in(folder, [](host::Nvm& nvm) {
    const auto store = std::make_unique<host::ObjectStore>(nvm);
    REQUIRE(store->mount());
    store->begin();
    REQUIRE(store->write(0x0777, Bytes(10, 1)));
  });
  const auto map = map_of(path);
  CHECK(map.interrupted);
  CHECK(map.objects == 3);
}

TEST_CASE("there is no map of a card in use, of no card, of a store that holds none") {
  const TemporaryFolder folder;
  const auto path = card_in(folder, [](host::Nvm&) {});
  {
    const auto served = host::NvmFile::open(path);
    REQUIRE(served);
    CHECK(host::map_memory(path).error() == CardFileError::in_use);
  }
  CHECK(host::map_memory(folder / "none").error() == CardFileError::not_found);
  const auto fresh = folder / "fresh";
  REQUIRE((*host::NvmFile::create(fresh))->publish());
  CHECK(host::map_memory(fresh).error() == CardFileError::not_a_card);
  {
    auto memory = host::NvmFile::open(fresh);
    REQUIRE(memory);
    REQUIRE(std::make_unique<host::ObjectStore>(**memory)->format());
  }
  CHECK(host::map_memory(fresh).error() == CardFileError::corrupt);
}
