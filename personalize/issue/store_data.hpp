// SPDX-License-Identifier: Apache-2.0
// Owns the cutting of data groupings into STORE DATA blocks (GlobalPlatform Card Specification 2.3.1, 11.11; EMV CPS
// 1.1, 3.2).
#pragma once

#include <vector>

#include "card/wire/chaining.hpp"
#include "card/wire/scp03.hpp"
#include "crypto/bytes.hpp"

namespace personalize {

struct StoreDataBlock {
  crypto::Byte p1 = 0;
  crypto::Byte p2 = 0;
  crypto::Bytes data;
};

inline constexpr std::size_t kMaxStoreDataBlocks = 256;  // P2 counts them in one octet

// DGI || length || value.
void append_grouping(crypto::Bytes& stream, std::uint16_t dgi, crypto::ByteView value);

// The plain octets that one command takes at most, when SCP03 protects it at level 33.
[[nodiscard]] std::size_t protected_room(const wire::ApduLimits& limits, wire::Scp03Mode mode);

// `plain` first, then `encrypted` (whose values are already under the DEK) in blocks that say so. Groupings may span
// blocks of their kind. Empty when it takes more than kMaxStoreDataBlocks.
[[nodiscard]] std::vector<StoreDataBlock> cut(crypto::ByteView plain, crypto::ByteView encrypted, std::size_t room);

}  // namespace personalize
