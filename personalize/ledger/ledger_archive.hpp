// SPDX-License-Identifier: Apache-2.0
// Owns the whole ledger as JSON lines, to move it between engines or to keep it elsewhere (docs/ledger.md, "Export").
#pragma once

#include <iosfwd>

#include "personalize/ledger/database.hpp"

namespace personalize {

struct TableCount {
  std::string table;
  std::int64_t rows = 0;
  friend bool operator==(const TableCount&, const TableCount&) = default;
};
using TableCounts = std::vector<TableCount>;

// All rows of all tables, as of one moment; stations may go on. What is sealed stays sealed;
// no_key where INNs of an older version are not.
Logged<TableCounts> export_ledger(Database& database, std::ostream& out);

enum class ArchiveFault : std::uint8_t {
  malformed,
  truncated,     // the last line, or a row that it counts, is not there
  other_schema,  // of another version
  not_empty,     // the ledger has rows: two ledgers are not mixed
  refused,       // by the database: `ledger` says why
};
struct ArchiveFailure {
  ArchiveFault fault{};
  std::uint64_t line = 0;
  LedgerFailure ledger{};
};

// Into an empty ledger, whole or not at all.
crypto::Result<TableCounts, ArchiveFailure> import_ledger(Database& database, std::istream& in);

}  // namespace personalize
