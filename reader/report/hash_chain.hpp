// SPDX-License-Identifier: Apache-2.0
// Owns the chain of hashes through the lines of a log: each line's hash covers all lines before it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/bytes.hpp"

namespace reader {

using ChainHash = std::array<crypto::Byte, 32>;  // SHA-256
// The line of this number, and the hash of all up to it. Before the first: number 0, all zeros.
struct ChainPoint {
  std::int64_t number = 0;
  ChainHash hash{};
  friend bool operator==(const ChainPoint&, const ChainPoint&) = default;
};
// Only as to_hex() writes it: a hash has one form.
std::optional<ChainHash> chain_hash_from_hex(std::string_view text);
// SHA-256 over the hash before and the line.
ChainPoint chained(const ChainPoint& before, std::string_view line);

}  // namespace reader
