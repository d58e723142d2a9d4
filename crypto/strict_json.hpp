// SPDX-License-Identifier: Apache-2.0
// Owns strict JSON: RFC 8259 as it stands, no comments, no member twice, no byte order mark, of a bearable depth.
#pragma once

#include <json/value.h>

#include <optional>
#include <string_view>

namespace crypto {

inline constexpr int kMaxJsonDepth = 16;

std::optional<Json::Value> parse_strict_json(std::string_view text, int depth = kMaxJsonDepth);

}  // namespace crypto
