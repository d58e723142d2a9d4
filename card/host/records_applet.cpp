// SPDX-License-Identifier: Apache-2.0
#include "card/host/records_applet.hpp"

#include "card/host/access_control.hpp"
#include "card/host/record_file.hpp"
#include "card/host/record_form.hpp"
#include "crypto/tlv.hpp"

namespace host {

using layout::Application;
using wire::StatusWord;

namespace {

std::optional<layout::File> file_of(crypto::ByteView reference) {
  if (reference.size() == 2) return layout::find_by_fid(Application::records, crypto::load_be16(reference.first<2>()));
  if ((reference[0] & 0x07) != 0) return std::nullopt;
  return layout::find_by_sfi(Application::records, static_cast<std::uint8_t>(reference[0] >> 3));
}

// The file when it is there and the condition holds.
Answer<const layout::File*> reachable(const std::optional<layout::File>& file, layout::Access layout::File::*access,
                                      const SecurityStatus& security) {
  if (!file) return refuse(StatusWord::file_not_found);
  PATENT_TRY_VOID(require((*file).*access, security));
  return &layout::file(file->id);
}

// What records leave of the memory: tries must be charged, dates and trust points replaced, or the card opens to
// nobody.
constexpr std::size_t kKeptFree = 1024;

bool contains(crypto::ByteView record, const SearchRecord& search) {
  if (search.offset >= record.size()) return false;
  const auto rest = record.subspan(search.offset);
  const auto window = search.octets == 0 ? rest : rest.first(std::min(search.octets, rest.size()));
  return !std::ranges::search(window, search.text).empty();
}

}  // namespace

StatusWord RecordsApplet::process(const wire::Command& command, wire::Reply& reply) {
  const auto parsed = parse_records_command(command);
  if (!parsed) return parsed.error();
  return std::visit([&](const auto& known) { return execute(known, reply); }, *parsed);
}

StatusWord RecordsApplet::execute(const ReadRecord& read, wire::Reply& reply) {
  const auto file =
      reachable(layout::find_by_sfi(Application::records, read.sfi), &layout::File::read, platform_.security);
  if (!file) return file.error();
  RecordFile records(platform_.store, **file);
  const auto count = records.count();
  if (!count) return count.error();
  const std::uint8_t first = read.which == ReadRecord::Which::newest ? *count : read.first;
  if (first == 0 || first > *count) return StatusWord::record_not_found;
  const std::uint8_t last = read.which == ReadRecord::Which::to_last ? *count : first;
  const std::size_t room = std::min(read.expected.octets, reply.room().size());
  std::uint8_t number = first;
  for (; number <= last; ++number) {
    const std::size_t size = records.record_size(number);
    if (size > room - reply.size()) break;
    if (const auto taken = records.read(number, reply.room().first(size)); !taken) return taken.error();
    if (!reply.extend(size)) return StatusWord::wrong_length;
  }
  if (number == first) return StatusWord::wrong_length;  // not even one: a part of a record is no record
  const bool short_of = number > last && reply.size() < read.expected.octets && !read.expected.or_less;
  return short_of ? StatusWord::end_of_file : StatusWord::ok;
}

StatusWord RecordsApplet::execute(const AppendRecord& command, wire::Reply&) { return status_of(append(command)); }

Answer<> RecordsApplet::append(const AppendRecord& command) {
  PATENT_TRY(const layout::File* const file, reachable(layout::find_by_sfi(Application::records, command.sfi),
                                                       &layout::File::write, platform_.security));
  PATENT_TRY(const ObjectId next, RecordFile(platform_.store, *file).next_record(command.record.size()));
  PATENT_TRY_VOID(check_new_record(platform_.store, *file, command.record));
  if (platform_.store.free_octets() < command.record.size() + kKeptFree) return refuse(StatusWord::not_enough_memory);
  platform_.store.begin();
  return answer_of(platform_.store.write(next, command.record));
}

StatusWord RecordsApplet::execute(const SearchRecord& command, wire::Reply& reply) {
  const auto done = search(command, reply);
  if (!done) return done.error();
  return reply.size() == 0 ? StatusWord::end_of_file : StatusWord::ok;  // 6282: nothing found
}

// 7F76 { 51 file, 02 number, 02 number, ... }
Answer<> RecordsApplet::search(const SearchRecord& command, wire::Reply& reply) {
  constexpr std::size_t kNumberOctets = 4;  // 02 02 00 FE
  constexpr std::size_t kReferenceOctets = 4;
  PATENT_TRY(const layout::File* const file,
             reachable(file_of(command.reference), &layout::File::read, platform_.security));
  RecordFile records(platform_.store, *file);
  PATENT_TRY(const std::uint8_t count, records.count());
  std::array<crypto::Byte, kReferenceOctets + layout::kMaxRecords * kNumberOctets> memory{};
  crypto::TlvWriter found(memory);
  found.put(0x51, command.reference);
  bool any = false;
  for (std::uint8_t number = 1; number <= count && !(any && command.first_only); ++number) {
    std::array<crypto::Byte, layout::kMaxRecordOctets> record{};
    const auto octets = crypto::ByteSpan(record).first(records.record_size(number));
    PATENT_TRY_VOID(records.read(number, octets));
    if (!contains(octets, command)) continue;
    any = true;
    const std::array<crypto::Byte, 2> integer{0, number};
    found.put(0x02, number < 0x80 ? crypto::ByteView(integer).last(1) : crypto::ByteView(integer));
  }
  if (!any) return {};
  const auto inside = found.finish();
  crypto::TlvWriter whole(reply.room());
  if (inside) whole.put(0x7F76, *inside);
  const auto answer = whole.finish();
  return inside && answer && reply.extend(answer->size()) ? Answer<>{} : refuse(StatusWord::wrong_length);
}

}  // namespace host
