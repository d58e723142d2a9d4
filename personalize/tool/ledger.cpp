// SPDX-License-Identifier: Apache-2.0
// The commands about the ledger: export and import of all of it; see ledger_orders.hpp for the others.
#include <fcntl.h>
#include <fmt/format.h>
#include <json/json.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iostream>

#include "personalize/issue/words.hpp"
#include "personalize/ledger/ledger_archive.hpp"
#include "personalize/ledger/ledger_key.hpp"
#include "personalize/tool/ledger_orders.hpp"
#include "personalize/tool/open_ledger.hpp"

namespace personalize::tool {
namespace {

options::options_description archive_options() {
  auto description = ledger_option();
  description.add_options()("json", "one line of JSON instead of text");
  return description;
}

void print(const char* done, const TableCounts& counts, const Arguments& arguments) {
  std::int64_t rows = 0;
  Json::Value json, tables(Json::objectValue);
  std::string lines;
  for (const auto& [table, count] : counts) {
    rows += count;
    tables[table] = Json::Int64(count);
    lines += fmt::format("  {:<20} {:>12}\n", table, count);
  }
  if (arguments.given("json")) {
    json["outcome"] = done;
    json["rows"] = tables;
    return print_line(json);
  }
  std::cout << lines << fmt::format("{}: {} rows of {} tables\n", done, rows, counts.size());
}

// Nobody else reads it; it is there when it is whole.
class NewFile {
public:
  explicit NewFile(std::string name) : name_(std::move(name)) {
    descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor_ < 0) throw Stop(Exit::cannot_create, name_ + " cannot be made, or is there already");
    out_.open(name_, std::ios::binary);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    ::close(descriptor_);
    if (!kept_) ::unlink(name_.c_str());
  }
  std::ostream& out() { return out_; }
  void keep() {
    out_.close();
    if (!out_ || ::fsync(descriptor_) != 0)
      throw Stop(Exit::cannot_create, name_ + " cannot be written; is the disk full?");
    kept_ = true;
  }

private:
  std::string name_;
  int descriptor_ = -1;
  std::ofstream out_;
  bool kept_ = false;
};

Exit run_export(const Command& command, const Words& words) {
  auto description = archive_options();
  description.add_options()("out", options::value<std::string>()->value_name("FILE"), "a new file, of JSON lines");
  Arguments arguments(command, description, {});
  if (const auto end = arguments.read(words)) return *end;
  if (!arguments.given("out")) throw Stop(Exit::usage, "--out is missing");
  const auto database = open_ledger_database(arguments, MissingDatabase::refuse);
  if (must(has_clear_inns(*database)))
    throw Stop(
        Exit::bad_input,
        "the ledger has INNs in the clear from an older version; a command with the domain's key puts them under "
        "it: patent-personalize payments unmatched --ledger WHERE --domain DIR. Then export");
  NewFile file(arguments.text("out"));
  const auto counts = must(export_ledger(*database, file.out()));
  file.keep();
  print("exported", counts, arguments);
  return Exit::ok;
}

std::string words_for(const ArchiveFailure& failure) {
  switch (failure.fault) {
    case ArchiveFault::malformed: return fmt::format("line {} is not that of an exported ledger", failure.line);
    case ArchiveFault::truncated: return "rows are missing: the file was cut short; copy it again";
    case ArchiveFault::other_schema:
      return "it was exported by another version of this program: export it again with this one, which brings the "
             "old ledger up to date";
    case ArchiveFault::not_empty: return "the ledger has rows already; import into a new one";
    case ArchiveFault::refused:
      return fmt::format("up to line {} the database refused a row: {}", failure.line, words_for(failure.ledger));
  }
  return {};
}

Exit run_import(const Command& command, const Words& words) {
  Arguments arguments(command, archive_options(), {"FILE"});
  if (const auto end = arguments.read(words)) return *end;
  const auto name = arguments.text("FILE");
  std::ifstream in(name, std::ios::binary);
  if (!in) throw Stop(Exit::bad_input, name + " cannot be read");
  const auto database = open_ledger_database(arguments, MissingDatabase::make);
  const auto counts = import_ledger(*database, in);
  if (!counts)
    throw Stop(counts.error().fault == ArchiveFault::refused ? exit_of(counts.error().ledger) : Exit::bad_input,
               name + ": " + words_for(counts.error()));
  print("imported", *counts, arguments);
  return Exit::ok;
}

constexpr std::array kActions{
    Command{
        "ledger export",
        "Writes all of a ledger into a new file of JSON lines, as of one moment; stations may go on. Documents and\n"
        "INNs stay under the domain's key; numbers, the staff's names and their reasons do not. Only its owner reads "
        "the file.",
        "--ledger WHERE --out FILE [--json]",
        "  patent-personalize ledger export --ledger floor.db --out floor.jsonl\n", run_export},
    Command{"ledger import",
            "Enters an exported ledger into an empty one, of either engine: whole or not at all, every row counted.",
            "FILE --ledger WHERE [--json]",
            "  patent-personalize ledger import floor.jsonl --ledger postgresql://db/floor\n", run_import},
    Command{
        "ledger erase",
        "Erases the documents, print forms and images of orders that ended before a time, and the INNs of cards that\n"
        "were over then and of their payments. Numbers, steps, sums, receipts and the audit chain stay. Exit code 65\n"
        "while another program keeps the ledger's log.",
        "--ledger WHERE --ended-before TIME [--json]",
        "  patent-personalize ledger erase --ledger floor.db --ended-before 2026-03-10\n", run_ledger_erase},
    Command{"ledger take-journal",
            "Moves the orders of a journal's folder into the ledger, all or none, and closes the journal.",
            "JOURNAL --ledger WHERE --domain DIR [--json]",
            "  patent-personalize ledger take-journal /srv/trust/issued --ledger floor.db --domain /srv/trust\n",
            run_ledger_take_journal},
    Command{"ledger release", "Gives an order that was held back to the stations again.",
            "ORDER_ID --ledger WHERE [--json]",
            "  patent-personalize ledger release 0b9cbd3e-7e0e-4a7e-9d7a-2f3a1c5d6e01 --ledger floor.db\n",
            run_ledger_release},
};

}  // namespace

Exit run_ledger(const Command& command, const Words& words) { return run_action(command, kActions, words); }

}  // namespace personalize::tool
