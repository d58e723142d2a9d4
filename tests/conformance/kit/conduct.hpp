// SPDX-License-Identifier: Apache-2.0
// Owns what the subcommands of patent-conform share: choosing cases, running them, reporting, the exit code.
#pragma once

#include <functional>

#include "crypto/tool/command_line.hpp"
#include "tests/conformance/kit/report.hpp"

namespace conformance {

// --only, --report, --out, --list, --quiet
[[nodiscard]] crypto::tool::options::options_description run_options();

// What a subcommand brings: nothing of it is touched for --list.
struct Suite {
  std::string standard;
  std::vector<Case> cases;  // in the order in which they must run
  // Prepares the object under test, and says what it is; leaves by crypto::tool::Stop when there is none.
  std::function<std::vector<std::pair<std::string, std::string>>()> begin;
};

// The subcommand behind its options: 0 all applicable cases passed, 1 not, 64 usage, 73 the report cannot be written,
// 130 stopped by Ctrl-C (what has run is reported).
crypto::tool::Exit conduct(const crypto::tool::Command& command, const crypto::tool::Arguments& arguments, Suite suite);

}  // namespace conformance
