// SPDX-License-Identifier: Apache-2.0
// Owns the digest by which texts and files are known again: SHA-256 in hexadecimal.
#pragma once

#include <string>

#include "crypto/bytes.hpp"

namespace crypto {

// Empty when the library below fails.
std::string sha256_text(ByteView content);

}  // namespace crypto
