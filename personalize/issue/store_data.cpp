// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/store_data.hpp"

#include "crypto/engine.hpp"

namespace personalize {
namespace {

// P1 of STORE DATA (table 11-89).
constexpr crypto::Byte kLastBlock = 0x80;
constexpr crypto::Byte kEncrypted = 0x60;
constexpr crypto::Byte kDgiFormat = 0x08;

void cut_stream(std::vector<StoreDataBlock>& blocks, crypto::ByteView stream, crypto::Byte p1, std::size_t room) {
  for (; !stream.empty(); stream = stream.subspan(std::min(room, stream.size()))) {
    const auto part = stream.first(std::min(room, stream.size()));
    blocks.push_back({p1, static_cast<crypto::Byte>(blocks.size()), {part.begin(), part.end()}});
  }
}

}  // namespace

void append_grouping(crypto::Bytes& stream, std::uint16_t dgi, crypto::ByteView value) {
  const auto append16 = [&stream](std::size_t number) {
    stream.push_back(static_cast<crypto::Byte>(number >> 8));
    stream.push_back(static_cast<crypto::Byte>(number));
  };
  append16(dgi);
  if (value.size() < 0xFF) {
    stream.push_back(static_cast<crypto::Byte>(value.size()));
  } else {
    stream.push_back(0xFF);
    append16(value.size());
  }
  stream.insert(stream.end(), value.begin(), value.end());
}

std::size_t protected_room(const wire::ApduLimits& limits, wire::Scp03Mode mode) {
  const bool extended = limits.max_command > 261;
  const std::size_t frame = extended ? 4 + 3 + 2 : 4 + 1 + 1;  // header, Lc, Le
  const std::size_t data =
      extended ? limits.max_command - frame : std::min<std::size_t>(limits.max_command - frame, 255);
  // C-ENC pads to whole blocks, always by at least one octet (Amendment D, 6.2.6).
  return (data - octets(mode)) / crypto::kAesBlock * crypto::kAesBlock - 1;
}

std::vector<StoreDataBlock> cut(crypto::ByteView plain, crypto::ByteView encrypted, std::size_t room) {
  std::vector<StoreDataBlock> blocks;
  if ((plain.size() + encrypted.size()) / room + 2 > kMaxStoreDataBlocks) return blocks;
  cut_stream(blocks, plain, kDgiFormat, room);
  cut_stream(blocks, encrypted, kDgiFormat | kEncrypted, room);
  if (!blocks.empty()) blocks.back().p1 |= kLastBlock;
  return blocks;
}

}  // namespace personalize
