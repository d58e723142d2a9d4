// SPDX-License-Identifier: Apache-2.0
// Owns the patent-records application of a card in an open session, as commands (docs/card.md, "Patent records").
#pragma once

#include <optional>
#include <vector>

#include "reader/inspect/session.hpp"

namespace personalize {

// The link is gone, or the card refused.
struct RecordsFailure {
  std::optional<wire::LinkError> link{};
  wire::StatusWord status{};
};
template <class T>
using FromRecords = crypto::Result<T, RecordsFailure>;

class CardRecords {
public:
  explicit CardRecords(reader::OpenSession& session) : session_(session) {}

  FromRecords<void> select();
  // In one command; empty when the file has none.
  FromRecords<crypto::Bytes> newest(layout::FileId file);
  FromRecords<crypto::Bytes> record(layout::FileId file, std::uint8_t number);
  // The numbers of the records that hold these octets, ascending.
  FromRecords<std::vector<std::uint8_t>> find(layout::FileId file, crypto::ByteView octets);
  FromRecords<void> append(layout::FileId file, crypto::ByteView record);

private:
  FromRecords<wire::Response> send(const wire::Command& command);
  FromRecords<crypto::Bytes> read(crypto::Byte p1, layout::FileId file, crypto::Byte mode);

  reader::OpenSession& session_;
};

}  // namespace personalize
