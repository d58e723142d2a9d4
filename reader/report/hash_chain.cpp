// SPDX-License-Identifier: Apache-2.0
#include "reader/report/hash_chain.hpp"

#include <algorithm>

#include "crypto/signature.hpp"

namespace reader {

std::optional<ChainHash> chain_hash_from_hex(std::string_view text) {
  const auto octets = crypto::from_hex(text);
  ChainHash hash{};
  if (!octets || octets->size() != hash.size() || crypto::to_hex(*octets) != text) return std::nullopt;
  std::ranges::copy(*octets, hash.begin());
  return hash;
}

ChainPoint chained(const ChainPoint& before, std::string_view line) {
  crypto::Bytes text(before.hash.begin(), before.hash.end());
  text.insert(text.end(), line.begin(), line.end());
  ChainPoint out{before.number + 1, {}};
  const auto hash = crypto::digest(crypto::HashAlgorithm::sha256, text);
  if (hash) std::ranges::copy(*hash, out.hash.begin());
  return out;
}

}  // namespace reader
