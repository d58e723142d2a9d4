// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "card/layout/dgi.hpp"
#include "personalize/issue/script.hpp"
#include "personalize/issue/store_data.hpp"
#include "sample_card.hpp"

using namespace personalize;
using crypto::Byte;
using crypto::Bytes;
using layout::Application;
using layout::LifeCycle;

namespace {

template <class S>
std::size_t count(const PersoScript& script) {
  return static_cast<std::size_t>(
      std::ranges::count_if(script, [](const Step& step) { return std::holds_alternative<S>(step); }));
}

const StoreData& store_for(const PersoScript& script, Application application) {
  for (const auto& step : script)
    if (const auto* store = std::get_if<StoreData>(&step); store && store->application == application) return *store;
  throw std::runtime_error("no such step");
}

// EMV CPS, 3.2, read back by other code than wrote it.
std::vector<std::pair<unsigned, Bytes>> groupings_of(const Bytes& stream) {
  std::vector<std::pair<unsigned, Bytes>> groupings;
  for (std::size_t i = 0; i < stream.size();) {
    const unsigned dgi = static_cast<unsigned>(stream.at(i) << 8 | stream.at(i + 1));
    std::size_t length = stream.at(i + 2);
    i += 3;
    if (length == 0xFF) {
      length = static_cast<std::size_t>(stream.at(i) << 8 | stream.at(i + 1));
      i += 2;
    }
    REQUIRE(i + length <= stream.size());
    const auto from = stream.begin() + static_cast<std::ptrdiff_t>(i);
    groupings.emplace_back(dgi, Bytes(from, from + static_cast<std::ptrdiff_t>(length)));
    i += length;
  }
  return groupings;
}

}  // namespace

TEST_CASE("A blank's script puts keys first, then has the chip make its own") {
  const auto script = preparation(crypto::Curve::secp256r1, {});
  REQUIRE(script.size() > 5);
  CHECK(std::holds_alternative<PutKeys>(script[0]));
  CHECK(std::get<OpenChannel>(script[1]).keys == KeySet::issuer);
  CHECK(count<SetLifeCycle>(script) == 2);
  CHECK(count<DeleteApplication>(script) == 0);
  CHECK(count<InstallApplication>(script) == 2);
  CHECK(count<StoreData>(script) == 0);  // nothing is signed yet
  CHECK(std::get<BeginPersonalization>(script[script.size() - 2]).application == Application::emrtd);
  CHECK(std::get<GenerateChipKey>(script.back()).curve == crypto::Curve::secp256r1);
}

TEST_CASE("A torn card's script starts over without keys and without going back in the life cycle") {
  constexpr auto kCurve = crypto::Curve::secp384r1;
  const auto script = preparation(kCurve, {KeySet::issuer, LifeCycle::secured});
  CHECK(count<PutKeys>(script) == 0);
  CHECK(count<OpenChannel>(script) == 0);
  CHECK(count<DeleteApplication>(script) == 2);
  CHECK(count<SetLifeCycle>(script) == 0);
  CHECK(count<GenerateChipKey>(script) == 1);
  CHECK(count<SetLifeCycle>(preparation(kCurve, {KeySet::issuer, LifeCycle::initialized})) == 1);
}

TEST_CASE("What was signed is written last, and PERSONALIZED behind it") {
  const auto script = completion(sample::image());
  CHECK(count<StoreData>(script) == 3);
  CHECK(count<GenerateChipKey>(script) == 0);
  CHECK(std::get<SetLifeCycle>(script.back()).to == LifeCycle::personalized);
  // The chip took the eMRTD as its target in the first part.
  CHECK(std::get<StoreData>(script.front()).application == Application::emrtd);
}

