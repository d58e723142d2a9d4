// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/open_ledger.hpp"

#include "personalize/issue/words.hpp"

namespace personalize::tool {

options::options_description ledger_option(const char* meaning) {
  options::options_description description;
  description.add_options()("ledger", options::value<std::string>()->value_name("WHERE"), meaning);
  return description;
}

std::unique_ptr<StatusLedger> open_ledger(const Arguments& arguments, MissingDatabase missing) {
  if (!arguments.given("ledger")) throw Stop(Exit::usage, "--ledger is missing");
  return must(StatusBook::open(arguments.text("ledger"), missing));
}

void stop_for(const LedgerFailure& failure) { throw Stop(exit_of(failure), words_for(failure)); }

}  // namespace personalize::tool
