// SPDX-License-Identifier: Apache-2.0
// Owns the port of the ledger's database: statements, rows and transactions that SQLite and PostgreSQL both understand.
// Only the ledger's own files include it; an engine's exceptions end in guarded().
#pragma once

#include <array>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

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
  template <class Enum>
  requires std::is_enum_v<Enum> Value(Enum name) : value_(static_cast<std::int64_t>(name)) {}
  Value(std::string_view text) : value_(text) {}
  Value(const std::string& text) : value_(std::string_view(text)) {}
  Value(const char* text) : value_(std::string_view(text)) {}
  Value(crypto::ByteView octets) : value_(octets) {}
  Value(const crypto::Bytes& octets) : value_(crypto::ByteView(octets)) {}
  template <class T>
  Value(const std::optional<T>& some) : value_(some ? Value(*some).value_ : Any()) {}
  [[nodiscard]] const auto& get() const { return value_; }  // monostate is NULL

private:
  using Any = std::variant<std::monostate, std::int64_t, std::string_view, crypto::ByteView>;
  Any value_;
};

// The rows of one query, one at a time. Keep it short, and let none live where a transaction ends.
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

enum class ColumnKind : std::uint8_t { number, text, octets };
struct Column {
  std::string name;
  ColumnKind kind{};
  bool in_key = false;  // the primary one
};

// One connection, for one thread at a time. Statements are in the SQL that both engines share: "?" for values,
// ON CONFLICT, RETURNING; they are kept prepared by their text, so values never stand in it.
class Database {
public:
  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  virtual ~Database() = default;

  // Everything done within `work` is durable when this returns, or undone: when work fails, throws, or the plug is
  // pulled. One in another one is a part of it that can fail alone. A statement that failed undoes the part it stands
  // in, even if work goes on and returns well. A server that went away undid it (unavailable), unless it did not come
  // back to say (in_doubt).
  Logged<void> transaction(const std::function<Logged<void>()>& work);
  // Reads only, and sees one moment however long it takes; keeps nobody from writing. Within a
  // transaction it is a part of that one.
  Logged<void> snapshot(const std::function<Logged<void>()>& work);

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
  std::int64_t run(std::string_view sql, const Values&... values) {
    const std::array<Value, sizeof...(Values)> list{Value(values)...};
    return run_list(sql, list);
  }
  std::int64_t run_list(std::string_view sql, std::span<const Value> values) {
    check();
    return execute(sql, values);
  }
  // Outside of a transaction it only reads: where the server was away it is asked again.
  template <class... Values>
  std::unique_ptr<Rows> query(std::string_view sql, const Values&... values) {
    const std::array<Value, sizeof...(Values)> list{Value(values)...};
    check();
    return select(sql, list);
  }
  // For what may be millions of rows: they are fetched by and by. Within a transaction or a snapshot only.
  template <class... Values>
  std::unique_ptr<Rows> stream(std::string_view sql, const Values&... values) {
    const std::array<Value, sizeof...(Values)> list{Value(values)...};
    check();
    if (depth_ == 0) throw DatabaseError{LedgerError::wrong_state};
    return select_by_and_by(sql, list);
  }
  // From here to the end of the transaction no other station passes this place: what is read afterwards is the newest,
  // and what is written follows it. For chains and numbers whose order counts.
  virtual void queue_up() = 0;

  // Several statements at once, without values.
  virtual void script(const std::string& sql) = 0;
  // What transaction() and snapshot() do first and last: for a database that stands before another one.
  virtual void begin(const char* words) { script(words); }
  virtual void commit() { script("COMMIT"); }
  virtual void roll_back() { script("ROLLBACK"); }
  // In the order they were made in.
  virtual std::vector<std::string> tables() = 0;
  virtual std::vector<Column> columns(std::string_view table) = 0;
  // After rows were entered with ids of their own: the next one's is higher.
  virtual void continue_ids(const std::string& table) = 0;

  // Whether several processes write at once, so that rows are to be locked: "FOR UPDATE SKIP LOCKED" is understood.
  [[nodiscard]] virtual bool is_shared() const = 0;
  // Names the database to people; no password is in it.
  [[nodiscard]] virtual const std::string& place() const = 0;
  [[nodiscard]] crypto::unexpected<LedgerFailure> failure(LedgerError error) const {
    return crypto::unexpected<LedgerFailure>({error, place(), {}});
  }

protected:
  // To be thrown: the transaction that it happened in will not be committed.
  DatabaseError failed(LedgerError error);
  [[nodiscard]] bool has_failed() const { return failed_.has_value(); }
  [[nodiscard]] bool in_transaction() const { return depth_ > 0; }

private:
  class Part;
  Logged<void> within(const char* begin, const std::function<Logged<void>()>& work);
  void check() const {
    if (failed_) throw DatabaseError{*failed_};
  }
  [[nodiscard]] virtual const char* begin_words() const = 0;
  [[nodiscard]] virtual const char* snapshot_words() const = 0;
  virtual std::int64_t execute(std::string_view sql, std::span<const Value> values) = 0;
  virtual std::unique_ptr<Rows> select(std::string_view sql, std::span<const Value> values) = 0;
  virtual std::unique_ptr<Rows> select_by_and_by(std::string_view sql, std::span<const Value> values) = 0;

  int depth_ = 0;
  std::optional<LedgerError> failed_;
};

enum class MissingDatabase : std::uint8_t { refuse, make };

// How long others who write are waited for before in_use; and a server that went away, before unavailable: the first
// time it is told, by the thread that waits.
struct Patience {
  std::chrono::milliseconds with_others = std::chrono::seconds(5);
  std::chrono::milliseconds with_server = std::chrono::seconds(60);
  std::function<void(const std::string& place)> tell = [](const auto&) {};
};

// `where`: a file's path (SQLite: write-ahead log, full sync), or "postgresql://..." (libpq's URI; a password comes
// from ~/.pgpass or a peer login, never from the URI: one in it is refused as wrong_state). Brings an older schema up
// to date. A server that is away now is not waited for.
Logged<std::unique_ptr<Database>> open_database(const std::string& where, MissingDatabase missing,
                                                const Patience& patience = {});

}  // namespace personalize
