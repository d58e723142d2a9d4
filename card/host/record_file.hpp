// SPDX-License-Identifier: Apache-2.0
// Owns a linear file of variable records: numbered from 1, only ever added to.
#pragma once

#include "card/host/answer.hpp"
#include "card/layout/files.hpp"

namespace host {

class RecordFile {
public:
  RecordFile(ObjectStore& store, const layout::File& file) : store_(store), file_(file) {}

  // Whole records only.
  [[nodiscard]] Answer<std::uint8_t> count();
  [[nodiscard]] std::size_t record_size(std::uint8_t number) const;
  Answer<> read(std::uint8_t number, crypto::ByteSpan out);  // its first octets; record_size() are all
  // The object that the next record of `length` octets will be; wrong_length when it is longer than a record may be,
  // not_enough_memory when the file is full.
  [[nodiscard]] Answer<ObjectId> next_record(std::size_t length);

private:
  ObjectStore& store_;
  const layout::File& file_;
};

}  // namespace host
