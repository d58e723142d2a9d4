// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/sqlite_database.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "personalize/ledger/schema.hpp"

namespace personalize {
namespace {

// The ledger holds personal data: nobody else reads it, nor the files that SQLite puts beside it.
bool make_private(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  return descriptor >= 0 && ::close(descriptor) == 0;
}

LedgerError error_of(const SQLite::Exception& exception) {
  switch (exception.getErrorCode() & 0xFF) {  // without what makes it extended
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return LedgerError::in_use;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return LedgerError::corrupt;
    case SQLITE_CONSTRAINT: return LedgerError::wrong_state;
    default: return LedgerError::storage;
  }
}

struct Binding {
  SQLite::Statement& statement;
  std::string& kept;
  int place;
  void operator()(std::monostate) const { statement.bind(place); }
  void operator()(std::int64_t number) const { statement.bind(place, number); }
  void operator()(std::string_view text) const {
    kept = text;
    statement.bindNoCopy(place, kept);
  }
  void operator()(crypto::ByteView octets) const {
    // No octets are not NULL.
    statement.bind(place, octets.empty() ? "" : static_cast<const void*>(octets.data()),
                   static_cast<int>(octets.size()));
  }
};

// SQLite waits for nobody here: of several that open a new file, one makes the log and the others are told "busy".
void keep_write_ahead_log(SQLite::Database& database, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kBetween{10};
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (const SQLite::Exception& e) {
      if (error_of(e) != LedgerError::in_use || std::chrono::steady_clock::now() >= end) throw;
    }
    std::this_thread::sleep_for(kBetween);
  }
}

// A statement in use. It is reset with its scope: one that stands open keeps others from writing.
class Use {
public:
  Use(KeptStatements& idle, KeptStatements::node_type node) : idle_(idle), node_(std::move(node)) {}
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() {
    node_.mapped().statement.tryReset();
    idle_.insert(std::move(node_));
  }
  [[nodiscard]] SQLite::Statement& statement() { return node_.mapped().statement; }
  [[nodiscard]] SQLite::Column column(int number) const { return node_.mapped().statement.getColumn(number); }

private:
  KeptStatements& idle_;
  KeptStatements::node_type node_;
};

}  // namespace

template <class Work>
auto SqliteDatabase::translated(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& e) {
    throw failed(error_of(e));
  }
}

namespace {

class SqliteRows final : public Rows {
public:
  SqliteRows(SqliteDatabase& database, KeptStatements& idle, KeptStatements::node_type node)
      : database_(database), use_(idle, std::move(node)) {}
  bool next() override {
    return database_.translated([&] { return !use_.statement().isDone() && use_.statement().executeStep(); });
  }
  [[nodiscard]] bool is_null(int column) const override { return use_.column(column).isNull(); }
  [[nodiscard]] std::int64_t number(int column) const override { return use_.column(column).getInt64(); }
  [[nodiscard]] std::string text(int column) const override { return use_.column(column).getString(); }
  [[nodiscard]] crypto::Bytes octets(int column) const override {
    const auto octets = use_.column(column).getString();
    return {octets.begin(), octets.end()};
  }

private:
  SqliteDatabase& database_;
  mutable Use use_;
};

}  // namespace

SqliteDatabase::SqliteDatabase(const std::filesystem::path& file, std::chrono::milliseconds patience)
    : file_(file.string()),
      database_(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, static_cast<int>(patience.count())) {
  keep_write_ahead_log(database_, patience);
  database_.exec("PRAGMA synchronous = FULL");
  database_.exec("PRAGMA foreign_keys = ON");
  database_.exec("PRAGMA secure_delete = ON");   // what is deleted is overwritten
  database_.exec("PRAGMA cache_size = -65536");  // KiB: an import looks all over the table of cards
}

Logged<std::unique_ptr<Database>> SqliteDatabase::open(const std::filesystem::path& file, MissingDatabase missing,
                                                       std::chrono::milliseconds patience) {
  const auto refuse = [&](LedgerError error) {
    return crypto::unexpected<LedgerFailure>({error, file.string(), std::string()});
  };
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    if (missing == MissingDatabase::refuse) return refuse(LedgerError::not_found);
    if (!make_private(file)) return refuse(LedgerError::storage);
  }
  std::unique_ptr<Database> database;
  try {
    database.reset(new SqliteDatabase(file, patience));
  } catch (const SQLite::Exception& e) {
    return refuse(error_of(e));
  }
  PATENT_TRY_VOID(migrate(*database, Engine::sqlite, missing));
  return database;
}

void SqliteDatabase::script(const std::string& sql) {
  translated([&] { database_.exec(sql); });
}

std::vector<std::string> SqliteDatabase::tables() {
  const auto rows =
      query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
  std::vector<std::string> names;
  while (rows->next()) names.push_back(rows->text(0));
  return names;
}

std::vector<Column> SqliteDatabase::columns(std::string_view table) {
  const auto rows = query("SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", table);
  std::vector<Column> columns;
  while (rows->next()) {
    const auto type = rows->text(1);
    columns.push_back({.name = rows->text(0),
                       .kind = type == "INTEGER" ? ColumnKind::number
                               : type == "BLOB"  ? ColumnKind::octets
                                                 : ColumnKind::text,
                       .in_key = rows->number(2) != 0});
  }
  return columns;
}

KeptStatements::node_type SqliteDatabase::statement(std::string_view sql, std::span<const Value> values) {
  auto found = idle_.find(sql);
  if (found == idle_.end()) {
    std::string text(sql);
    SQLite::Statement made(database_, text);
    found = idle_.emplace(std::move(text), KeptStatement{std::move(made), {}});
  }
  auto node = idle_.extract(found);
  auto& [statement, texts] = node.mapped();
  texts.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    std::visit(Binding{statement, texts[i], static_cast<int>(i) + 1}, values[i].get());
  return node;
}

std::int64_t SqliteDatabase::execute(std::string_view sql, std::span<const Value> values) {
  return translated([&]() -> std::int64_t {
    Use use(idle_, statement(sql, values));
    while (use.statement().executeStep()) {
    }
    return database_.getChanges();
  });
}

std::unique_ptr<Rows> SqliteDatabase::select(std::string_view sql, std::span<const Value> values) {
  return translated([&] { return std::make_unique<SqliteRows>(*this, idle_, statement(sql, values)); });
}

}  // namespace personalize
