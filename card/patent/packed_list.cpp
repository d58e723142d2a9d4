// SPDX-License-Identifier: Apache-2.0
#include "card/patent/packed_list.hpp"

#include <zlib.h>

#include <bit>
#include <memory>

namespace patent {
namespace {

crypto::Result<unsigned, ListError> shift_of(unsigned bits) {
  if (bits == 0 || bits > 8 || !std::has_single_bit(bits)) return crypto::unexpected(ListError::bad_bits);
  return static_cast<unsigned>(std::countr_zero(bits));
}

// A stream that ends with its scope.
class Inflation {
public:
  explicit Inflation(ByteView compressed) {
    stream_.next_in = const_cast<Bytef*>(compressed.data());  // zlib only reads it
    stream_.avail_in = static_cast<uInt>(compressed.size());
    ready_ = inflateInit(&stream_) == Z_OK;
  }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;
  ~Inflation() {
    if (ready_) inflateEnd(&stream_);
  }

  // Into the room behind what is there; Z_STREAM_END when the stream is whole.
  int into(Bytes& out, std::size_t room) {
    if (!ready_) return Z_MEM_ERROR;
    const std::size_t begin = out.size();
    out.resize(begin + room);
    stream_.next_out = out.data() + begin;
    stream_.avail_out = static_cast<uInt>(room);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    out.resize(out.size() - stream_.avail_out);
    return status;
  }
  [[nodiscard]] bool input_left() const { return stream_.avail_in != 0; }

private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

crypto::Result<PackedList, ListError> PackedList::zeros(unsigned bits, std::size_t entries) {
  PATENT_TRY(const unsigned shift, shift_of(bits));
  const unsigned in_octet = 8 / bits;
  const std::size_t octets = entries / in_octet + (entries % in_octet != 0);
  if (octets > kMaxListOctets) return crypto::unexpected(ListError::too_large);
  return PackedList(shift, Bytes(octets));
}

crypto::Result<PackedList, ListError> PackedList::expand(unsigned bits, ByteView compressed) {
  PATENT_TRY(const unsigned shift, shift_of(bits));
  if (compressed.size() > kMaxListOctets + kMaxListOctets / 8) return crypto::unexpected(ListError::too_large);
  Inflation inflation(compressed);
  Bytes octets;
  // A list of a million cards in the first step; zlib says when a stream wants more.
  for (std::size_t room = 1U << 19; octets.size() <= kMaxListOctets; room = octets.size()) {
    const int status = inflation.into(octets, std::min(room, kMaxListOctets + 1 - octets.size()));
    if (status == Z_STREAM_END && octets.size() <= kMaxListOctets) {
      if (inflation.input_left()) return crypto::unexpected(ListError::trailing_data);
      octets.shrink_to_fit();
      return PackedList(shift, std::move(octets));
    }
    if (status == Z_BUF_ERROR) return crypto::unexpected(ListError::truncated);  // wants more than there is
    if (status != Z_OK && status != Z_STREAM_END) return crypto::unexpected(ListError::corrupt);
  }
  return crypto::unexpected(ListError::too_large);
}

Bytes PackedList::compress() const {
  uLongf size = compressBound(static_cast<uLong>(octets_.size()));
  Bytes out(size);
  // Only too little room or memory can make it fail, and there is enough room.
  if (compress2(out.data(), &size, octets_.data(), static_cast<uLong>(octets_.size()), Z_BEST_COMPRESSION) != Z_OK)
    return {};
  out.resize(size);
  return out;
}

}  // namespace patent
