// SPDX-License-Identifier: Apache-2.0
#include "card/host/records_command.hpp"

#include "card/layout/files.hpp"
#include "crypto/tlv.hpp"

namespace host {

using wire::Command;
using wire::StatusWord;

namespace {

constexpr crypto::Byte kSearchRecord = 0xA2;
constexpr crypto::Byte kReadRecord = 0xB2;
constexpr crypto::Byte kAppendRecord = 0xE2;
constexpr std::uint8_t kMaxSfi = 30;

bool is_sfi(std::uint8_t sfi) { return sfi != 0 && sfi <= kMaxSfi; }
bool is_record_number(crypto::Byte p1) { return p1 != 0 && p1 <= layout::kMaxRecords; }

// ISO/IEC 7816-4:2020, 11.4.2: P2 says what P1 is. There is no current record: the last is the one with the newest
// identifier, which is 00 for all of them.
Answer<RecordsCommand> parse_read_record(const Command& command) {
  constexpr crypto::Byte kLastOccurrence = 0x01;
  constexpr crypto::Byte kOne = 0x04;
  constexpr crypto::Byte kToLast = 0x05;
  if (!command.data.empty()) return refuse(StatusWord::wrong_length);
  ReadRecord read{.first = command.p1, .sfi = static_cast<std::uint8_t>(command.p2 >> 3)};
  bool has_form = is_sfi(read.sfi);
  switch (command.p2 & 0x07) {
    case kOne: has_form = has_form && is_record_number(command.p1); break;
    case kToLast:
      read.which = ReadRecord::Which::to_last;
      has_form = has_form && is_record_number(command.p1);
      break;
    case kLastOccurrence:
      read.which = ReadRecord::Which::newest;
      has_form = has_form && command.p1 == 0;
      break;
    default: has_form = false;
  }
  if (!has_form) return refuse(StatusWord::incorrect_p1p2);
  PATENT_TRY(read.expected, expected_length(command));
  return read;
}

Answer<RecordsCommand> parse_append_record(const Command& command) {
  const auto sfi = static_cast<std::uint8_t>(command.p2 >> 3);
  if (command.p1 != 0 || (command.p2 & 0x07) != 0 || !is_sfi(sfi)) return refuse(StatusWord::incorrect_p1p2);
  return AppendRecord{sfi, command.data};
}

// A BER integer in its shortest form, not below zero, of at most a record's length.
Answer<std::size_t> small_integer(crypto::TlvReader& objects) {
  constexpr std::uint32_t kInteger = 0x02;
  constexpr std::size_t kMaxOctets = 3;
  const auto object = objects.expect(kInteger);
  if (!object || object->value.empty() || object->value.size() > kMaxOctets) return refuse(StatusWord::wrong_data);
  const auto octets = object->value;
  const bool padded = octets.size() > 1 && octets[0] == 0 && octets[1] < 0x80;
  if (octets[0] >= 0x80 || padded) return refuse(StatusWord::wrong_data);
  std::size_t value = 0;
  for (const auto octet : octets) value = value << 8 | octet;
  return value;
}

// A1 { 80 00 all or 30 the first, B0 { 02 offset, 02 octets } }
Answer<> parse_configuration(crypto::ByteView configuration, SearchRecord& search) {
  constexpr crypto::Byte kAll = 0x00;
  constexpr crypto::Byte kFirst = 0x30;
  crypto::TlvReader objects(configuration);
  const auto parameter = objects.expect(0x80);
  const auto window = objects.expect(0xB0);
  if (!parameter || !window || !objects.finish() || parameter->value.size() != 1) return refuse(StatusWord::wrong_data);
  if (parameter->value[0] != kAll && parameter->value[0] != kFirst) return refuse(StatusWord::function_not_supported);
  search.first_only = parameter->value[0] == kFirst;
  crypto::TlvReader integers(window->value);
  PATENT_TRY(search.offset, small_integer(integers));
  PATENT_TRY(search.octets, small_integer(integers));
  return integers.finish() ? Answer<>{} : refuse(StatusWord::wrong_data);
}

// 7F76 { 51 file, A1 { configuration }, A3 { B1 { 81 octets } } }: one file, one string.
Answer<RecordsCommand> parse_search_record(const Command& command) {
  constexpr crypto::Byte kByTemplate = 0xF8;
  if (command.p1 != 0 || command.p2 != kByTemplate) return refuse(StatusWord::incorrect_p1p2);
  if (command.le == 0) return refuse(StatusWord::wrong_length);
  const auto handling = crypto::read_only_tlv(command.data, 0x7F76);
  if (!handling) return refuse(StatusWord::wrong_data);
  crypto::TlvReader objects(handling->value);
  const auto file = objects.expect(0x51);
  const auto configuration = objects.expect(0xA1);
  const auto strings = objects.expect(0xA3);
  if (!file || !configuration || !strings || !objects.finish()) return refuse(StatusWord::wrong_data);
  const auto string = crypto::read_only_tlv(strings->value, 0xB1);
  const auto text = string ? crypto::read_only_tlv(string->value, 0x81) : string;
  const bool has_form = text && !text->value.empty() && (file->value.size() == 1 || file->value.size() == 2);
  if (!has_form) return refuse(StatusWord::wrong_data);
  SearchRecord search{.reference = file->value, .text = text->value};
  PATENT_TRY_VOID(parse_configuration(configuration->value, search));
  return search;
}

}  // namespace

Answer<RecordsCommand> parse_records_command(const Command& command) {
  if ((command.cla & 0x80) != 0) return refuse(StatusWord::cla_not_supported);
  switch (command.ins) {
    case kReadRecord: return parse_read_record(command);
    case kAppendRecord: return parse_append_record(command);
    case kSearchRecord: return parse_search_record(command);
    default: return refuse(StatusWord::ins_not_supported);
  }
}

}  // namespace host
