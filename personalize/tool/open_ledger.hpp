// SPDX-License-Identifier: Apache-2.0
// Owns --ledger: what its text names, and how a command ends that the status authority's ledger refuses.
#pragma once

#include <type_traits>

#include "personalize/ledger/status_book.hpp"
#include "personalize/tool/command.hpp"

namespace personalize::tool {

options::options_description ledger_option(
    const char* meaning = "the ledger: a file, or postgresql://HOST/DATABASE where several stations share one");

// Throw Stop: where --ledger is missing, and where it names none that can be used.
std::unique_ptr<StatusLedger> open_ledger(const Arguments& arguments, PersonalData personal = PersonalData::locked());
std::unique_ptr<Database> open_ledger_database(const Arguments& arguments,
                                               MissingDatabase missing = MissingDatabase::refuse);
// The key of the ledger's personal data. Says on stderr what is wrong with it, and gives the exit code, when it cannot.
crypto::Result<PersonalData, Exit> open_personal_data(const crypto::TrustDomain& domain);
// Throws Stop, in the ledger's words.
[[noreturn]] void stop_for(const LedgerFailure& failure);

template <class T>
T must(Logged<T> result) {
  if (!result) stop_for(result.error());
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace personalize::tool
