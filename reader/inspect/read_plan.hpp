// SPDX-License-Identifier: Apache-2.0
// Owns how files are read in the fewest exchanges: sizes that fit, one READ BINARY a file, records in one command.
#pragma once

#include <functional>

#include "card/wire/chaining.hpp"
#include "reader/inspect/evidence.hpp"

namespace reader {

// What both the link and the card carry; the card says so in EF.ATR/INFO (DO 7F66), short APDUs where it does not.
wire::ApduLimits card_limits(ByteView atr_info);
wire::ApduLimits smaller_of(const wire::ApduLimits& a, const wire::ApduLimits& b);

// The most plain octets that one response brings, inside secure messaging or not.
std::uint32_t largest_read(const wire::ApduLimits& limits, bool secure);

struct FileRead {
  ReadOutcome outcome = ReadOutcome::not_tried;
  Bytes content;
  std::optional<wire::LinkError> link_error{};
};
using OctetsRead = std::function<void(std::uint32_t done, std::uint32_t total)>;
// READ BINARY with the SFI and the largest Le; where the file is longer, from offsets. Its own header says its size,
// which may not exceed the layout's capacity.
FileRead read_transparent(wire::Channel& channel, const layout::File& file, std::uint32_t largest,
                          const OctetsRead& progress = {});

struct RecordsRead {
  ReadOutcome outcome = ReadOutcome::not_tried;
  std::vector<Bytes> records;
  std::optional<wire::LinkError> link_error{};
};
// READ RECORD from the first to the last. Each record begins with an object of tag `first_tag`.
RecordsRead read_records(wire::Channel& channel, const layout::File& file, std::uint32_t first_tag,
                         std::uint32_t largest);

}  // namespace reader
