// SPDX-License-Identifier: Apache-2.0
// Owns the port of the ledger's database: statements, rows and transactions that SQLite and PostgreSQL both understand.
// Only the ledger's own files include it; an engine's exceptions end in guarded().
#pragma once

#include <array>
#include <concepts>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "crypto/bytes.hpp"
#include "personalize/ledger/ledger.hpp"

namespace personalize {

// An engine's failure, within guarded().
struct DatabaseError {
  LedgerError error{};
};

// What stands for a "?" of a statement. Views last until the call returns.
class Value {
public:
  Value(std::nullopt_t) {}
  Value(std::integral auto number) : value_(static_cast<std::int64_t>(number)) {}
  Value(std::string_view text) : value_(text) {}
  Value(const std::string& text) : value_(std::string_view(text)) {}
  Value(const char* text) : value_(std::string_view(text)) {}
  Value(crypto::ByteView octets) : value_(octets) {}
  Value(const crypto::Bytes& octets) : value_(crypto::ByteView(octets)) {}
  Value(const std::optional<std::int64_t>& number) {
    if (number) value_ = *number;
  }
  [[nodiscard]] const auto& get() const { return value_; }  // monostate is NULL

private:
  std::variant<std::monostate, std::int64_t, std::string_view, crypto::ByteView> value_;
};

// The rows of one query, one at a time. While it lives, no other statement runs in SQLite's place; keep it short.
class Rows {
public:
  Rows() = default;
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  virtual ~Rows() = default;
  virtual bool next() = 0;
  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t number(int column) const = 0;
  [[nodiscard]] virtual std::string text(int column) const = 0;
  [[nodiscard]] virtual crypto::Bytes octets(int column) const = 0;
};

// One connection, for one thread at a time. Statements are literals (their address names the prepared statement) in
// the SQL that both engines share: "?" for values, ON CONFLICT, RETURNING.
class Database {
public:
  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  virtual ~Database() = default;

  // Everything done within `work` is durable when this returns, or undone. One in another one is a part of it that can
  // fail alone.
  virtual Logged<void> transaction(const std::function<Logged<void>()>& work) = 0;

  // The rest throws DatabaseError, and stands in guarded().
  template <class Work>
  auto guarded(const Work& work) -> decltype(work()) {
    try {
      return work();
    } catch (const DatabaseError& e) {
      return failure(e.error);
    }
  }
  // How many rows it changed.
  template <class... Values>
  std::int64_t run(const char* sql, const Values&... values) {
    const std::array<Value, sizeof...(Values)> list{Value(values)...};
    return execute(sql, list);
  }
  template <class... Values>
  std::unique_ptr<Rows> query(const char* sql, const Values&... values) {
    const std::array<Value, sizeof...(Values)> list{Value(values)...};
    return select(sql, list);
  }
  virtual std::int64_t execute(const char* sql, std::span<const Value> values) = 0;
  virtual std::unique_ptr<Rows> select(const char* sql, std::span<const Value> values) = 0;

  // Whether several processes write at once, so that rows are to be locked: "FOR UPDATE SKIP LOCKED" is understood.
  [[nodiscard]] virtual bool is_shared() const = 0;
  // Names the database to people; no password is in it.
  [[nodiscard]] virtual const std::string& place() const = 0;
  [[nodiscard]] crypto::unexpected<LedgerFailure> failure(LedgerError error) const {
    return crypto::unexpected<LedgerFailure>({error, place(), {}});
  }
};

enum class MissingDatabase : std::uint8_t { refuse, make };

// `where`: a file's path (SQLite: write-ahead log, full sync), or "postgresql://..." (libpq's URI; a password comes
// from ~/.pgpass or a peer login, never from the URI: one in it is refused as wrong_state). Brings an older schema up
// to date. `patience`: how long to wait for others who write, before in_use.
Logged<std::unique_ptr<Database>> open_database(std::string_view where, MissingDatabase missing,
                                                std::chrono::milliseconds patience = std::chrono::seconds(5));

}  // namespace personalize
