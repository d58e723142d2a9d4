// SPDX-License-Identifier: Apache-2.0
// Owns what a blank contains when it leaves the factory: CPLC with the chip serial, transport keys, OP_READY.
#pragma once

#include <array>

#include "card/host/object_store.hpp"

namespace host {

inline constexpr std::size_t kChipSerialOctets = 8;
inline constexpr std::size_t kCplcOctets = 42;
inline constexpr std::size_t kCplcSerialOffset = 10;  // IC fabrication date || IC serial number || IC batch

struct FactoryData {
  std::array<crypto::Byte, kChipSerialOctets> chip_serial{};
  crypto::Byte key_version = 0x01;  // 01..7F
  crypto::ByteView enc;             // AES, 16, 24 or 32 octets, all three alike
  crypto::ByteView mac;
  crypto::ByteView dek;
};

// Writes the blank into a store that was just formatted, in one transaction. out_of_range when a key or the version is
// none.
ObjectStore::Outcome write_blank(ObjectStore& store, const FactoryData& data);

}  // namespace host
