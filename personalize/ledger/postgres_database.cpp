// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/postgres_database.hpp"

#include <fmt/core.h>
#include <libpq-fe.h>
#include <poll.h>

#include <random>
#include <thread>

#include "personalize/ledger/schema.hpp"

namespace personalize {
namespace {

// By SQLSTATE, its class first (PostgreSQL 15, appendix A).
LedgerError error_of(std::string_view state) {
  if (state == "40001" || state == "40P01" || state == "55P03" || state == "57014") return LedgerError::in_use;
  if (state.starts_with("08") || state.starts_with("57P")) return LedgerError::unavailable;
  if (state.starts_with("23")) return LedgerError::wrong_state;
  if (state.starts_with("XX")) return LedgerError::corrupt;
  return LedgerError::storage;
}

// Values as libpq takes them: text, or nothing.
class Parameters {
public:
  explicit Parameters(std::span<const Value> values) {
    for (const auto& value : values)
      texts_.push_back(std::visit([](const auto& some) { return text_of(some); }, value.get()));
    for (const auto& text : texts_) pointers_.push_back(text ? text->c_str() : nullptr);
  }
  [[nodiscard]] auto list() const { return pqxx::prepare::make_dynamic_params(pointers_); }

private:
  using Text = std::optional<std::string>;
  static Text text_of(std::monostate) { return std::nullopt; }
  static Text text_of(std::int64_t number) { return std::to_string(number); }
  static Text text_of(std::string_view text) {
    // PostgreSQL has no such text, and libpq would cut it short.
    if (text.find('\0') != std::string_view::npos) throw DatabaseError{LedgerError::wrong_state};
    return std::string(text);
  }
  static Text text_of(crypto::ByteView octets) { return "\\x" + crypto::to_hex(octets); }

  std::vector<Text> texts_;
  std::vector<const char*> pointers_;
};

// "?" becomes $1, $2, ..., but not within quotes.
std::string numbered(std::string_view sql) {
  std::string out;
  int number = 0;
  bool quoted = false;
  for (const char c : sql) {
    if (c == '\'') quoted = !quoted;
    if (c == '?' && !quoted)
      out += '$' + std::to_string(++number);
    else
      out += c;
  }
  return out;
}

class FetchedRows : public Rows {
public:
  explicit FetchedRows(pqxx::result result) : result_(std::move(result)) {}
  bool next() override { return ++row_ <= result_.size(); }
  [[nodiscard]] bool is_null(int column) const override { return field(column).is_null(); }
  [[nodiscard]] std::int64_t number(int column) const override {
    return is_null(column) ? 0 : field(column).as<std::int64_t>();
  }
  [[nodiscard]] std::string text(int column) const override {
    const auto value = field(column);
    return {value.c_str(), value.size()};
  }
  [[nodiscard]] crypto::Bytes octets(int column) const override {
    if (is_null(column)) return {};
    const pqxx::binarystring value(field(column));
    return {value.begin(), value.end()};
  }

protected:
  void replace(pqxx::result result) {
    result_ = std::move(result);
    row_ = 0;
  }
  [[nodiscard]] bool is_empty() const { return result_.empty(); }

private:
  [[nodiscard]] pqxx::field field(int column) const { return result_[row_ - 1][column]; }

