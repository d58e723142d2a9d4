// SPDX-License-Identifier: Apache-2.0
// Owns the status record: what changes in a patent's life, signed by a status signer, one record of EF.Status
// (docs/file-layout.md, 4).
#pragma once

#include <chrono>

#include "card/patent/data_groups.hpp"

namespace patent {

// The values of the status lists (4 bits).
enum class State : std::uint8_t {
  valid = 0x0,
  invalid = 0x1,
  suspended = 0x2,
  not_active = 0x3,
  annulled = 0xC,
  lost = 0xD,
  replaced = 0xE,
  returned = 0xF,
};

struct StatusRecord {
  std::string card_number;
  std::string patent_number;   // series and number, 12 digits
  std::uint32_t sequence = 1;  // only ever grows
  State state = State::valid;
  std::uint8_t reason = 0;       // why the state is so; 0: none. Open-ended
  std::uint8_t months_paid = 0;  // 0..12
  std::chrono::sys_seconds as_of{};
  std::string issuing_unit;  // NNN-NNN
  PaidPeriodPolicy policy = PaidPeriodPolicy::inclusive_month_end;
  friend bool operator==(const StatusRecord&, const StatusRecord&) = default;
};

// A record of EF.Status taken apart: 5F20 search copy of the sequence, 73 {signed info}, 5F37 signature (plain r || s),
// 5F38 reference.
struct SignedStatusRecord {
  StatusRecord record;
  Bytes signed_info;  // the octets of object 73 as read: what the signature is over
  Bytes signature;
  std::uint8_t certificate_record = 0;  // 1..254
};

Bytes encode_status_info(const StatusRecord& record);  // object 73, canonical
Bytes encode_status_record(ByteView status_info, ByteView signature, std::uint8_t certificate_record,
                           std::uint32_t sequence);
Decoded<SignedStatusRecord> decode_status_record(ByteView record);

// A record of EF.Certificates: 5F3A {country, serial number}, 72 {X.509}.
Bytes encode_certificate_record(std::string_view country, ByteView serial, ByteView x509);
Decoded<ByteView> decode_certificate_record(ByteView record);  // the X.509 octets inside

}  // namespace patent
