// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/open_ledger.hpp"

#include <fmt/format.h>

#include <iostream>

#include "personalize/issue/words.hpp"

namespace personalize::tool {
namespace {

std::string named_ledger(const Arguments& arguments) {
  if (!arguments.given("ledger")) throw Stop(Exit::usage, "--ledger is missing");
  return arguments.text("ledger");
}

template <class T>
T must_open(Logged<T> opened) {
  if (!opened && opened.error().error == LedgerError::not_found)
    throw Stop(Exit::bad_input, "there is no ledger " + opened.error().where);
  return must(std::move(opened));
}

}  // namespace

options::options_description ledger_option(const char* meaning) {
  options::options_description description;
  description.add_options()("ledger", options::value<std::string>()->value_name("WHERE"), meaning);
  return description;
}

std::unique_ptr<StatusLedger> open_ledger(const Arguments& arguments, PersonalData personal) {
  return must_open(StatusBook::open(named_ledger(arguments), MissingDatabase::refuse, std::move(personal)));
}

crypto::Result<PersonalData, Exit> open_personal_data(const crypto::TrustDomain& domain) {
  const auto master = domain.vault().master_key(crypto::kLedgerKey);
  if (!master && master.error() == crypto::CryptoError::not_found)
    return crypto::unexpected<Exit>(
        complain(fmt::format("the domain has no key for the ledger's personal data: patent-pki new ledger {} makes one",
                             domain.folder().string()),
                 Exit::bad_input));
  if (!master) return crypto::unexpected<Exit>(report({master.error(), crypto::kLedgerKey}));
  auto personal = PersonalData::open(**master);
  if (!personal) return crypto::unexpected<Exit>(report({personal.error(), crypto::kLedgerKey}));
  return *std::move(personal);
}

std::unique_ptr<Database> open_ledger_database(const Arguments& arguments, MissingDatabase missing) {
  Patience patience;
  patience.tell = [](const std::string& place) { std::cerr << place << " is away: waiting for it, up to a minute\n"; };
  return must_open(open_database(named_ledger(arguments), missing, patience));
}

void stop_for(const LedgerFailure& failure) { throw Stop(exit_of(failure), words_for(failure)); }

}  // namespace personalize::tool