  pqxx::result result_;
  pqxx::result::size_type row_ = 0;
};

// Without user, password and options.
std::string place_of(std::string_view uri) {
  const auto scheme = uri.find("://") + 3;
  const auto end = std::min(uri.find('?'), uri.size());
  const auto user = uri.substr(0, end).rfind('@');
  const auto host = user == std::string_view::npos || user < scheme ? scheme : user + 1;
  return "postgresql://" + std::string(uri.substr(host, end - host));
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "' ";
}

// As libpq reads the URI, and what we add unless it says otherwise; nothing when it is malformed or has a password. A
// machine that lost its power says no farewell: who waits for its answer asks whether it is there. Of several machines
// a standby may not have heard of a commit yet, and takes none.
std::optional<std::string> options_of(const std::string& uri, std::chrono::milliseconds patience) {
  struct Free {
    void operator()(PQconninfoOption* list) const { PQconninfoFree(list); }
  };
  const std::unique_ptr<PQconninfoOption, Free> list(PQconninfoParse(uri.c_str(), nullptr));
  if (!list) return std::nullopt;
  const auto seconds = std::max<std::int64_t>(2, std::chrono::ceil<std::chrono::seconds>(patience).count());
  std::string out = fmt::format("connect_timeout={} tcp_user_timeout=30000 ", seconds);
  out += "keepalives_idle=10 keepalives_interval=10 keepalives_count=3 ";
  out += "application_name=patent-card-toolkit client_encoding=UTF8 target_session_attrs=read-write ";
  for (const auto* option = list.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view keyword = option->keyword;
    if (keyword == "password" || keyword == "sslpassword") return std::nullopt;
    out += fmt::format("{}={}", keyword, quoted(option->val));  // of two, the last one counts
  }
  return out;
}

constexpr std::chrono::milliseconds kLookAgain{200};

// The server has ended what goes over this socket.
bool was_hung_up(int socket) {
  pollfd state{socket, POLLRDHUP, 0};
  return ::poll(&state, 1, 0) > 0;
}

}  // namespace

// A commit waits for the disk, whatever the server's habit; a station that hangs in a transaction loses it, and with it
// what others wait for. The lock is had when the connection before this one has ended on the server as well, with all
// that it did; the server may not know yet that nobody is there any more.
PostgresDatabase::Session::Session(const std::string& options, std::chrono::milliseconds patience, std::int64_t program)
    : connection(options), quiet(connection), work(connection) {
  work.exec(
      fmt::format("SET client_min_messages = error; SET lock_timeout = {}; "
                  "SET idle_in_transaction_session_timeout = '60s'; SELECT set_config('synchronous_commit', "
                  "'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')",
                  patience.count()));
  work.exec(
      fmt::format("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND "
                  "objsubid = 1 AND (classid::bigint << 32 | objid::bigint) = {0}; SELECT pg_advisory_lock({0})",
                  program));
}

PostgresDatabase::PostgresDatabase(std::string place, std::string options, Patience patience)
    : place_(std::move(place)), options_(std::move(options)), patience_(std::move(patience)) {
  std::random_device chance;
  program_ = (std::int64_t{chance()} << 31) ^ chance();
}

PostgresDatabase::~PostgresDatabase() {
  try {
    if (commits_ > 0 && is_connected())
      session_->work.exec(
          fmt::format("SET synchronous_commit = off; DELETE FROM last_commit WHERE program = {}", program_));
  } catch (const pqxx::failure&) {  // a row that nobody will ask for
  }
}

template <class Work>
auto PostgresDatabase::translated(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const pqxx::sql_error& e) {
    throw failed(is_connected() ? error_of(e.sqlstate()) : LedgerError::unavailable);
  } catch (const pqxx::transaction_rollback&) {  // serialization failures and deadlocks
    throw failed(LedgerError::in_use);
  } catch (const pqxx::broken_connection&) {
    throw failed(LedgerError::unavailable);
  } catch (const pqxx::failure&) {
    throw failed(LedgerError::storage);
  }
}

template <class Work>
auto PostgresDatabase::tried_again(const Work& work) -> decltype(work()) {
  return translated([&] {
    try {
      return work();
    } catch (const pqxx::failure&) {
      if (begun_ || !session_ || is_connected()) throw;
    }
    return work();
  });
}

bool PostgresDatabase::is_connected() const { return session_ && session_->connection.is_open(); }

// A new connection in the place of a lost one, but never in the midst of a transaction: its first half would be gone.
PostgresDatabase::Session& PostgresDatabase::session() {
  if (begun_) {
    if (!is_connected()) throw failed(LedgerError::unavailable);
    return *session_;
  }
  return is_connected() && !was_hung_up(session_->connection.sock()) ? *session_ : connect();
}

// A server that was there before is waited for: it may be restarting.
PostgresDatabase::Session& PostgresDatabase::connect() {
  const bool is_first = !session_ && !away_since_;
  for (;;) try {
      session_.reset();
      session_.emplace(options_, patience_.with_others, program_);
      away_since_.reset();
      return *session_;
    } catch (const pqxx::failure&) {
      const auto now = std::chrono::steady_clock::now();
      if (is_first) throw;
      if (!away_since_) patience_.tell(place_);
      if (!away_since_) away_since_ = now;
      if (now - *away_since_ >= patience_.with_server) throw;
      std::this_thread::sleep_for(kLookAgain);
    }
}

class PostgresDatabase::Stream final : public FetchedRows {
public:
  Stream(PostgresDatabase& database, std::string name) : FetchedRows({}), database_(database), name_(std::move(name)) {}
  ~Stream() override {
    try {
      if (!database_.has_failed()) database_.script("CLOSE " + name_);
    } catch (const DatabaseError&) {  // remembered by the transaction
    }
  }
  bool next() override {
    if (FetchedRows::next()) return true;
    if (ended_) return false;
    replace(database_.translated([&] { return database_.session().work.exec("FETCH 1000 FROM " + name_); }));
    ended_ = is_empty();
    return FetchedRows::next();
  }

private:
  PostgresDatabase& database_;
  std::string name_;
  bool ended_ = false;
};

bool PostgresDatabase::is_uri(std::string_view where) {
  return where.starts_with("postgresql://") || where.starts_with("postgres://");
}

