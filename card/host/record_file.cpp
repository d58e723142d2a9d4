// SPDX-License-Identifier: Apache-2.0
#include "card/host/record_file.hpp"

#include "card/host/card_objects.hpp"
#include "card/host/file_system.hpp"

namespace host {

using wire::StatusWord;

Answer<std::uint8_t> RecordFile::count() {
  PATENT_TRY(const ObjectId unfinished, unfinished_object(store_));
  std::uint8_t count = 0;
  while (count < layout::kMaxRecords) {
    const ObjectId next = record_object(file_.id, static_cast<std::uint8_t>(count + 1));
    if (next == unfinished || !store_.exists(next)) break;
    ++count;
  }
  return count;
}

std::size_t RecordFile::record_size(std::uint8_t number) const { return store_.size(record_object(file_.id, number)); }

Answer<> RecordFile::read(std::uint8_t number, crypto::ByteSpan out) {
  return answer_of(store_.read(record_object(file_.id, number), 0, out));
}

Answer<ObjectId> RecordFile::next_record(std::size_t length) {
  if (length == 0 || length > layout::kMaxRecordOctets) return refuse(StatusWord::wrong_length);
  PATENT_TRY(const std::uint8_t have, count());
  std::size_t used = 0;
  for (std::uint8_t number = 1; number <= have; ++number) used += record_size(number);
  if (have == layout::kMaxRecords || length > file_.capacity - std::min<std::size_t>(used, file_.capacity))
    return refuse(StatusWord::not_enough_memory);
  return record_object(file_.id, static_cast<std::uint8_t>(have + 1));
}

}  // namespace host
