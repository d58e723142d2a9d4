// SPDX-License-Identifier: Apache-2.0
// Owns base64 (RFC 4648, 4), strict: padding required, no line breaks, unused bits zero.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.hpp"

namespace reader {

std::string to_base64(crypto::ByteView octets);
std::optional<crypto::Bytes> from_base64(std::string_view text);

}  // namespace reader
