// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "personalize/floor/progress.hpp"

namespace {

using namespace personalize;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

// One card in five minutes, and one that goes into the bin.
Lines block(bool russian) {
  std::chrono::steady_clock::time_point now{};
  BatchProgress progress(batch_words(russian), [&now] { return now; });
  const auto step = [&](Phase phase, std::string label) {
    IssuanceProgress at;
    at.phase = phase;
    at.run.done = 2;
    at.run.total = 9;
    at.run.step = std::move(label);
    progress.take(CardStep{"ACS", "order-1", at});
  };
  progress.take(CardBegun{"ACS", "order-1"});
  step(Phase::identifying, "");
  now += 20ms;
  step(Phase::writing, "STORE DATA: EMRTD");
  now += 5min - 20ms;
  Receipt receipt;
  receipt.card_number = "P00000017";
  progress.take(CardIssued{"ACS", receipt});
  progress.take(CardRejected{"HID", "", "AB1", "chip_mute"});
  return status_block(progress, 0.0625);
}

}  // namespace

TEST_CASE("How a batch stands is said in both languages", "[progress]") {
  CHECK(block(false) == Lines{"1 cards, 12 an hour, 1 faults, about 1 h 15 min left",
                              "ms p50/p95: identify 20/20, STORE DATA 299980/299980", "ACS: issued card P00000017",
                              "HID: rejected: chip_mute"});
  CHECK(block(true) == Lines{"карт: 1, 12 в час, сбоев: 1, осталось около 1 ч 15 мин",
                             "мс p50/p95: опознание чипа 20/20, STORE DATA 299980/299980",
                             "ACS: выпущена карта P00000017", "HID: брак: chip_mute"});
}

TEST_CASE("What a reader does is said in both languages", "[progress]") {
  for (const bool russian : {false, true}) {
    BatchProgress progress(batch_words(russian));
    IssuanceProgress at;
    at.phase = Phase::writing;
    at.run.done = 2;
    at.run.total = 9;
    at.run.step = "STORE DATA: EMRTD";
    progress.take(CardStep{"ACS", "order-1", at});
    CHECK(progress.readers().at("ACS") ==
          (russian ? "заказ order-1: запись 3/9: STORE DATA" : "order order-1: write 3/9: STORE DATA"));
    progress.take(ReaderLost{"ACS", {FeedError::link, "", {}}});
    CHECK(progress.readers().at("ACS") == (russian ? "потерян" : "lost"));
    progress.take(ReaderBack{"ACS"});
    CHECK(progress.readers().at("ACS") == (russian ? "снова на связи" : "is back"));
  }
}
