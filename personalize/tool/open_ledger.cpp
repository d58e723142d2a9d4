// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/open_ledger.hpp"

#include <iostream>

#include "personalize/issue/words.hpp"

namespace personalize::tool {
namespace {

std::string named_ledger(const Arguments& arguments) {
  if (!arguments.given("ledger")) throw Stop(Exit::usage, "--ledger is missing");
  return arguments.text("ledger");
}

}  // namespace

options::options_description ledger_option(const char* meaning) {
  options::options_description description;
  description.add_options()("ledger", options::value<std::string>()->value_name("WHERE"), meaning);
  return description;
}

std::unique_ptr<StatusLedger> open_ledger(const Arguments& arguments, MissingDatabase missing) {
  return must(StatusBook::open(named_ledger(arguments), missing));
}

std::unique_ptr<Database> open_ledger_database(const Arguments& arguments, MissingDatabase missing) {
  Patience patience;
  patience.tell = [](const std::string& place) { std::cerr << place << " is away: waiting for it, up to a minute\n"; };
  return must(open_database(named_ledger(arguments), missing, patience));
}

void stop_for(const LedgerFailure& failure) { throw Stop(exit_of(failure), words_for(failure)); }

}  // namespace personalize::tool
