// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/card_records.hpp"

#include <array>

#include "crypto/tlv.hpp"

namespace personalize {

using crypto::Byte;
using crypto::Bytes;
using wire::StatusWord;

namespace {

constexpr Byte kLastOccurrence = 0x01, kOne = 0x04;

Byte reference(layout::FileId file, Byte mode = 0) { return static_cast<Byte>(layout::file(file).sfi << 3 | mode); }

// 7F76 { 51 file, A1 { 80 all, B0 { from the first octet to the last } }, A3 { B1 { 81 octets } } }
Bytes search_template(layout::FileId file, crypto::ByteView octets) {
  constexpr std::array<Byte, 11> kEverywhere{0x80, 1, 0x00, 0xB0, 6, 0x02, 1, 0, 0x02, 1, 0};
  const auto fid = layout::file(file).fid;
  const std::array<Byte, 2> name{static_cast<Byte>(fid >> 8), static_cast<Byte>(fid)};
  Bytes handling = crypto::tlv(0x51, name);
  crypto::append_tlv(handling, 0xA1, kEverywhere);
  crypto::append_tlv(handling, 0xA3, crypto::tlv(0xB1, crypto::tlv(0x81, octets)));
  return crypto::tlv(0x7F76, handling);
}

// Nothing for an answer that is no list of record numbers.
std::optional<std::vector<std::uint8_t>> record_numbers(crypto::ByteView answer) {
  const auto handling = crypto::read_only_tlv(answer, 0x7F76, crypto::TlvForm::ber);
  if (!handling) return std::nullopt;
  crypto::TlvReader objects(handling->value, crypto::TlvForm::ber);
  if (!objects.expect(0x51)) return std::nullopt;
  std::vector<std::uint8_t> numbers;
  while (!objects.at_end()) {
    const auto integer = objects.expect(0x02);
    if (!integer || integer->value.empty() || integer->value.size() > 2) return std::nullopt;
    if (integer->value.size() == 2 && integer->value[0] != 0) return std::nullopt;
    numbers.push_back(integer->value.back());
  }
  return numbers;
}

}  // namespace

FromRecords<wire::Response> CardRecords::send(const wire::Command& command) {
  const auto response = session_.channel().transmit(command);
  if (!response) return crypto::unexpected(RecordsFailure{response.error(), {}});
  const bool has_answer = response->ok() || response->sw == StatusWord::end_of_file;
  if (!has_answer) return crypto::unexpected(RecordsFailure{{}, response->sw});
  return *response;
}

FromRecords<void> CardRecords::select() {
  PATENT_TRY_VOID(send({.ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = layout::kRecordsAid}));
  return {};
}

FromRecords<Bytes> CardRecords::read(Byte p1, layout::FileId file, Byte mode) {
  const auto response = send({.ins = 0xB2, .p1 = p1, .p2 = reference(file, mode), .le = session_.largest_answer()});
  if (response) return Bytes(response->data.begin(), response->data.end());
  if (response.error().status == StatusWord::record_not_found) return Bytes{};
  return crypto::unexpected(response.error());
}

FromRecords<Bytes> CardRecords::newest(layout::FileId file) { return read(0, file, kLastOccurrence); }
FromRecords<Bytes> CardRecords::record(layout::FileId file, std::uint8_t number) { return read(number, file, kOne); }

FromRecords<std::vector<std::uint8_t>> CardRecords::find(layout::FileId file, crypto::ByteView octets) {
  const Bytes handling = search_template(file, octets);
  PATENT_TRY(const auto response, send({.ins = 0xA2, .p2 = 0xF8, .data = handling, .le = wire::kMaxShortLe}));
  if (response.data.empty()) return std::vector<std::uint8_t>{};  // 6282
  auto numbers = record_numbers(response.data);
  if (!numbers) return crypto::unexpected(RecordsFailure{wire::LinkError::bad_response, {}});
  return *std::move(numbers);
}

FromRecords<void> CardRecords::append(layout::FileId file, crypto::ByteView record) {
  PATENT_TRY_VOID(send({.ins = 0xE2, .p2 = reference(file), .data = record}));
  return {};
}

}  // namespace personalize
