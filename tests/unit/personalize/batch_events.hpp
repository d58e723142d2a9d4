// SPDX-License-Identifier: Apache-2.0
// Owns a short run of a batch as its events, one of each kind.
#pragma once

#include "personalize/floor/batch.hpp"

inline std::vector<personalize::BatchEvent> sample_events() {
  using namespace personalize;
  using namespace std::chrono_literals;
  const std::string reader = "ACS \"A\" 00 00", order = "0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e01";
  const auto step = [&](Phase phase, std::string words = {}) {
    return CardStep{reader, order, {phase, {0, 1, std::move(words)}}};
  };
  Receipt receipt;
  receipt.order_id = order;
  receipt.card_number = "P00001701";
  receipt.chip_serial = "0102030405060708";
  receipt.verdict = "VALID";
  receipt.elapsed = 341ms;
  receipt.apdus = 45;
  return {CardBegun{reader, order},
          step(Phase::identifying),
          CardTorn{reader, order, wire::LinkError::card_removed},
          CardBegun{reader, order},
          step(Phase::identifying),
          step(Phase::signing),
          step(Phase::writing, "STORE DATA ISD: 0045 CIN (10 octets);"),
          step(Phase::reading_back),
          CardIssued{reader, receipt},
          OrderRefused{"order-2", Refused{Refusal::card_number_used, "order-1"}},
          DocumentRefused{"ШАРИПОВ.json", {{Severity::fault, "/holder/inn", 7, ""}}},
          CardRejected{reader, "order-3", "B0000003", "chip_dead"},
          ReaderLost{"Other 01 00", {FeedError::link, "", wire::LinkError::no_daemon}},
          ReaderLost{reader, {FeedError::hangs, "", {}}},
          ReaderBack{reader}};
}
