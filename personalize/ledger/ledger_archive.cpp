// SPDX-License-Identifier: Apache-2.0
// The first line names the format and the schema's version. A line that is an object begins a table and names its
// columns; a line that is an array is a row of it. The last line counts the rows of each table.
#include "personalize/ledger/ledger_archive.hpp"

#include <json/json.h>

#include <algorithm>
#include <array>
#include <istream>
#include <ostream>

#include "crypto/base64.hpp"
#include "crypto/strict_json.hpp"
#include "personalize/ledger/ledger_key.hpp"
#include "personalize/ledger/schema.hpp"

namespace personalize {
namespace {

constexpr int kFormat = 1;
constexpr std::size_t kMaxLine = 32U << 20;  // an order's document, encrypted and in base64, has room
// What is this database's own.
constexpr std::array<std::string_view, 2> kNotMoved{"schema_version", "last_commit"};

Json::Value json_of(std::string_view text) { return {text.data(), text.data() + text.size()}; }

std::vector<std::string> tables_of(Database& database) {
  auto tables = database.tables();
  std::erase_if(tables, [](const auto& table) { return std::ranges::find(kNotMoved, table) != kNotMoved.end(); });
  return tables;
}

std::string list_of(const std::vector<Column>& columns, bool keys_only) {
  std::string out;
  for (const auto& column : columns)
    if (column.in_key || !keys_only) out += (out.empty() ? "" : ", ") + column.name;
  return out;
}

Json::Value names_of(const std::vector<Column>& columns) {
  Json::Value names(Json::arrayValue);
  for (const auto& column : columns) names.append(column.name);
  return names;
}

Json::Value counts_of(const TableCounts& counts) {
  Json::Value json(Json::objectValue);
  for (const auto& [table, rows] : counts) json[table] = Json::Int64(rows);
  return json;
}

class Exporter {
public:
  Exporter(Database& database, std::ostream& out) : database_(database), out_(out) {
    Json::StreamWriterBuilder builder;
    builder["indentation"] = "";
    builder["emitUTF8"] = true;
    writer_.reset(builder.newStreamWriter());
  }

  Logged<TableCounts> run() {
    Json::Value head;
    head["ledger_export"] = kFormat;
    head["schema"] = Json::Int64(ledger_migrations().size());
    write(head);
    TableCounts counts;
    for (const auto& table : tables_of(database_)) counts.push_back({table, write_table(table)});
    Json::Value end;
    end["rows"] = counts_of(counts);
    write(end);
    if (!out_.flush()) return database_.failure(LedgerError::storage);
    return counts;
  }

private:
  void write(const Json::Value& line) {
    writer_->write(line, &out_);
    out_ << '\n';
  }
  std::int64_t write_table(const std::string& table) {
    const auto columns = database_.columns(table);
    Json::Value head;
    head["table"] = table;
    head["columns"] = names_of(columns);
    write(head);
    const auto rows = database_.stream("SELECT " + list_of(columns, false) + " FROM " + table + " ORDER BY " +
                                       list_of(columns, true));
    std::int64_t count = 0;
    for (; rows->next() && out_; ++count) {
      Json::Value line(Json::arrayValue);
      for (int i = 0; i < static_cast<int>(columns.size()); ++i)
        line.append(cell(*rows, i, columns[static_cast<std::size_t>(i)].kind));
      write(line);
    }
    return count;
  }
  static Json::Value cell(const Rows& rows, int column, ColumnKind kind) {
    if (rows.is_null(column)) return {};
    if (kind == ColumnKind::number) return Json::Int64(rows.number(column));
    return json_of(kind == ColumnKind::text ? rows.text(column) : crypto::to_base64(rows.octets(column)));
  }

  Database& database_;
  std::ostream& out_;
  std::unique_ptr<Json::StreamWriter> writer_;
};

using Cell = std::variant<std::nullopt_t, std::int64_t, std::string, crypto::Bytes>;

std::optional<Cell> cell_of(const Json::Value& json, ColumnKind kind) {
  if (json.isNull()) return Cell(std::nullopt);
  if (kind == ColumnKind::number) return json.isInt64() ? std::optional(Cell(json.asInt64())) : std::nullopt;
  if (!json.isString()) return std::nullopt;
  if (kind == ColumnKind::text) return Cell(json.asString());
  auto octets = crypto::from_base64(json.asString());
  return octets ? std::optional(Cell(*std::move(octets))) : std::nullopt;
}

// The rows of one table, entered many at a time.
class Rowset {
public:
  Rowset(Database& database, std::string table) : database_(database), columns_(database.columns(table)) {
    count_.table = std::move(table);
  }
  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
  [[nodiscard]] bool is_empty() { return !database_.query("SELECT 1 FROM " + count_.table + " LIMIT 1")->next(); }
  // `size`: of its text.
  bool add(const Json::Value& row, std::size_t size) {
    if (row.size() != columns_.size()) return false;
    size_ += size;
    for (Json::ArrayIndex i = 0; i < row.size(); ++i) {
      auto cell = cell_of(row[i], columns_[i].kind);
      if (!cell) return false;
      cells_.push_back(*std::move(cell));
    }
    if (cells_.size() == kAtOnce * columns_.size() || size_ > kBytesAtOnce) flush();
    return true;
  }
  TableCount end() {
    flush();
    const auto has_id = columns_.front().name == "id";
    if (has_id && count_.rows > 0) database_.continue_ids(count_.table);
    return count_;
  }

private:
  static constexpr std::size_t kAtOnce = 64, kBytesAtOnce = 1 << 20;

