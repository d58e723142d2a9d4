// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/sqlite_database.hpp"

#include <SQLiteCpp/Savepoint.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "personalize/ledger/schema.hpp"

namespace personalize {
namespace {

// The ledger holds taxpayers' numbers: nobody else reads it, nor the files that SQLite puts beside it.
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

class Flag {
public:
  explicit Flag(bool& flag) : flag_(flag) { flag_ = true; }
  Flag(const Flag&) = delete;
  Flag& operator=(const Flag&) = delete;
  ~Flag() { flag_ = false; }

private:
  bool& flag_;
};

}  // namespace

SqliteDatabase::SqliteDatabase(const std::filesystem::path& file, std::chrono::milliseconds patience)
    : file_(file.string()),
      database_(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, static_cast<int>(patience.count())) {
  database_.exec("PRAGMA journal_mode = WAL");
  database_.exec("PRAGMA synchronous = FULL");
  database_.exec("PRAGMA foreign_keys = ON");
  database_.exec("PRAGMA cache_size = -65536");  // KiB: an import looks all over the table of cards
}

Logged<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::filesystem::path& file, MissingFile missing,
                                                             std::chrono::milliseconds patience) {
  const auto refuse = [&](LedgerError error) {
    return crypto::unexpected<LedgerFailure>({error, file.string(), std::string()});
  };
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    if (missing == MissingFile::refuse) return refuse(LedgerError::not_found);
    if (!make_private(file)) return refuse(LedgerError::storage);
  }
  std::unique_ptr<SqliteDatabase> database;
  try {
    database.reset(new SqliteDatabase(file, patience));
  } catch (const SQLite::Exception& e) {
    return refuse(error_of(e));
  }
  PATENT_TRY_VOID(database->migrate());
  return database;
}

Logged<std::size_t> SqliteDatabase::version() {
  return guarded([&]() -> Logged<std::size_t> {
    if (database_.tableExists("schema_version"))
      return static_cast<std::size_t>(database_.execAndGet("SELECT MAX(version) FROM schema_version").getInt64());
    const bool empty = database_.execAndGet("SELECT COUNT(*) FROM sqlite_master").getInt64() == 0;
    if (!empty) return failure(LedgerError::corrupt);  // a database, but no ledger
    return std::size_t{0};
  });
}

Logged<void> SqliteDatabase::migrate() {
  const auto migrations = status_migrations();
  PATENT_TRY(const auto found, version());
  if (found > migrations.size()) return failure(LedgerError::newer_schema);
  if (found == migrations.size()) return {};
  return transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto before, version());  // again: another process may have been quicker
    if (before == 0) database_.exec("CREATE TABLE schema_version (version INTEGER PRIMARY KEY)");
    for (auto next = before; next < migrations.size(); ++next) {
      database_.exec(std::string(migrations[next]));
      database_.exec("INSERT INTO schema_version (version) VALUES (" + std::to_string(next + 1) + ")");
    }
    return {};
  });
}

Logged<void> SqliteDatabase::transaction(const std::function<Logged<void>()>& work) {
  return guarded([&]() -> Logged<void> {
    if (in_transaction_) {
      SQLite::Savepoint part(database_, "part");
      PATENT_TRY_VOID(work());
      part.release();
      return {};
    }
    SQLite::Transaction whole(database_, SQLite::TransactionBehavior::IMMEDIATE);
    const Flag flag(in_transaction_);
    PATENT_TRY_VOID(work());
    whole.commit();
    return {};
  });
}

SQLite::Statement& SqliteDatabase::statement(const char* sql) {
  return statements_.try_emplace(sql, database_, sql).first->second;
}

crypto::unexpected<LedgerFailure> SqliteDatabase::failure(LedgerError error) const {
  return crypto::unexpected<LedgerFailure>({error, file_, {}});
}

crypto::unexpected<LedgerFailure> SqliteDatabase::failure(const SQLite::Exception& exception) const {
  return failure(error_of(exception));
}

}  // namespace personalize
