// SPDX-License-Identifier: Apache-2.0
// Owns base64 in its two alphabets (RFC 4648, 4 and 5), strict: no line breaks, unused bits zero.
#pragma once

#include "crypto/bytes.hpp"

namespace crypto {

// With padding, which from_base64 requires.
std::string to_base64(ByteView octets);
std::optional<Bytes> from_base64(std::string_view text);
// Without padding, as JOSE has it (RFC 7515, 2).
std::string to_base64url(ByteView octets);
std::optional<Bytes> from_base64url(std::string_view text);

}  // namespace crypto
