// SPDX-License-Identifier: Apache-2.0
// Owns strict JSON: RFC 8259 as it stands, no comments, no member twice, no byte order mark, of a bearable depth.
#pragma once

#include <json/value.h>

#include <string>
#include <string_view>

#include "crypto/result.hpp"

namespace crypto {

inline constexpr int kMaxJsonDepth = 16;

// The error is for people: what is wrong, and where.
Result<Json::Value, std::string> parse_strict_json(std::string_view text, int depth = kMaxJsonDepth);

}  // namespace crypto
