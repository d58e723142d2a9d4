// SPDX-License-Identifier: Apache-2.0
#include "card/host/journal.hpp"

#include "crypto/secret.hpp"

namespace host {
namespace {

using crypto::Byte;
using crypto::ByteSpan;
using crypto::ByteView;

constexpr Byte kErased = 0xFF;
constexpr Byte kEndMark = 0x00;  // as far from erased as can be
constexpr std::array<Byte, 8> kMagic{'P', 'A', 'T', 'E', 'N', 'T', 'O', 'S'};

// CRC-32 of ISO/IEC 13239 (reflected 04C11DB7), the one of Ethernet and zlib.
constexpr auto kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? c >> 1 ^ 0xEDB88320U : c >> 1;
    table[i] = c;
  }
  return table;
}();

constexpr std::uint32_t kCrcStart = 0xFFFFFFFFU;

std::uint32_t crc_more(std::uint32_t crc, ByteView octets) {
  for (const Byte octet : octets) crc = crc >> 8 ^ kCrcTable[(crc ^ octet) & 0xFFU];
  return crc;
}
std::uint32_t crc_end(std::uint32_t crc) { return crc ^ 0xFFFFFFFFU; }
std::uint32_t crc32(ByteView octets) { return crc_end(crc_more(kCrcStart, octets)); }

bool known(Byte kind) {
  switch (static_cast<RecordKind>(kind)) {
    case RecordKind::append:
    case RecordKind::commit:
    case RecordKind::remove:
    case RecordKind::write:
    case RecordKind::abort: return true;
  }
  return false;
}

// The generation is checked but not stored: a record of another generation is no record.
std::uint32_t head_crc(std::uint32_t generation, std::span<const Byte, Journal::kRecordHead> head) {
  std::array<Byte, 4> seed{};
  crypto::store_be32(seed, generation);
  return crc_end(crc_more(crc_more(kCrcStart, seed), head.first<9>()));
}

std::array<Byte, Journal::kRecordHead> encode(const RecordHead& head, std::uint32_t generation) {
  std::array<Byte, Journal::kRecordHead> out{};
  const std::span<Byte, Journal::kRecordHead> at(out);
  out[0] = static_cast<Byte>(head.kind);
  crypto::store_be16(at.subspan<1, 2>(), head.object);
  crypto::store_be16(at.subspan<3, 2>(), head.length);
  crypto::store_be32(at.subspan<5, 4>(), head.transaction);
  crypto::store_be32(at.subspan<9, 4>(), head_crc(generation, at));
  return out;
}

std::optional<RecordHead> decode(std::span<const Byte, Journal::kRecordHead> in, std::uint32_t generation) {
  if (!known(in[0]) || crypto::load_be32(in.subspan<9, 4>()) != head_crc(generation, in)) return std::nullopt;
  return RecordHead{static_cast<RecordKind>(in[0]), crypto::load_be16(in.subspan<1, 2>()),
                    crypto::load_be16(in.subspan<3, 2>()), crypto::load_be32(in.subspan<5, 4>())};
}

bool all_erased(ByteView octets) {
  return std::all_of(octets.begin(), octets.end(), [](Byte octet) { return octet == kErased; });
}

// A piece of the memory on its way through RAM; it may hold keys.
struct Chunk {
  std::array<Byte, 512> octets;
  ~Chunk() { crypto::wipe(octets); }
};

// Calls use(view) over the memory from `offset`, chunk by chunk, until it says no; the last answer.
template <class Use>
crypto::Result<bool, NvmError> each_chunk(Nvm& nvm, std::size_t offset, std::size_t length, Use use) {
  Chunk chunk;
  while (length > 0) {
    const ByteSpan part = ByteSpan(chunk.octets).first(std::min(length, chunk.octets.size()));
    PATENT_TRY_VOID(nvm.read(offset, part));
    if (!use(ByteView(part))) return false;
    offset += part.size();
    length -= part.size();
  }
  return true;
}

crypto::Result<bool, NvmError> erased(Nvm& nvm, std::size_t offset, std::size_t length) {
  return each_chunk(nvm, offset, length, all_erased);
}

}  // namespace

crypto::Result<Seal, NvmError> Journal::open() {
  std::array<Byte, kAreaHead> in{};
  PATENT_TRY_VOID(nvm_.read(begin_, in));
  const std::span<const Byte, kAreaHead> at(in);
  const bool ours = std::equal(kMagic.begin(), kMagic.end(), in.begin());
  if (!ours || crypto::load_be32(at.subspan<20, 4>()) != crc32(at.first<20>())) return Seal::none;
  if (in[8] != kVersion) return Seal::other_version;
  head_ = {crypto::load_be32(at.subspan<12, 4>()), crypto::load_be32(at.subspan<16, 4>())};
  return Seal::sealed;
}

