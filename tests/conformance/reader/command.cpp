// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/reader/command.hpp"

#include "tests/conformance/kit/conduct.hpp"
#include "tests/conformance/reader/cases.hpp"

namespace conformance {

crypto::tool::Exit run_reader(const crypto::tool::Command& command, const crypto::tool::Words& words) {
  crypto::tool::Arguments arguments(command, run_options(), {});
  if (const auto exit = arguments.read(words)) return *exit;
  Suite suite;
  suite.standard = "BSI TR-03105 Part 5.1 V1.5, inspection systems, and liars of our own";
  suite.cases = reader_cases();
  suite.begin = [] { return std::vector<std::pair<std::string, std::string>>{{"Object", "libpatentreader"}}; };
  return conduct(command, arguments, std::move(suite));
}

}  // namespace conformance
