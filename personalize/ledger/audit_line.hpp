// SPDX-License-Identifier: Apache-2.0
// Owns the one form of a line of the audit chain (docs/audit.md): compact JSON with its members sorted.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace personalize {

struct AuditLine {
  std::int64_t number = 0;
  std::string station;
  std::chrono::sys_seconds at{};
  std::string what;
  std::string operator_name;
  std::map<std::string, std::string> facts;
};

// Signs all lines before it: fact "cms".
inline constexpr std::string_view kSignatureLine = "signature";

std::string to_line(const AuditLine& line);
// Nothing for what to_line() does not write.
std::optional<AuditLine> read_audit_line(std::string_view text);

}  // namespace personalize
