// SPDX-License-Identifier: Apache-2.0
#include "card/host/records_applet.hpp"

#include "card/host/access_control.hpp"
#include "card/host/record_file.hpp"

namespace host {

using wire::StatusWord;

Answer<ReadRecord> parse_read_record(const wire::Command& command) {
  constexpr crypto::Byte kReadRecord = 0xB2;
  constexpr crypto::Byte kOne = 0x04;
  constexpr crypto::Byte kToLast = 0x05;
  if ((command.cla & 0x80) != 0) return refuse(StatusWord::cla_not_supported);
  if (command.ins != kReadRecord) return refuse(StatusWord::ins_not_supported);
  if (!command.data.empty()) return refuse(StatusWord::wrong_length);
  const auto mode = static_cast<crypto::Byte>(command.p2 & 0x07);
  const auto sfi = static_cast<std::uint8_t>(command.p2 >> 3);
  if ((mode != kOne && mode != kToLast) || sfi == 0 || sfi > 30 || command.p1 == 0 || command.p1 > layout::kMaxRecords)
    return refuse(StatusWord::incorrect_p1p2);
  PATENT_TRY(const auto expected, expected_length(command));
  return ReadRecord{command.p1, mode == kToLast, sfi, expected};
}

StatusWord RecordsApplet::process(const wire::Command& command, wire::Reply& reply) {
  const auto read = parse_read_record(command);
  if (!read) return read.error();
  const auto file = layout::find_by_sfi(layout::Application::records, read->sfi);
  if (!file) return StatusWord::file_not_found;
  if (const auto allowed = require(file->read, platform_.security); !allowed) return allowed.error();

  RecordFile records(platform_.store, *file);
  const auto count = records.count();
  if (!count) return count.error();
  if (read->first > *count) return StatusWord::record_not_found;
  const std::uint8_t last = read->to_last ? *count : read->first;
  const std::size_t room = std::min(read->expected.octets, reply.room().size());
  std::uint8_t number = read->first;
  for (; number <= last; ++number) {
    const std::size_t size = records.record_size(number);
    if (size > room - reply.size()) break;
    if (const auto taken = records.read(number, reply.room().first(size)); !taken) return taken.error();
    if (!reply.extend(size)) return StatusWord::wrong_length;
  }
  if (number == read->first) return StatusWord::wrong_length;  // not even one: a part of a record is no record
  const bool short_of = number > last && reply.size() < read->expected.octets && !read->expected.or_less;
  return short_of ? StatusWord::end_of_file : StatusWord::ok;
}

}  // namespace host
