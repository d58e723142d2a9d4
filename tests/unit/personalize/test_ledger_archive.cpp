// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>
#include <sstream>

#include "personalize/ledger/ledger_archive.hpp"
#include "tests/seed.hpp"
#include "tests/unit/personalize/ledger_place.hpp"

namespace {

using namespace personalize;
using sample::LedgerPlace;

// Something of every kind of column, NULLs among them.
void fill(Database& database) {
  const auto personal = sample::personal_data();
  StatusBook book(database, personal);
  for (std::uint32_t i = 0; i < 150; ++i) sample::entered(book, "P" + std::to_string(10'000'000 + i), i);
  auto next = sample::first_record(sample::ledger_card("P10000007", 7));
  next.sequence = 2;
  next.state = patent::State::annulled;
  REQUIRE(static_cast<StatusLedger&>(book).add_status(next));
  database.run("INSERT INTO audit_line (station, number, line, hash) VALUES (?, ?, ?, ?)", "Пост \"1\"", 1, "a\nb",
               crypto::Bytes{0, 0xFF, '\n'});
}

std::string exported(Database& database) {
  std::ostringstream out;
  REQUIRE(export_ledger(database, out));
  return out.str();
}

ArchiveFailure fault_of(Database& database, const std::string& text) {
  std::istringstream in(text);
  const auto imported = import_ledger(database, in);
  REQUIRE(!imported);
  return imported.error();
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("A ledger moves from either engine to either, and goes on there", "[archive]") {
  const auto from = GENERATE(Engine::sqlite, Engine::postgres);
  const auto to = GENERATE(Engine::sqlite, Engine::postgres);
  const LedgerPlace here(from), there(to);
  const auto source = here.open(), target = there.open();
  fill(*source);
  const auto text = exported(*source);
  std::istringstream in(text);
  const auto imported = import_ledger(*target, in);
  REQUIRE(imported);
  CHECK(std::ranges::find(*imported, TableCount{"status", 151}) != imported->end());
  CHECK(exported(*target) == text);
  const auto personal = sample::personal_data();
  StatusBook book(*target, personal);
  CHECK(book.newest_status("P10000007")->value().state == patent::State::annulled);
  const auto last = book.last_status().value();
  sample::entered(book, "P20000000", 500);
  CHECK(book.last_status().value() > last);
}

TEST_CASE("An archive enters an empty ledger only, and whole", "[archive]") {
  const LedgerPlace here(Engine::sqlite), there(GENERATE(Engine::sqlite, Engine::postgres));
  const auto source = here.open(), target = there.open();
  fill(*source);
  const auto text = exported(*source), empty = exported(*target);
  const auto end = text.rfind('\n', text.size() - 2) + 1;
  const auto fault = [&](const std::string& spoiled) { return fault_of(*target, spoiled).fault; };

  CHECK(fault("") == ArchiveFault::malformed);
  CHECK(fault("{}\n") == ArchiveFault::malformed);
  CHECK(fault(text.substr(0, end)) == ArchiveFault::truncated);
  CHECK(fault(text.substr(0, text.size() / 2)) == ArchiveFault::malformed);  // in the midst of a line
  CHECK(fault(text + "[]\n") == ArchiveFault::malformed);
  CHECK(fault(replaced(text, "[150,\"P10000149\"", "[150,149")) == ArchiveFault::malformed);
  CHECK(fault(replaced(text, "\"status\":151", "\"status\":152")) == ArchiveFault::truncated);
  CHECK(fault(replaced(text, "\"schema\":", "\"schema\":9")) == ArchiveFault::other_schema);
  CHECK(fault(replaced(text, "\"uri\"", "\"url\"")) == ArchiveFault::other_schema);
  const auto refused = fault_of(*target, replaced(text, "\"P10000149\"", "\"P10000148\""));
  CHECK(refused.fault == ArchiveFault::refused);
  CHECK(refused.ledger.error == LedgerError::wrong_state);
  CHECK(refused.line > 150);
  CHECK(exported(*target) == empty);

  const auto personal = sample::personal_data();
  StatusBook book(*target, personal);
  sample::entered(book, "P10000000", 0);
  CHECK(fault(text) == ArchiveFault::not_empty);
}

TEST_CASE("Whatever became of an archive, it enters whole or not at all", "[archive]") {
  const LedgerPlace here(Engine::sqlite), nowhere(Engine::sqlite);
  const auto source = here.open();
  const auto personal = sample::personal_data();
  StatusBook book(*source, personal);
  for (std::uint32_t i = 0; i < 3; ++i) sample::entered(book, "P" + std::to_string(10'000'000 + i), i);
  const auto text = exported(*source), empty = exported(*nowhere.open());
  const auto seed = test_seed();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const auto any = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };
  std::optional<LedgerPlace> there;
  std::unique_ptr<Database> target;
  for (int i = 0; i < 200; ++i) {
    if (!target) target = there.emplace(Engine::sqlite).open();
    auto spoiled = text;
    const auto at = any(text.size()), size = std::min(any(80), text.size() - at);
    switch (i % 4) {
      case 0: spoiled[at] = static_cast<char>(any(256)); break;
      case 1: spoiled.erase(at, size); break;
      case 2: spoiled.insert(at, text, at, size); break;
      default: spoiled.resize(at);
    }
    INFO("try " << i << " at " << at << " of " << text.size());
    std::istringstream in(spoiled);
    if (import_ledger(*target, in))
      target.reset();  // what it says is another ledger, and a whole one
    else
      REQUIRE(exported(*target) == empty);
  }
}

TEST_CASE("A line without end fills no memory", "[archive]") {
  const LedgerPlace place(Engine::sqlite);
  const auto database = place.open();
  auto text = exported(*database);
  text.resize(text.find('\n') + 1);
  text += "[\"" + std::string(40U << 20, 'x') + "\"]\n";
  const auto fault = fault_of(*database, text);
  CHECK(fault.fault == ArchiveFault::malformed);
  CHECK(fault.line == 2);
}

TEST_CASE("An export that cannot be written says so", "[archive]") {
  const LedgerPlace place(Engine::sqlite);
  const auto database = place.open();
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  CHECK(export_ledger(*database, out).error().error == LedgerError::storage);
}