Logged<std::unique_ptr<Database>> PostgresDatabase::open(const std::string& uri, MissingDatabase missing,
                                                         const Patience& patience) {
  auto options = options_of(uri, patience.with_others);
  if (!options)
    return crypto::unexpected<LedgerFailure>(
        {LedgerError::wrong_state, place_of(uri) + " (no password may stand in a URI: ~/.pgpass has it)", {}});
  std::unique_ptr<Database> database(new PostgresDatabase(place_of(uri), *std::move(options), patience));
  PATENT_TRY_VOID(migrate(*database, Engine::postgres, missing));
  return database;
}

void PostgresDatabase::queue_up() {
  constexpr std::int64_t kOurs = 0x706174656E74;  // among the database's advisory locks
  execute("SELECT pg_advisory_xact_lock(?)", std::array{Value(kOurs)});
}

void PostgresDatabase::begin(const char* words) {
  tried_again([&] { session().work.exec(words); });
  begun_ = true;
  writes_ = std::string_view(words) == begin_words();
}

void PostgresDatabase::commit() {
  writes_ ? commit_writes() : script("COMMIT");
  begun_ = false;
}

// With a number of its own, where it changed anything: who loses the connection before the answer asks for it.
void PostgresDatabase::commit_writes() {
  ++commits_;
  translated([&] {
    try {
      session().work.exec(
          fmt::format("INSERT INTO last_commit (program, number) SELECT {}, {} "
                      "WHERE pg_current_xact_id_if_assigned() IS NOT NULL "
                      "ON CONFLICT (program) DO UPDATE SET number = excluded.number; COMMIT",
                      program_, commits_));
    } catch (const pqxx::failure&) {
      if (is_connected() || !was_committed()) throw;
    }
  });
}

// Once there is a connection again, the one before has ended, and what it did is decided.
bool PostgresDatabase::was_committed() {
  try {
    const auto rows = connect().work.exec(fmt::format("SELECT number FROM last_commit WHERE program = {}", program_));
    return !rows.empty() && rows[0][0].as<std::int64_t>() == commits_;
  } catch (const pqxx::failure&) {
    throw failed(LedgerError::in_doubt);
  }
}

// What was lost is undone.
void PostgresDatabase::roll_back() {
  begun_ = false;
  if (is_connected()) script("ROLLBACK");
}

void PostgresDatabase::script(const std::string& sql) {
  translated([&] { session().work.exec(sql); });
}

std::vector<std::string> PostgresDatabase::tables() {
  const auto rows = query(
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY "
      "oid");
  std::vector<std::string> names;
  while (rows->next()) names.push_back(rows->text(0));
  return names;
}

std::vector<Column> PostgresDatabase::columns(std::string_view table) {
  const auto rows = query(
      "SELECT attname, format_type(atttypid, NULL), CASE WHEN attnum = ANY (indkey) THEN 1 ELSE 0 END "
      "FROM pg_attribute LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary "
      "WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
      table);
  std::vector<Column> columns;
  while (rows->next()) {
    const auto type = rows->text(1);
    columns.push_back({.name = rows->text(0),
                       .kind = type == "bigint"  ? ColumnKind::number
                               : type == "bytea" ? ColumnKind::octets
                                                 : ColumnKind::text,
                       .in_key = rows->number(2) != 0});
  }
  return columns;
}

void PostgresDatabase::continue_ids(const std::string& table) {
  script("SELECT setval(pg_get_serial_sequence('" + table + "', 'id'), MAX(id)) FROM " + table);
}

pqxx::result PostgresDatabase::result_of(std::string_view sql, std::span<const Value> values) {
  auto& [connection, quiet, work, prepared] = session();
  const auto [known, is_new] = prepared.try_emplace(std::string(sql), fmt::format("s{}", prepared.size()));
  if (is_new) connection.prepare(known->second, numbered(sql));
  return work.exec_prepared(known->second, Parameters(values).list());
}

// Alone it is a transaction too: where the answer is lost, it is asked for.
std::int64_t PostgresDatabase::execute(std::string_view sql, std::span<const Value> values) {
  if (begun_) return translated([&] { return static_cast<std::int64_t>(result_of(sql, values).affected_rows()); });
  std::int64_t changed = 0;
  const auto done = transaction([&]() -> Logged<void> {
    changed = execute(sql, values);
    return {};
  });
  if (!done) throw DatabaseError{done.error().error};
  return changed;
}

std::unique_ptr<Rows> PostgresDatabase::select(std::string_view sql, std::span<const Value> values) {
  return tried_again([&] { return std::make_unique<FetchedRows>(result_of(sql, values)); });
}

std::unique_ptr<Rows> PostgresDatabase::select_by_and_by(std::string_view sql, std::span<const Value> values) {
  auto name = fmt::format("stream_{}", ++streams_);
  translated([&] {
    session().work.exec_params(fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", name, numbered(sql)),
                               Parameters(values).list());
  });
  return std::make_unique<Stream>(*this, std::move(name));
}

}  // namespace personalize
