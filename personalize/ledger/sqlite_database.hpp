// SPDX-License-Identifier: Apache-2.0
// Owns one SQLite file as a Database: its opening, kept statements, and SQLite's failures as ours.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <filesystem>
#include <map>

#include "personalize/ledger/database.hpp"

namespace personalize {

// The texts bound to it stand beside it: SQLite need not copy them, nor a statement run a million times make room anew.
struct KeptStatement {
  SQLite::Statement statement;
  std::vector<std::string> texts;  // by place
};
// Idle ones; one in use is taken out, so that the same query may be open twice.
using KeptStatements = std::multimap<std::string, KeptStatement, std::less<>>;

class SqliteDatabase final : public Database {
public:
  // Write-ahead log, synchronous: what was committed survives a pulled plug.
  static Logged<std::unique_ptr<Database>> open(const std::filesystem::path& file, MissingDatabase missing,
                                                std::chrono::milliseconds patience);

  void queue_up() override {}  // who writes is alone already
  void script(const std::string& sql) override;
  std::vector<std::string> tables() override;
  std::vector<Column> columns(std::string_view table) override;
  void continue_ids(const std::string&) override {}
  [[nodiscard]] bool is_shared() const override { return false; }
  [[nodiscard]] const std::string& place() const override { return file_; }

  // Runs what SQLiteCpp throws from.
  template <class Work>
  auto translated(const Work& work) -> decltype(work());

private:
  SqliteDatabase(const std::filesystem::path& file, std::chrono::milliseconds patience);
  [[nodiscard]] const char* begin_words() const override { return "BEGIN IMMEDIATE"; }
  [[nodiscard]] const char* snapshot_words() const override { return "BEGIN"; }
  std::int64_t execute(std::string_view sql, std::span<const Value> values) override;
  std::unique_ptr<Rows> select(std::string_view sql, std::span<const Value> values) override;
  std::unique_ptr<Rows> select_by_and_by(std::string_view sql, std::span<const Value> values) override {
    return select(sql, values);
  }
  KeptStatements::node_type statement(std::string_view sql, std::span<const Value> values);

  std::string file_;
  SQLite::Database database_;
  KeptStatements idle_;
};

}  // namespace personalize
