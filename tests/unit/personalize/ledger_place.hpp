// SPDX-License-Identifier: Apache-2.0
// Owns an empty place for a ledger, on either engine.
#pragma once

#include "personalize/ledger/schema.hpp"
#include "tests/postgres_server.hpp"
#include "tests/unit/personalize/ledger_sample.hpp"

namespace sample {

class LedgerPlace {
public:
  explicit LedgerPlace(personalize::Engine engine)
      : where_(engine == personalize::Engine::sqlite ? (folder_ / "ledger").string() : postgres::server().database()) {}
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] std::unique_ptr<personalize::Database> open(
      const personalize::Patience& patience = {}) const {
    return personalize::open_database(where_, personalize::MissingDatabase::make, patience).value();
  }

private:
  TemporaryFolder folder_;
  std::string where_;
};

}  // namespace sample
