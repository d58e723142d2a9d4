// SPDX-License-Identifier: Apache-2.0
// Owns the lists and the package that the genuine documents' status signer made: only these are ever believed.
#pragma once

#include "card/patent/trust_package.hpp"
#include "tests/fuzz/genuine.hpp"

namespace fuzz {

inline patent::StatusList genuine_list(patent::ListKind kind) {
  auto entries = patent::PackedList::zeros(patent::kEntryBits, 64).value();
  for (std::size_t i = 0; i < entries.size(); ++i) entries.set(i, static_cast<std::uint8_t>(i % 13));
  return {.kind = kind,
          .uri = "https://status.example/0",
          .issued_at = kNow,
          .expires = kNow + std::chrono::hours(72),
          .entries = std::move(entries)};
}

inline patent::StatusList next_list(patent::ListKind kind) {
  auto list = genuine_list(kind);
  list.issued_at += std::chrono::hours(1);
  for (const std::size_t i : {3U, 4U, 40U}) list.entries.set(i, static_cast<std::uint8_t>(list.entries[i] + 1));
  return list;
}

inline patent::TrustPackage genuine_package() {
  return {.version = 1,
          .issued_at = kNow,
          .next_update = kNow + std::chrono::hours(24),
          .valid_until = kNow + std::chrono::hours(24 * 7),
          .certificates = {trust().csca.front().der()},
          .revocation_lists = {trust().revocations.front().der()},
          .lists = {genuine_list(patent::ListKind::states), genuine_list(patent::ListKind::months)},
          .policy = "{}"};
}

inline patent::TrustPackage genuine_delta() {
  patent::TrustPackage out{.version = 2,
                           .base_version = 1,
                           .issued_at = kNow + std::chrono::hours(1),
                           .next_update = kNow + std::chrono::hours(25),
                           .valid_until = kNow + std::chrono::hours(24 * 8)};
  for (const auto kind : {patent::ListKind::states, patent::ListKind::months})
    out.deltas.push_back(patent::make_delta(genuine_list(kind), next_list(kind)).value());
  return out;
}

}  // namespace fuzz
