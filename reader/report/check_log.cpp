// SPDX-License-Identifier: Apache-2.0
#include "reader/report/check_log.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "crypto/guarded_file.hpp"

namespace reader {
namespace {

namespace fs = std::filesystem;
using crypto::unexpected;
using Behaviour = SQLite::TransactionBehavior;

constexpr int kApplication = 0x50434C47;  // "PCLG"
constexpr int kSchema = 1;
constexpr int kPatience = 5000;  // milliseconds that another process may keep the file busy
constexpr std::size_t kMaxHead = 128;

// A file whose tables are not these, to the letter, is no log of ours: a trigger in it could undo what we write.
constexpr std::array kTables{
    "CREATE TABLE entries (number INTEGER PRIMARY KEY, line TEXT NOT NULL, hash BLOB NOT NULL)",
    "CREATE TABLE removed (number INTEGER NOT NULL, hash BLOB NOT NULL)"};

fs::path head_file(const fs::path& log) {
  auto out = log;
  out += ".head";
  return out;
}

std::optional<ChainPoint> read_head(const fs::path& log) {
  const auto octets = crypto::read_file(head_file(log), kMaxHead);
  if (!octets) return std::nullopt;
  const std::string text(octets->begin(), octets->end());
  const auto space = text.find(' ');
  if (space == 0 || space > 18 || text.find_first_not_of("0123456789") != space || !text.ends_with('\n'))
    return std::nullopt;
  const auto hash = chain_hash_from_hex(std::string_view(text).substr(space + 1, text.size() - space - 2));
  if (!hash) return std::nullopt;
  return ChainPoint{std::stoll(text), *hash};
}

bool write_head(const fs::path& log, const ChainPoint& head, crypto::Overwrite overwrite) {
  const auto text = fmt::format("{} {}\n", head.number, crypto::to_hex(head.hash));
  return crypto::write_file(head_file(log), crypto::as_bytes(text), crypto::Readers::owner, overwrite).has_value();
}

bool is_new(const fs::path& file) {
  std::error_code error;
  return !fs::exists(file, error) || (fs::is_regular_file(file, error) && fs::file_size(file, error) == 0);
}

// SQLite would make it for everybody to read.
bool make_own_file(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  return descriptor < 0 ? errno == EEXIST : ::close(descriptor) == 0;
}

std::optional<ChainHash> hash_in(const SQLite::Column& column) {
  ChainHash hash{};
  if (!column.isBlob() || column.getBytes() != static_cast<int>(hash.size())) return std::nullopt;
  const auto* const octets = static_cast<const crypto::Byte*>(column.getBlob());
  std::copy(octets, octets + hash.size(), hash.begin());
  return hash;
}

bool is_empty(SQLite::Database& database) {
  return database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
}

void make_tables(SQLite::Database& database) {
  for (const char* const table : kTables) database.exec(table);
  database.exec("INSERT INTO removed VALUES (0, zeroblob(32))");
  database.exec(fmt::format("PRAGMA application_id={}", kApplication));
  database.exec(fmt::format("PRAGMA user_version={}", kSchema));
}

std::optional<LogError> fault_of_tables(SQLite::Database& database) {
  if (database.execAndGet("PRAGMA application_id").getInt() != kApplication) return LogError::not_a_log;
  if (database.execAndGet("PRAGMA user_version").getInt() > kSchema) return LogError::newer_schema;
  SQLite::Statement tables(database, "SELECT sql FROM sqlite_schema ORDER BY name");
  std::size_t found = 0;
  while (tables.executeStep())
    if (found == kTables.size() || tables.getColumn(0).getString() != kTables[found++]) return LogError::not_a_log;
  if (found != kTables.size()) return LogError::not_a_log;
  return std::nullopt;
}

// Nothing for rows that no log of ours has.
std::optional<ChainPoint> point_in(SQLite::Database& database, const std::string& query) {
  SQLite::Statement row(database, query);
  if (!row.executeStep()) return std::nullopt;
  const auto hash = hash_in(row.getColumn(1));
  if (!hash) return std::nullopt;
  return ChainPoint{row.getColumn(0).getInt64(), *hash};
}
std::optional<ChainPoint> removed_in(SQLite::Database& database) {
  return point_in(database, "SELECT number, hash FROM removed");
}
std::optional<ChainPoint> last_in(SQLite::Database& database) {
  const bool some = database.execAndGet("SELECT EXISTS (SELECT 1 FROM entries)").getInt() != 0;
  return some ? point_in(database, "SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1")
              : removed_in(database);
}

// Whether the log still holds the entry that its head names, and all the head knows of.
bool reaches(SQLite::Database& database, const ChainPoint& head) {
  const auto removed = removed_in(database);
  if (!removed) return false;
  if (*removed == head) return true;
  return point_in(database, fmt::format("SELECT number, hash FROM entries WHERE number = {}", head.number)) == head;
}

void add(SQLite::Database& database, const ChainPoint& point, const std::string& line) {
  SQLite::Statement insert(database, "INSERT INTO entries VALUES (?, ?, ?)");
  insert.bind(1, point.number);
  insert.bind(2, line);
  insert.bind(3, point.hash.data(), static_cast<int>(point.hash.size()));
  insert.exec();
}

// The library's exceptions end here.
template <class Work>
auto guarded(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& fault) {
    constexpr int kNoDatabase = 26;  // SQLITE_NOTADB
    return unexpected(fault.getErrorCode() == kNoDatabase ? LogError::not_a_log : LogError::storage);
  }
}

}  // namespace