TEST_CASE("Every file and record of the image is in the script, where the layout has it") {
  const auto image = sample::image();
  const auto script = completion(image);
  const auto& emrtd = store_for(script, Application::emrtd);
  CHECK(emrtd.groupings.size() == 4 + 2);
  for (const auto& grouping : emrtd.groupings)
    if (const auto* octets = std::get_if<Bytes>(&grouping.value)) {
      const auto file = layout::find_by_fid(Application::emrtd, grouping.dgi);
      REQUIRE(file);
      CHECK(*octets == image.files.at(file->id));
    }
  const auto& domain = store_for(script, Application::security_domain);
  CHECK(domain.groupings.size() == 4);  // EF.CardSecurity among them
  const auto& records = store_for(script, Application::records);
  REQUIRE(records.groupings.size() == 2);
  CHECK(records.groupings[0].dgi == 0x011A);  // a record refers to a certificate that must be there
  CHECK(records.groupings[1].dgi == 0x0101);
}

TEST_CASE("A trust point goes to the eMRTD with the day from which it counts") {
  auto image = sample::image();
  image.trust_point = TrustPoint{Bytes(300, 0x7F), {2, 6, 0, 3, 1, 0}};
  const auto script = completion(image);
  const auto& groupings = store_for(script, Application::emrtd).groupings;
  REQUIRE(groupings.size() == 4 + 2 + 2);
  CHECK(groupings[4].dgi == layout::kDgiTrustPoint);
  CHECK(std::get<Bytes>(groupings[4].value) == image.trust_point->certificate);
  CHECK(groupings[5].dgi == layout::kDgiCurrentDate);
  CHECK(std::get<Bytes>(groupings[5].value) == image.trust_point->date);
}

TEST_CASE("A printed script holds no content, only lengths") {
  for (const auto& step : completion(sample::image())) {
    const auto line = describe(step);
    CHECK_FALSE(line.empty());
    CHECK(line.size() < 400);
    CHECK(line.find("7575") == line.npos);
  }
  const StoreData secret{Application::emrtd, {{0x8001, "CAN", SecretRef::can}}};
  CHECK(describe(secret) == "STORE DATA eMRTD: 8001 CAN (secret, under the DEK)");
}

TEST_CASE("Groupings survive cutting into blocks of any size") {
  Bytes plain;
  append_grouping(plain, 0x0101, Bytes(0xFE, 1));
  append_grouping(plain, 0x0102, Bytes(0xFF, 2));
  append_grouping(plain, 0x0103, Bytes(3000, 3));
  Bytes encrypted;
  append_grouping(encrypted, 0x8001, Bytes(16, 4));
  for (const std::size_t room : {std::size_t{15}, std::size_t{223}, std::size_t{239}, std::size_t{4063}}) {
    const auto blocks = cut(plain, encrypted, room);
    REQUIRE_FALSE(blocks.empty());
    Bytes open_stream;
    Bytes secret_stream;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      CHECK(blocks[i].p2 == static_cast<Byte>(i));
      CHECK(blocks[i].data.size() <= room);
      CHECK(((blocks[i].p1 & 0x80) != 0) == (i + 1 == blocks.size()));
      CHECK((blocks[i].p1 & 0x18) == 0x08);
      auto& stream = (blocks[i].p1 & 0x60) == 0x60 ? secret_stream : open_stream;
      stream.insert(stream.end(), blocks[i].data.begin(), blocks[i].data.end());
    }
    CHECK(open_stream == plain);
    CHECK(secret_stream == encrypted);
  }
  const auto groupings = groupings_of(plain);
  REQUIRE(groupings.size() == 3);
  CHECK(groupings[1].second == Bytes(0xFF, 2));
}

TEST_CASE("More blocks than P2 can number are refused, not wrapped") {
  CHECK(cut(Bytes(256 * 15, 0), {}, 15).empty());
  CHECK(cut(Bytes(254 * 15, 0), {}, 15).size() == 254);
}

TEST_CASE("The room of a block is what SCP03 leaves of the command") {
  CHECK(protected_room({261, 258}, wire::Scp03Mode::s8) == 239);
  CHECK(protected_room({261, 258}, wire::Scp03Mode::s16) == 223);
  const auto room = protected_room({4096, 32767}, wire::Scp03Mode::s16);
  const auto protected_size = (room / 16 + 1) * 16 + 16;
  CHECK(4 + 3 + protected_size + 2 <= 4096);
  CHECK(4 + 3 + protected_size + 16 + 2 > 4096);
}
