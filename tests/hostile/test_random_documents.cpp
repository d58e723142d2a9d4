// SPDX-License-Identifier: Apache-2.0
// Documents as they may come: personalized onto a card they are read back VALID, and with one bit of any file on the
// chip changed they are not.
#include <catch2/catch.hpp>

#include "card/host/card_objects.hpp"
#include "card/patent/finger.hpp"
#include "tests/seed.hpp"
#include "tests/terminal_rig.hpp"
#include "tests/unit/patent/finger_images.hpp"
#include "tests/unit/patent/random_patent.hpp"
#include "tests/unit/reader/keyed_card.hpp"

using namespace reader;
using testing::Bytes;
using testing::ChipKeys;
using testing::Files;
using testing::KeyedCard;

namespace {

const rig::CvTree& tree() {
  static const rig::CvTree one;
  return one;
}

const TerminalIdentity& terminal() {
  static const TerminalIdentity identity{{tree().dv(), tree().terminal()}, [](ByteView digest) {
                                           return std::optional(tree().terminal_key.sign_digest(digest).value());
                                         }};
  return identity;
}

constexpr std::array kWays{testing::by_mapping, testing::by_agreement, testing::by_answers};

struct Document {
  testing::Specimen specimen;
  std::size_t way = 0;  // of kWays
  std::optional<patent::Fingers> fingers;
  std::size_t photo = 0;
};

Document random_document(Random& random, std::size_t way) {
  Document document;
  auto& p = document.specimen.patent;
  p = random_patent(random);
  p.issue_date = testing::day("2026-03-10");  // its signers' time
  p.last_day = *patent::last_possible_day(p.issue_date);
  auto status = testing::sample_status(p);
  status.months_paid = static_cast<std::uint8_t>(1 + random.below(12));
  document.specimen.status = {status};
  document.way = way;
  // Without a key agreement there is no terminal authentication, and nobody reads fingers.
  if (kWays[way] != testing::by_answers && random.one_in(2)) {
    const auto width = static_cast<std::uint16_t>(100 + random.below(400));
    document.fingers = patent::Fingers{
        {{patent::FingerPosition::right_index, patent::FingerFormat::jpeg2000, width, 300, jp2(width, 300)}}, {}};
  }
  document.photo = 100 + random.below(2000);
  return document;
}

rig::Content content_of(const Document& document, const ChipKeys& keys) {
  auto specimen = document.specimen;
  specimen.before_signing = [&](Files& files) {
    kWays[document.way](files, keys);
    if (document.fingers) files[layout::FileId::dg3] = patent::encode_dg3(*document.fingers);
  };
  auto content = testing::content_of(specimen, document.photo);
  content.cvca = tree().cvca();
  return content;
}

Verdict verdict_on(wire::Channel& card) {
  const SessionOptions options{.link = testing::kFast, .terminal = &terminal()};
  return testing::judge(reader::inspect(rig::engine(), card, testing::can_key(), {.fingers = true}, options,
                                        testing::at("2026-03-10T09:00:00Z")));
}

// Where one bit was changed.
struct Change {
  host::ObjectId object;
  std::size_t octet;
  unsigned bit;
};

Change change_one_bit(power::RamNvm& nvm, Random& random) {
  host::ObjectStore store(nvm);
  REQUIRE(store.mount());
  std::vector<host::ObjectId> files;
  for (std::size_t i = 0; i < store.count(); ++i)
    if (store.id_at(i) >= host::kFirstFileObject) files.push_back(store.id_at(i));
  const auto object = files[random.below(files.size())];
  Bytes content(store.size(object));
  REQUIRE(store.read(object, 0, content));
  const auto octet = random.below(content.size());
  const auto bit = static_cast<unsigned>(random.below(8));
  content[octet] ^= static_cast<crypto::Byte>(1U << bit);
  store.begin();
  REQUIRE(store.write(object, content));
  REQUIRE(store.commit());
  return {object, octet, bit};
}

void check_changes(KeyedCard& card, Random& random, int changes) {
  for (int i = 0; i < changes; ++i) {
    power::RamNvm nvm;
    nvm.octets() = card.memory();
    const auto change = change_one_bit(nvm, random);
    CAPTURE(change.object, change.octet, change.bit);
    CHECK(verdict_on(rig::power_on(nvm)->channel).outcome != Outcome::valid);
  }
}

}  // namespace

// The long form is PATENT_LONG_TESTS=1.
TEST_CASE("any document is VALID from its own chip, and with one bit changed it is not") {
  const auto seed = test_seed();
  CAPTURE(seed);
  Random random(seed);
  for (std::size_t number = 0; number < (long_tests() ? 60 : 6); ++number) {
    const auto document = random_document(random, number % kWays.size());
    CAPTURE(number, document.way, document.fingers.has_value());
    KeyedCard card(testing::MakeContent([&](const ChipKeys& keys) { return content_of(document, keys); }));
    const auto verdict = verdict_on(card.insert());
    CAPTURE(static_cast<int>(verdict.headline));
    REQUIRE(verdict.outcome == Outcome::valid);
    CHECK(verdict.facts.inn == document.specimen.patent.inn);
    check_changes(card, random, long_tests() ? 100 : 20);
  }
}