struct CheckLog::State {
  State(fs::path path, int flags) : file(std::move(path)), database(file.string(), flags, kPatience) {
    database.exec("PRAGMA trusted_schema=OFF");
  }

  // EXTRA: after a power cut, too, what append() called written is there. What is removed is overwritten.
  void prepare_writing() {
    database.exec("PRAGMA journal_mode=DELETE");
    database.exec("PRAGMA synchronous=EXTRA");
    database.exec("PRAGMA secure_delete=ON");
  }

  // Under the lock of writers, so that a head never goes back behind another process's.
  crypto::Result<void, LogError> publish_head() {
    const SQLite::Transaction lock(database, Behaviour::IMMEDIATE);
    const auto last = last_in(database);
    if (!last || !write_head(file, *last, crypto::Overwrite::yes)) return unexpected(LogError::storage);
    return {};
  }

  crypto::Result<void, LogError> check_for_appending() {
    const SQLite::Transaction lock(database, Behaviour::IMMEDIATE);
    if (const auto fault = fault_of_tables(database)) return unexpected(*fault);
    const auto head = read_head(file);
    if (!head || !reaches(database, *head)) return unexpected(LogError::broken);
    return {};
  }

  fs::path file;
  mutable SQLite::Database database;
};

CheckLog::CheckLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
CheckLog::CheckLog(CheckLog&& other) noexcept = default;
CheckLog::~CheckLog() = default;

crypto::Result<CheckLog, LogError> CheckLog::open_to_append(const fs::path& file) {
  return guarded([&]() -> crypto::Result<CheckLog, LogError> {
    // The head first: a log without one is never new.
    if (is_new(file)) {
      const auto head = read_head(file);
      if (head && *head != ChainPoint{}) return unexpected(LogError::broken);
      if (!head && !write_head(file, {}, crypto::Overwrite::no)) return unexpected(LogError::storage);
    }
    if (!make_own_file(file)) return unexpected(LogError::storage);
    auto state = std::make_unique<State>(file, SQLite::OPEN_READWRITE);
    state->prepare_writing();
    {
      SQLite::Transaction making(state->database, Behaviour::IMMEDIATE);
      if (is_empty(state->database)) make_tables(state->database);
      making.commit();
    }
    PATENT_TRY_VOID(state->check_for_appending());
    return CheckLog(std::move(state));
  });
}

crypto::Result<CheckLog, LogError> CheckLog::open_to_read(const fs::path& file) {
  if (!crypto::file_exists(file)) return unexpected(LogError::not_found);
  return guarded([&]() -> crypto::Result<CheckLog, LogError> {
    auto state = std::make_unique<State>(file, SQLite::OPEN_READONLY);
    if (const auto fault = fault_of_tables(state->database)) return unexpected(*fault);
    return CheckLog(std::move(state));
  });
}

