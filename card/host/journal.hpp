// SPDX-License-Identifier: Apache-2.0
// Owns one area of the journal: a sealed head, then records one behind the other, each of which tells whether it is
// whole, torn by a power cut, or damaged (docs/nvm-format.md).
#pragma once

#include <array>

#include "card/host/nvm.hpp"

namespace host {

enum class RecordKind : crypto::Byte {
  append = 0x41,  // 'A'
  commit = 0x43,  // 'C'
  remove = 0x52,  // 'R'
  write = 0x57,   // 'W'
  abort = 0x58,   // 'X'
};

struct RecordHead {
  RecordKind kind = RecordKind::commit;
  std::uint16_t object = 0;
  std::uint16_t length = 0;  // of the payload
  std::uint32_t transaction = 0;
};

// What stands at an offset of an area.
enum class Finding : crypto::Byte {
  record,   // whole
  end,      // nothing, up to the area's end
  torn,     // the beginning of a record, then nothing up to the area's end: a power cut
  damaged,  // no power cut leaves this
};

struct FoundRecord {
  Finding finding = Finding::end;
  RecordHead head{};
  std::size_t payload = 0;  // offset in the memory
  std::size_t next = 0;     // offset behind the record
};

struct AreaHead {
  std::uint32_t generation = 0;   // grows by one with each compaction
  std::uint32_t transaction = 0;  // of the first transaction in the area
};

enum class Seal : crypto::Byte { none, sealed, other_version };

class Journal {
public:
  static constexpr crypto::Byte kVersion = 1;
  static constexpr std::size_t kAreaHead = 24;
  static constexpr std::size_t kRecordHead = 13;
  static constexpr std::size_t kRecordTail = 5;
  static constexpr std::size_t kRecordFrame = kRecordHead + kRecordTail;

  using Outcome = Nvm::Outcome;

  // `begin` and `size` are multiples of Nvm::kPage.
  Journal(Nvm& nvm, std::size_t begin, std::size_t size) : nvm_(nvm), begin_(begin), size_(size) {}

  [[nodiscard]] std::size_t first_record() const { return begin_ + kAreaHead; }
  [[nodiscard]] std::size_t end() const { return begin_ + size_; }

  // Reads the head.
  crypto::Result<Seal, NvmError> open();
  [[nodiscard]] const AreaHead& head() const { return head_; }
  // The generation is part of every record's check, so it must be known before records are written; the seal itself
  // makes the area count.
  void prepare(AreaHead head) { head_ = head; }
  Outcome seal();

  crypto::Result<FoundRecord, NvmError> find(std::size_t offset);
  crypto::Result<bool, NvmError> blank() { return blank(begin_); }
  crypto::Result<bool, NvmError> blank(std::size_t from);
  // Erases the pages that are not blank, the head's first.
  Outcome erase();

private:
  friend class RecordWriter;

  Nvm& nvm_;
  std::size_t begin_;
  std::size_t size_;
  AreaHead head_{};
};

// Writes one record at an offset, front to back, in as few programs as its buffer allows.
class RecordWriter {
public:
  RecordWriter(Journal& journal, std::size_t offset, const RecordHead& head);
  RecordWriter(const RecordWriter&) = delete;
  RecordWriter& operator=(const RecordWriter&) = delete;
  ~RecordWriter();

  Nvm::Outcome put(crypto::ByteView payload);
  // Copies `length` octets of the same memory into the payload.
  Nvm::Outcome copy(std::size_t offset, std::size_t length);
  // The check and the end mark. The offset behind the record.
  crypto::Result<std::size_t, NvmError> finish();

private:
  Nvm::Outcome flush();

  Nvm& nvm_;
  std::size_t offset_;
  std::uint32_t crc_;
  crypto::Buffer<512> pending_;
};

}  // namespace host