Journal::Outcome Journal::seal() {
  std::array<Byte, kAreaHead> out{};
  const std::span<Byte, kAreaHead> at(out);
  std::copy(kMagic.begin(), kMagic.end(), out.begin());
  out[8] = kVersion;
  crypto::store_be32(at.subspan<12, 4>(), head_.generation);
  crypto::store_be32(at.subspan<16, 4>(), head_.transaction);
  crypto::store_be32(at.subspan<20, 4>(), crc32(at.first<20>()));
  return nvm_.program(begin_, out);
}

crypto::Result<bool, NvmError> Journal::blank(std::size_t from) { return erased(nvm_, from, end() - from); }

Journal::Outcome Journal::erase() {
  for (std::size_t page = begin_ / Nvm::kPage; page < end() / Nvm::kPage; ++page) {
    PATENT_TRY(const bool clean, erased(nvm_, page * Nvm::kPage, Nvm::kPage));
    if (!clean) PATENT_TRY_VOID(nvm_.erase(page));
  }
  return {};
}

// A record is programmed front to back and its last octet is never FF, so whoever finds that octet written knows that
// the record was finished, and a wrong check is damage; where it is erased, all behind it must be erased as well.
crypto::Result<FoundRecord, NvmError> Journal::find(std::size_t offset) {
  const auto nothing_from = [this](std::size_t from, Finding if_blank) -> crypto::Result<FoundRecord, NvmError> {
    PATENT_TRY(const bool clean, blank(from));
    return FoundRecord{clean ? if_blank : Finding::damaged};
  };
  if (end() - offset < kRecordFrame) return nothing_from(offset, Finding::end);

  std::array<Byte, kRecordHead> in{};
  PATENT_TRY_VOID(nvm_.read(offset, in));
  if (in[0] == kErased) return nothing_from(offset, Finding::end);
  const auto head = decode(in, head_.generation);
  if (!head) return nothing_from(offset + kRecordHead, Finding::torn);

  const std::size_t payload = offset + kRecordHead;
  if (head->length > end() - payload - kRecordTail) return FoundRecord{Finding::damaged};
  const std::size_t tail = payload + head->length;
  std::array<Byte, kRecordTail> stored{};
  PATENT_TRY_VOID(nvm_.read(tail, stored));
  if (stored[4] == kErased) return nothing_from(tail + kRecordTail, Finding::torn);

  std::uint32_t crc = crc_more(kCrcStart, in);
  PATENT_TRY_VOID(each_chunk(nvm_, payload, head->length, [&crc](ByteView part) {
    crc = crc_more(crc, part);
    return true;
  }));
  const bool whole =
      stored[4] == kEndMark && crypto::load_be32(std::span<const Byte, 5>(stored).first<4>()) == crc_end(crc);
  if (!whole) return FoundRecord{Finding::damaged};
  return FoundRecord{Finding::record, *head, payload, tail + kRecordTail};
}

RecordWriter::RecordWriter(Journal& journal, std::size_t offset, const RecordHead& head)
    : nvm_(journal.nvm_), offset_(offset), crc_(kCrcStart) {
  const auto encoded = encode(head, journal.head_.generation);
  crc_ = crc_more(crc_, encoded);
  static_cast<void>(pending_.assign(encoded));  // it is empty and has room
}

RecordWriter::~RecordWriter() { crypto::wipe(pending_.span()); }

Nvm::Outcome RecordWriter::flush() {
  PATENT_TRY_VOID(nvm_.program(offset_, pending_));
  offset_ += pending_.size();
  crypto::wipe(pending_.span());
  pending_.clear();
  return {};
}

Nvm::Outcome RecordWriter::put(ByteView payload) {
  crc_ = crc_more(crc_, payload);
  while (!payload.empty()) {
    if (pending_.size() == pending_.capacity()) PATENT_TRY_VOID(flush());
    const auto part = payload.first(std::min(payload.size(), pending_.capacity() - pending_.size()));
    static_cast<void>(pending_.append(part));  // cut to the room
    payload = payload.subspan(part.size());
  }
  return {};
}

Nvm::Outcome RecordWriter::copy(std::size_t offset, std::size_t length) {
  Nvm::Outcome outcome;
  const auto put_part = [&](ByteView part) {
    outcome = put(part);
    return outcome.has_value();
  };
  PATENT_TRY_VOID(each_chunk(nvm_, offset, length, put_part));
  return outcome;
}

crypto::Result<std::size_t, NvmError> RecordWriter::finish() {
  std::array<Byte, Journal::kRecordTail> tail{};
  crypto::store_be32(std::span<Byte, 5>(tail).first<4>(), crc_end(crc_));
  tail[4] = kEndMark;
  PATENT_TRY_VOID(put(tail));
  PATENT_TRY_VOID(flush());
  return offset_;
}

}  // namespace host
