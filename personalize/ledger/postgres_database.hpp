// SPDX-License-Identifier: Apache-2.0
// Owns one connection to a PostgreSQL server as a Database: its opening and opening again, prepared statements,
// cursors, and the server's failures as ours.
#pragma once

#include <pqxx/pqxx>
#include <unordered_map>

#include "personalize/ledger/database.hpp"

namespace personalize {

class PostgresDatabase final : public Database {
public:
  static bool is_uri(std::string_view where);
  static Logged<std::unique_ptr<Database>> open(const std::string& uri, MissingDatabase missing,
                                                const Patience& patience);
  ~PostgresDatabase() override;

  void queue_up() override;
  void script(const std::string& sql) override;
  void begin(const char* words) override;
  void commit() override;
  void roll_back() override;
  std::vector<std::string> tables() override;
  std::vector<Column> columns(std::string_view table) override;
  void continue_ids(const std::string& table) override;
  [[nodiscard]] bool is_shared() const override { return true; }
  [[nodiscard]] const std::string& place() const override { return place_; }

private:
  class Stream;
  struct Session {
    Session(const std::string& options, std::chrono::milliseconds patience, std::int64_t program);
    pqxx::connection connection;
    pqxx::quiet_errorhandler quiet;
    pqxx::nontransaction work;
    std::unordered_map<std::string, std::string> prepared;  // names, by text
  };

  PostgresDatabase(std::string place, std::string options, Patience patience);
  [[nodiscard]] const char* begin_words() const override { return "BEGIN"; }
  [[nodiscard]] const char* snapshot_words() const override {
    return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  }
  std::int64_t execute(std::string_view sql, std::span<const Value> values) override;
  std::unique_ptr<Rows> select(std::string_view sql, std::span<const Value> values) override;
  std::unique_ptr<Rows> select_by_and_by(std::string_view sql, std::span<const Value> values) override;

  pqxx::result result_of(std::string_view sql, std::span<const Value> values);
  [[nodiscard]] bool is_connected() const;
  Session& session();
  Session& connect();
  void commit_writes();
  [[nodiscard]] bool was_committed();
  // Runs what libpqxx throws from.
  template <class Work>
  auto translated(const Work& work) -> decltype(work());
  // What begins something, or only reads: tried once more where the connection was lost.
  template <class Work>
  auto tried_again(const Work& work) -> decltype(work());

  std::string place_;
  std::string options_;  // libpq's
  Patience patience_;
  std::int64_t program_;  // this connection's name among all, by chance
  std::optional<Session> session_;
  std::optional<std::chrono::steady_clock::time_point> away_since_;
  bool begun_ = false;   // a transaction
  bool writes_ = false;  // in it
  std::int64_t commits_ = 0;
  std::uint64_t streams_ = 0;
};

}  // namespace personalize
