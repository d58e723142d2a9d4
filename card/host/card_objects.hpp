// SPDX-License-Identifier: Apache-2.0
// Owns the numbers under which a card's values lie in its ObjectStore (docs/card.md, "Objects").
#pragma once

#include "card/host/chip_key.hpp"
#include "card/host/trust_points.hpp"
#include "card/layout/files.hpp"
#include "crypto/kdf.hpp"

namespace host {

inline constexpr ObjectId kLifeCycleObject = 0x0001;     // 1 octet, layout::LifeCycle
inline constexpr ObjectId kCplcObject = 0x0002;          // 42 octets, what GET DATA 9F7F answers
inline constexpr ObjectId kKeySetObject = 0x0003;        // version || key length || ENC || MAC || DEK
inline constexpr ObjectId kScp03TriesObject = 0x0004;    // 1 octet: failures in a row
inline constexpr ObjectId kIssuerNumberObject = 0x0005;  // IIN, GET DATA 0042
inline constexpr ObjectId kCardNumberObject = 0x0006;    // CIN, GET DATA 0045
inline constexpr ObjectId kUnfinishedObject = 0x0007;    // 2 octets: the id of the object whose DGI is not yet whole
inline constexpr ObjectId kCanObject = 0x0008;           // 6 digits
inline constexpr ObjectId kMrzPasswordObject = 0x0009;   // 20 octets
inline constexpr ObjectId kCanTriesObject = 0x000A;      // 1 octet: failures in a row
inline constexpr ObjectId kPurgeDueObject = 0x000B;      // there while replaced secrets still linger in the memory
inline constexpr ObjectId kFirstChipKeyObject = 0x000C;  // a key pair: curve || private scalar
inline constexpr ObjectId kMrzTriesObject = 0x000E;      // 1 octet: failures in a row

inline constexpr ObjectId kFirstApplicationObject = 0x0010;  // there when the application is installed
inline constexpr ObjectId kCurrentDateObject = 0x0014;       // 6 octets, YYMMDD
inline constexpr ObjectId kFirstTrustPointObject = 0x0015;   // what a CVCA's certificate says; two ids
inline constexpr ObjectId kFirstFileObject = 0x0100;         // a transparent file's content
inline constexpr ObjectId kFirstRecordObject = 0x0200;       // 256 ids for each record file: id = first + record number

[[nodiscard]] constexpr ObjectId application_object(layout::Application application) {
  return static_cast<ObjectId>(kFirstApplicationObject + static_cast<ObjectId>(application));
}
[[nodiscard]] constexpr ObjectId chip_key_object(ChipKeyUse use) {
  return static_cast<ObjectId>(kFirstChipKeyObject + static_cast<ObjectId>(use) - 1);
}
[[nodiscard]] constexpr ObjectId pace_tries_object(crypto::PasswordKind password) {
  return password == crypto::PasswordKind::can ? kCanTriesObject : kMrzTriesObject;
}
[[nodiscard]] constexpr ObjectId trust_point_object(TrustPoint which) {
  return static_cast<ObjectId>(kFirstTrustPointObject + static_cast<ObjectId>(which));
}
[[nodiscard]] constexpr ObjectId file_object(layout::FileId id) {
  return static_cast<ObjectId>(kFirstFileObject + static_cast<ObjectId>(id));
}
[[nodiscard]] constexpr ObjectId record_object(layout::FileId id, std::uint8_t number) {
  const auto index = static_cast<ObjectId>(id) - static_cast<ObjectId>(layout::FileId::certificates);
  return static_cast<ObjectId>(kFirstRecordObject + index * 0x100 + number);
}

static_assert(layout::kFiles.size() + 2U * layout::kMaxRecords + 0x20U <= ObjectStore::kMaxObjects,
              "every file and every record finds room");

}  // namespace host
