// SPDX-License-Identifier: Apache-2.0
// Owns the words about logs of checks: why one cannot be used, and what is wrong with one.
#pragma once

#include "reader/report/check_log.hpp"
#include "reader/tool/command.hpp"

namespace reader::tool {

Stop stop(LogError error, const std::string& file);
std::string_view name_of(LogFault fault);
std::string sentence(const LogProblem& problem, Language language);

}  // namespace reader::tool
