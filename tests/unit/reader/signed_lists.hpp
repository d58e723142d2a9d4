// SPDX-License-Identifier: Apache-2.0
// Owns lists and tokens that the test's issuing house signs.
#pragma once

#include "crypto/signed_token.hpp"
#include "reader/judge/list_tokens.hpp"
#include "tests/unit/reader/issuing_house.hpp"

namespace testing {

inline const std::string kListUri = "https://status.example/0";

inline patent::StatusList sample_list(patent::ListKind kind, const char* issued_at = "2026-03-10T00:00:00Z",
                                      std::size_t cards = 1000) {
  auto entries = patent::PackedList::zeros(patent::kEntryBits, cards).value();
  for (std::size_t i = 0; i < entries.size(); ++i)
    entries.set(i, static_cast<std::uint8_t>(kind == patent::ListKind::months ? i % 13 : i % 4));
  return {.kind = kind,
          .uri = kListUri,
          .issued_at = at(issued_at),
          .expires = at(issued_at) + std::chrono::hours(24 * 7),
          .time_to_live = std::chrono::hours(24),
          .entries = std::move(entries)};
}

inline std::string token(std::string_view type, const std::string& claims, const Signer& by = house().status) {
  return crypto::sign_token(type, claims, *by.certificate, *by.key).value();
}
inline std::string token(const patent::StatusList& list, const Signer& by = house().status) {
  return token(patent::token_type(list.kind), patent::to_claims(list), by);
}

}  // namespace testing
