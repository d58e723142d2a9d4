// SPDX-License-Identifier: Apache-2.0
// Owns the building of DER values (X.690, 11): what certificates, revocation lists and signed objects are put together
// from.
#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/tlv.hpp"

namespace crypto::der {

inline constexpr std::uint32_t kBoolean = 0x01, kInteger = 0x02, kBitString = 0x03, kOctetString = 0x04, kNull = 0x05,
                               kObjectIdentifier = 0x06, kUtf8String = 0x0C, kPrintableString = 0x13, kUtcTime = 0x17,
                               kGeneralizedTime = 0x18, kSequence = 0x30, kSet = 0x31;

// A constructed object of the parts, in their order.
Bytes constructed(std::uint32_t tag, std::initializer_list<ByteView> parts);
inline Bytes sequence(std::initializer_list<ByteView> parts) { return constructed(kSequence, parts); }
// The parts in DER's order for a SET OF.
Bytes set_of(std::vector<Bytes> parts);

Bytes integer(std::uint64_t value);
// A non-negative integer of these octets, whatever its leading octets are.
Bytes integer(ByteView magnitude);
Bytes octet_string(ByteView octets);
// A bit string of whole octets.
Bytes bit_string(ByteView octets);
// UTCTime until 2049, GeneralizedTime from 2050 on (RFC 5280, 4.1.2.5).
Bytes time(std::chrono::sys_seconds t);
Bytes generalized_time(std::chrono::sys_seconds t);

// Dotted text; empty for what is no object identifier.
Bytes object_identifier(std::string_view dotted);
std::string dotted(ByteView object_identifier);

}  // namespace crypto::der
