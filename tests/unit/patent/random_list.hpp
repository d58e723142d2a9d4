// SPDX-License-Identifier: Apache-2.0
// Owns random status lists for the tests of this folder.
#pragma once

#include <catch2/catch.hpp>

#include "card/patent/status_list.hpp"
#include "tests/seed.hpp"

inline patent::StatusList random_list(std::mt19937& random, patent::ListKind kind, std::size_t entries) {
  patent::StatusList list{.kind = kind,
                          .uri = "https://status.example.org/7",
                          .issued_at = std::chrono::sys_seconds(std::chrono::seconds(random())),
                          .expires = std::chrono::sys_seconds(std::chrono::seconds(1 + random())),
                          .time_to_live = std::chrono::seconds(1 + random() % 100000),
                          .aggregation_uri = "https://status.example.org/all",
                          .entries = patent::PackedList::zeros(patent::kEntryBits, entries).value()};
  for (std::size_t i = 0; i < list.entries.size(); ++i) list.entries.set(i, static_cast<std::uint8_t>(random() & 15));
  return list;
}
