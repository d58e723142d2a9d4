// SPDX-License-Identifier: Apache-2.0
#include "reader/inspect/read_plan.hpp"

#include <algorithm>
#include <utility>

#include "card/wire/secure_messaging.hpp"
#include "crypto/tlv.hpp"

namespace reader {
namespace {

constexpr wire::ApduLimits kShort{};
constexpr crypto::Byte kReadBinary = 0xB0;
constexpr crypto::Byte kReadRecord = 0xB2;

ReadOutcome outcome_of(wire::StatusWord sw) {
  switch (sw) {
    case wire::StatusWord::file_not_found:
    case wire::StatusWord::record_not_found: return ReadOutcome::absent;
    case wire::StatusWord::wrong_length:
    case wire::StatusWord::wrong_p1p2: return ReadOutcome::malformed;  // an offset inside the file's own length
    default: return ReadOutcome::refused;
  }
}

// Octets were given: 9000, or 6282 where the file ended before Le.
bool gives_data(wire::StatusWord sw) { return wire::is_ok(sw) || sw == wire::StatusWord::end_of_file; }

// Some chips refuse a Le behind the end of the file instead of giving what there is: what to ask them for, or all.
std::uint32_t smaller_le(wire::StatusWord sw) {
  constexpr std::uint32_t kHead = 6;  // tag and length of any file
  if (wire::sw1(sw) == 0x6C) return wire::sw2(sw) == 0 ? wire::kMaxShortLe : wire::sw2(sw);
  return sw == wire::StatusWord::wrong_length || sw == wire::StatusWord::wrong_p1p2 ? kHead : UINT32_MAX;
}

// A limit of DO 7F66; absent or senseless values mean short APDUs.
std::size_t limit(crypto::TlvReader& objects, std::size_t least) {
  const auto object = objects.expect(0x02);
  if (!object || object->value.empty() || object->value.size() > 4) return least;
  std::size_t value = 0;
  for (const auto octet : object->value) value = value << 8 | octet;
  return std::max(value, least);
}

// The octets that the file has in all; nothing when its header makes no sense or says more than it may hold.
std::optional<std::size_t> size_of(const layout::File& file, ByteView head) {
  const auto size = crypto::tlv_total_size(head);
  const bool fits = size && *size <= file.capacity;
  // No frame: what one read brings, and its first object.
  if (file.tag == 0) return std::min<std::size_t>(fits ? std::max(head.size(), *size) : head.size(), file.capacity);
  if (!fits) return std::nullopt;
  return *size;
}

// Appends the records of one answer; false when they do not begin with their tag or are no TLV.
bool split(ByteView data, std::uint32_t first_tag, std::vector<Bytes>& records) {
  crypto::TlvReader objects(data, crypto::TlvForm::ber);
  bool any = false;
  while (!objects.at_end()) {
    const auto object = objects.next();
    if (!object) return false;
    if (object->tag == first_tag) {
      if (records.size() == layout::kMaxRecords) return false;
      records.emplace_back();
      any = true;
    }
    if (!any) return false;
    auto& record = records.back();
    record.insert(record.end(), object->whole.begin(), object->whole.end());
  }
  return any;
}

}  // namespace

wire::ApduLimits card_limits(ByteView atr_info) {
  const auto object = crypto::find_tlv(atr_info, 0x7F66, crypto::TlvForm::ber);
  if (!object || !*object) return kShort;
  crypto::TlvReader objects((*object)->value, crypto::TlvForm::ber);
  const auto max_command = limit(objects, kShort.max_command);
  return {max_command, limit(objects, kShort.max_response)};
}

wire::ApduLimits smaller_of(const wire::ApduLimits& a, const wire::ApduLimits& b) {
  return {std::min(a.max_command, b.max_command), std::min(a.max_response, b.max_response)};
}

std::uint32_t largest_read(const wire::ApduLimits& limits, bool secure) {
  const std::size_t whole = std::min(limits.max_response, wire::kMaxResponseOctets);
  std::size_t plain = whole < 3 ? 1 : whole - 2;
  while (secure && plain > 1 && wire::protected_response_size(plain) > whole) --plain;
  return static_cast<std::uint32_t>(plain);
}

FileRead read_transparent(wire::Channel& channel, const layout::File& file, std::uint32_t largest,
                          const OctetsRead& progress) {
  FileRead out{ReadOutcome::incomplete, {}, {}};
  wire::Command command{.ins = kReadBinary, .p1 = static_cast<crypto::Byte>(0x80 | file.sfi), .le = largest};
  bool asked_less = false;
  for (std::size_t total = 1; out.content.size() < total;) {
    const auto response = channel.transmit(command);
    if (!response) {
      out.link_error = response.error();
      return out;
    }
    const auto less = smaller_le(response->sw);
    if (out.content.empty() && less < command.le && !std::exchange(asked_less, true)) {
      command.le = less;
      continue;
    }
    if (!gives_data(response->sw)) return {outcome_of(response->sw), {}, {}};
    if (response->data.empty() || response->data.size() > command.le) return {ReadOutcome::malformed, {}, {}};
    if (out.content.empty()) {
      const auto size = size_of(file, response->data);
      if (!size) return {ReadOutcome::malformed, {}, {}};
      total = *size;
      out.content.reserve(total);
    }
    const auto news = response->data.first(std::min(response->data.size(), total - out.content.size()));
    out.content.insert(out.content.end(), news.begin(), news.end());
    const auto offset = out.content.size();  // below kMaxFileOctets: 15 bits are enough
    if (progress) progress(static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(total));
    command.p1 = static_cast<crypto::Byte>(offset >> 8);
    command.p2 = static_cast<crypto::Byte>(offset);
    command.le = static_cast<std::uint32_t>(std::min<std::size_t>(largest, total - offset));
  }
  out.outcome = ReadOutcome::read;
  return out;
}

RecordsRead read_records(wire::Channel& channel, const layout::File& file, std::uint32_t first_tag,
                         std::uint32_t largest) {
  RecordsRead out{ReadOutcome::incomplete, {}, {}};
  while (out.records.size() < layout::kMaxRecords) {
    const auto response = channel.transmit({.ins = kReadRecord,
                                            .p1 = static_cast<crypto::Byte>(out.records.size() + 1),
                                            .p2 = static_cast<crypto::Byte>(file.sfi << 3 | 5),
                                            .le = largest});
    if (!response) {
      out.link_error = response.error();
      return out;
    }
    if (response->sw == wire::StatusWord::record_not_found) break;
    if (!gives_data(response->sw)) return {outcome_of(response->sw), {}, {}};
    if (!split(response->data, first_tag, out.records)) return {ReadOutcome::malformed, {}, {}};
    // Where one more record of the largest size would still have fitted, there is none.
    if (response->data.size() + layout::kMaxRecordOctets <= largest) break;
  }
  out.outcome = ReadOutcome::read;
  return out;
}

}  // namespace reader
