// SPDX-License-Identifier: Apache-2.0
// Owns one SQLite file, for one thread at a time: its opening and migrations, kept statements, transactions, and
// SQLite's failures as ours.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <map>
#include <memory>

#include "personalize/ledger/sqlite_ledger.hpp"

namespace personalize {

// A statement in use. It is reset with its scope: one that stands open keeps others from writing.
class Query {
public:
  template <class... Values>
  explicit Query(SQLite::Statement& statement, const Values&... values) : statement_(statement) {
    int place = 0;
    (bind(++place, values), ...);
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { statement_.tryReset(); }

  bool next() { return statement_.executeStep(); }
  [[nodiscard]] std::int64_t number(int column) const { return statement_.getColumn(column).getInt64(); }
  [[nodiscard]] std::string text(int column) const { return statement_.getColumn(column).getString(); }

private:
  void bind(int place, std::string_view text) { statement_.bind(place, std::string(text)); }
  void bind(int place, const std::string& text) { statement_.bind(place, text); }
  void bind(int place, const std::optional<std::int64_t>& number) {
    if (number) return statement_.bind(place, *number);
    statement_.bind(place);  // NULL
  }
  void bind(int place, std::int64_t number) { statement_.bind(place, number); }

  SQLite::Statement& statement_;
};

class SqliteDatabase {
public:
  // Write-ahead log, synchronous: what was committed survives a pulled plug.
  static Logged<std::unique_ptr<SqliteDatabase>> open(const std::filesystem::path& file, MissingFile missing,
                                                      std::chrono::milliseconds patience);

  // All use of SQLite stands in here: its exceptions end here.
  template <class Work>
  auto guarded(const Work& work) -> decltype(work()) {
    try {
      return work();
    } catch (const SQLite::Exception& e) {
      return failure(e);
    }
  }
  // One in another one is a part of it that can fail alone.
  Logged<void> transaction(const std::function<Logged<void>()>& work);

  // `sql` is a literal: its address names the statement. How many rows it changed.
  template <class... Values>
  int run(const char* sql, const Values&... values) {
    Query query(statement(sql), values...);
    query.next();
    return database_.getChanges();
  }
  SQLite::Statement& statement(const char* sql);

  [[nodiscard]] crypto::unexpected<LedgerFailure> failure(LedgerError error) const;

private:
  SqliteDatabase(const std::filesystem::path& file, std::chrono::milliseconds patience);
  Logged<void> migrate();
  Logged<std::size_t> version();
  [[nodiscard]] crypto::unexpected<LedgerFailure> failure(const SQLite::Exception& exception) const;

  std::string file_;
  SQLite::Database database_;
  std::map<const char*, SQLite::Statement> statements_;
  bool in_transaction_ = false;
};

}  // namespace personalize