crypto::Result<void, LogError> CheckLog::append(const CheckEntry& entry) {
  return guarded([&]() -> crypto::Result<void, LogError> {
    {
      SQLite::Transaction writing(state_->database, Behaviour::IMMEDIATE);
      const auto last = last_in(state_->database);
      if (!last) return unexpected(LogError::broken);
      const auto line = to_line(entry, last->number + 1);
      add(state_->database, chained(*last, line), line);
      writing.commit();
    }
    return state_->publish_head();
  });
}

crypto::Result<std::int64_t, LogError> CheckLog::trim(unsigned keep_days, std::chrono::sys_seconds now) {
  return guarded([&]() -> crypto::Result<std::int64_t, LogError> {
    const auto oldest_kept = now - std::chrono::days(keep_days);
    SQLite::Transaction writing(state_->database, Behaviour::IMMEDIATE);
    const auto before = removed_in(state_->database);
    const auto last = last_in(state_->database);
    if (!before || !last) return unexpected(LogError::broken);
    auto through = *before;
    PATENT_TRY_VOID(each([&](std::int64_t, std::string_view line, crypto::ByteView) {
      const auto written = written_in(line);
      if (!written || *written >= oldest_kept) return false;
      through = chained(through, line);
      return true;
    }));
    if (through == *before) return 0;
    const auto line = to_line(Removal{now, keep_days, through}, last->number + 1);
    add(state_->database, chained(*last, line), line);
    state_->database.exec(fmt::format("DELETE FROM entries WHERE number <= {}", through.number));
    SQLite::Statement remember(state_->database, "UPDATE removed SET number = ?, hash = ?");
    remember.bind(1, through.number);
    remember.bind(2, through.hash.data(), static_cast<int>(through.hash.size()));
    remember.exec();
    writing.commit();
    PATENT_TRY_VOID(state_->publish_head());
    return through.number - before->number;
  });
}

crypto::Result<ChainPoint, LogError> CheckLog::removed() const {
  return guarded([&]() -> crypto::Result<ChainPoint, LogError> {
    const auto point = removed_in(state_->database);
    if (!point) return unexpected(LogError::not_a_log);
    return *point;
  });
}

crypto::Result<void, LogError> CheckLog::each(const Take& take) const {
  return guarded([&]() -> crypto::Result<void, LogError> {
    SQLite::Statement rows(state_->database, "SELECT number, hash, line FROM entries ORDER BY number");
    while (rows.executeStep()) {
      const auto hash = hash_in(rows.getColumn(1)).value_or(ChainHash{});
      if (!take(rows.getColumn(0).getInt64(), rows.getColumn(2).getString(), hash)) break;
    }
    return {};
  });
}

std::optional<ChainPoint> CheckLog::head() const { return read_head(state_->file); }

crypto::Result<LogReview, LogError> review(const CheckLog& log, const LogHistory* earlier) {
  LogReview out;
  PATENT_TRY(out.removed, log.removed());
  const auto head = log.head();
  ChainWalk walk(out.removed, earlier);
  bool met_head = head == out.removed;
  PATENT_TRY_VOID(log.each([&](std::int64_t number, std::string_view line, crypto::ByteView hash) {
    out.problem = walk.take(line, hash, number);
    if (!out.problem && head && head->number == walk.head().number) {
      met_head = *head == walk.head();
      if (!met_head) out.problem = LogProblem{LogFault::head_differs, walk.head().number};
    }
    return !out.problem;
  }));
  out.head = walk.head();
  out.clock_set_back = walk.clock_set_back();
  if (!out.problem) out.problem = walk.finish();
  if (!out.problem && !head) out.problem = LogProblem{LogFault::head_missing, out.head.number};
  if (!out.problem && !met_head)
    out.problem = head->number > out.head.number ? LogProblem{LogFault::truncated, out.head.number + 1}
                                                 : LogProblem{LogFault::head_differs, head->number};
  return out;
}

}  // namespace reader
