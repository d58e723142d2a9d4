// SPDX-License-Identifier: Apache-2.0
// Owns the way from BER to what the rest of this folder reads: definite lengths and undivided octet strings (X.690,
// 8.1.3.6 and 8.7). Some states' security objects and master lists come from writers that stream.
#pragma once

#include "crypto/tlv.hpp"

namespace crypto {

inline constexpr std::size_t kMaxBerDepth = 24;  // a curve spelt out in a signer's certificate lies at 12

// Exactly one object, in which only those two forms are written anew: signatures are over octets, and what is in
// definite form stays as it is to the octet.
Result<Bytes, TlvError> with_definite_lengths(ByteView ber);

}  // namespace crypto