  void flush() {
    if (cells_.empty()) return;
    std::string row = "(";
    for (std::size_t i = 0; i < columns_.size(); ++i) row += i == 0 ? "?" : ", ?";
    row += ')';
    std::string sql = "INSERT INTO " + count_.table + " (" + list_of(columns_, false) + ") VALUES " + row;
    for (std::size_t i = 1; i < cells_.size() / columns_.size(); ++i) sql += ", " + row;
    std::vector<Value> values;
    values.reserve(cells_.size());
    for (const auto& cell : cells_) values.push_back(std::visit([](const auto& some) { return Value(some); }, cell));
    count_.rows += database_.run_list(sql, values);
    cells_.clear();
    size_ = 0;
  }

  Database& database_;
  std::vector<Column> columns_;
  std::vector<Cell> cells_;
  std::size_t size_ = 0;
  TableCount count_;
};

class Importer {
public:
  Importer(Database& database, std::istream& in) : database_(database), in_(in) {}

  crypto::Result<TableCounts, ArchiveFailure> run() {
    const auto done = database_.transaction([&]() -> Logged<void> {
      if (fault_ = read_all(); fault_) return database_.failure(LedgerError::corrupt);
      return {};
    });
    if (done) return std::move(counts_);
    return crypto::unexpected<ArchiveFailure>({fault_.value_or(ArchiveFault::refused), line_, done.error()});
  }

private:
  using Fault = std::optional<ArchiveFault>;

  // Nothing at the end; no value for a line that none is in.
  std::optional<Json::Value> next() {
    if (in_.rdbuf()->sgetc() == std::char_traits<char>::eof()) return std::nullopt;
    ++line_;
    text_.clear();
    for (int c = in_.rdbuf()->sbumpc(); c != '\n' && c != std::char_traits<char>::eof(); c = in_.rdbuf()->sbumpc()) {
      if (text_.size() == kMaxLine) return Json::Value();
      text_ += static_cast<char>(c);
    }
    return crypto::parse_strict_json(text_).value_or(Json::Value());
  }

  Fault read_all() {
    auto line = next();
    if (!line || !line->isObject() || (*line)["ledger_export"] != kFormat) return ArchiveFault::malformed;
    if ((*line)["schema"] != Json::Int64(ledger_migrations().size())) return ArchiveFault::other_schema;
    line = next();
    for (const auto& table : tables_of(database_)) {
      if (!line) return ArchiveFault::truncated;
      Rowset rows(database_, table);
      if (!line->isObject() || (*line)["table"] != table) return ArchiveFault::malformed;
      if ((*line)["columns"] != names_of(rows.columns())) return ArchiveFault::other_schema;
      if (!rows.is_empty()) return ArchiveFault::not_empty;
      while ((line = next()) && line->isArray())
        if (!rows.add(*line, text_.size())) return ArchiveFault::malformed;
      counts_.push_back(rows.end());
    }
    if (!line) return ArchiveFault::truncated;
    if (!line->isObject() || !line->isMember("rows")) return ArchiveFault::malformed;
    if ((*line)["rows"] != counts_of(counts_)) return ArchiveFault::truncated;
    return next() ? Fault(ArchiveFault::malformed) : std::nullopt;
  }

  Database& database_;
  std::istream& in_;
  std::uint64_t line_ = 0;
  std::string text_;  // of the line
  Fault fault_;
  TableCounts counts_;
};

}  // namespace

Logged<TableCounts> export_ledger(Database& database, std::ostream& out) {
  TableCounts counts;
  PATENT_TRY_VOID(database.snapshot([&]() -> Logged<void> {
    PATENT_TRY(const bool has_clear, has_clear_inns(database));
    if (has_clear) return database.failure(LedgerError::no_key);
    PATENT_TRY(counts, Exporter(database, out).run());
    return {};
  }));
  return counts;
}

crypto::Result<TableCounts, ArchiveFailure> import_ledger(Database& database, std::istream& in) {
  return Importer(database, in).run();
}

}  // namespace personalize
