// SPDX-License-Identifier: Apache-2.0
// Owns the commands of the patent-records application taken apart (ICAO Doc 9303-10, LDS2; ISO/IEC 7816-4:2020, 11.4):
// what is none of these never reaches a record.
#pragma once

#include <variant>

#include "card/host/emrtd_command.hpp"

namespace host {

// Views are into the command's data.
struct ReadRecord {
  enum class Which : std::uint8_t { one, to_last, newest };
  Which which = Which::one;
  std::uint8_t first = 0;  // of one and to_last
  std::uint8_t sfi = 0;
  ExpectedLength expected{};
};
struct AppendRecord {
  std::uint8_t sfi = 0;
  crypto::ByteView record;
};
// Which records hold these octets anywhere in their window.
struct SearchRecord {
  crypto::ByteView reference;  // of the file, as the answer repeats it: a short identifier in bits 8 to 4, or a FID
  bool first_only = false;
  std::size_t offset = 0;
  std::size_t octets = 0;  // 0: to the record's end
  crypto::ByteView text;
};

using RecordsCommand = std::variant<ReadRecord, AppendRecord, SearchRecord>;

[[nodiscard]] Answer<RecordsCommand> parse_records_command(const wire::Command& command);

}  // namespace host
