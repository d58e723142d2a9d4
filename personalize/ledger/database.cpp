// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/database.hpp"

#include "personalize/ledger/postgres_database.hpp"
#include "personalize/ledger/sqlite_database.hpp"

namespace personalize {

// A transaction, or a part of one, from its first word to its last.
class Database::Part {
public:
  Part(Database& database, const char* begin) : database_(database) {
    database_.check();
    whole() ? database_.begin(begin) : database_.script("SAVEPOINT part");
    ++database_.depth_;
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() {
    --database_.depth_;
    if (!ended_) undo();
  }
  void commit() {
    database_.check();
    database_.depth_ == 1 ? database_.commit() : database_.script("RELEASE SAVEPOINT part");
    ended_ = true;
  }

private:
  [[nodiscard]] bool whole() const { return database_.depth_ == 0; }
  // What cannot be undone alone (the engine gave up the whole, or is away) fails the whole.
  void undo() {
    try {
      whole() ? database_.roll_back() : database_.script("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part");
      database_.failed_.reset();
    } catch (const DatabaseError& e) {
      database_.failed_ = whole() ? std::nullopt : std::optional(e.error);
    }
  }

  Database& database_;
  bool ended_ = false;
};

Logged<void> Database::within(const char* begin, const std::function<Logged<void>()>& work) {
  return guarded([&]() -> Logged<void> {
    Part part(*this, begin);
    PATENT_TRY_VOID(work());
    part.commit();
    return {};
  });
}

Logged<void> Database::transaction(const std::function<Logged<void>()>& work) { return within(begin_words(), work); }

Logged<void> Database::snapshot(const std::function<Logged<void>()>& work) { return within(snapshot_words(), work); }

DatabaseError Database::failed(LedgerError error) {
  if (in_transaction()) failed_ = error;
  return {error};
}

Logged<std::unique_ptr<Database>> open_database(const std::string& where, MissingDatabase missing,
                                                const Patience& patience) {
  if (PostgresDatabase::is_uri(where)) return PostgresDatabase::open(where, missing, patience);
  return SqliteDatabase::open(where, missing, patience.with_others);
}

}  // namespace personalize
