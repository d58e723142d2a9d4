// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "reader/report/chain_line.hpp"
#include "reader/report/check_export.hpp"
#include "tests/terminal_rig.hpp"
#include "tests/unit/reader/issuing_house.hpp"

using namespace reader;
namespace fs = std::filesystem;
using testing::at;

namespace {

CheckEntry check_on(const char* written) {
  CheckEntry entry;
  entry.written = entry.at = at(written);
  entry.device = "tram-7";
  entry.role = "inspector";
  entry.card_number = "AB1234567";
  entry.confirmed = true;
  entry.outcome = Outcome::valid;
  entry.reasons = {Reason::ok_extended, Reason::status_ageing};
  entry.lists = {{"states", "https://status.example/0", at("2026-03-01T00:00:00Z")}};
  return entry;
}

constexpr std::array kDays{"2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z",
                           "2026-03-04T09:00:00Z", "2026-03-05T09:00:00Z"};

// A log of five checks, a day apart.
struct FiveChecks {
  TemporaryFolder folder;
  fs::path file = folder.path() / "checks.db";
  fs::path head = folder.path() / "checks.db.head";
  FiveChecks() {
    static const TemporaryFolder made;  // once: every entry waits for the disk
    const auto first = made.path() / file.filename();
    if (!fs::exists(first)) {
      auto log = CheckLog::open_to_append(first).value();
      for (const auto* day : kDays) REQUIRE(log.append(check_on(day)));
    }
    fs::copy(made.path(), folder.path());
  }
  [[nodiscard]] CheckLog open() const { return CheckLog::open_to_append(file).value(); }
  void sql(const std::string& command) const { SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec(command); }
  [[nodiscard]] LogReview seen(const LogHistory* earlier = nullptr) const {
    return review(CheckLog::open_to_read(file).value(), earlier).value();
  }
  [[nodiscard]] std::optional<LogProblem> problem() const { return seen().problem; }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> out;
    REQUIRE(CheckLog::open_to_read(file).value().each([&](std::int64_t, std::string_view line, crypto::ByteView) {
      out.emplace_back(line);
      return true;
    }));
    return out;
  }
};

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The inspection terminal of a tree whose key lies in a vault.
struct Terminal {
  rig::CvTree tree;
  LogSigner signer;
  Terminal() {
    TemporaryFolder folder;
    crypto::FileKeyVault vault(folder.path(), crypto::Passphrase("test"));
    const std::shared_ptr<crypto::SigningKey> key = vault.make_signing_key("terminal", testing::kCurve).value();
    const auto own =
        crypto::make_cv_certificate(rig::engine(), tree.terminal_plan, crypto::cv_key_of(*key).value(), tree.dv_key);
    signer.terminal.certificates = {own.value(), tree.dv()};
    signer.terminal.sign = [key](crypto::ByteView digest) { return std::optional(key->sign_digest(digest).value()); };
    signer.key = key->public_key();
  }
  [[nodiscard]] std::string exported(const FiveChecks& of, const char* on = "2026-03-10T09:00:00Z") const {
    const auto log = CheckLog::open_to_read(of.file).value();
    return export_log(log, review(log).value(), signer, at(on)).value().value();
  }
  [[nodiscard]] std::optional<LogProblem> problem(const std::string& text, const LogHistory* earlier = nullptr) const {
    const auto seen = review_export(text, tree.cvca(), earlier);
    REQUIRE(seen);
    return seen->log.problem;
  }
};

}  // namespace

TEST_CASE("a log of checks holds what was decided, and nothing of the holder") {
  const FiveChecks five;
  const auto seen = five.seen();
  CHECK_FALSE(seen.problem);
  CHECK(seen.head.number == 5);
  CHECK(seen.clock_set_back.empty());
  CHECK(five.lines()[1] ==
        R"({"at":"2026-03-02T09:00:00Z","card_number":"AB1234567","confirmed":true,"device":"tram-7","kind":"check",)"
        R"("lists":[{"as_of":"2026-03-01T00:00:00Z","kind":"states","uri":"https://status.example/0"}],"number":2,)"
        R"("outcome":"VALID","reasons":["OK_EXTENDED","STATUS_AGEING"],"role":"inspector",)"
        R"("written":"2026-03-02T09:00:00Z"})");
  struct stat status {};
  REQUIRE(::stat(five.file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);

  const auto verdict = verify(testing::Specimen{}.evidence(), testing::house().trust(), {}, at(kDays[4]));
  const auto line = to_line(entry_of(verdict), 1);
  for (const auto* private_part : {"ШАРИПОВ", "SHARIPOV", "TJK", "1990", "photo"})
    CHECK(line.find(private_part) == std::string::npos);
  CHECK(line.find(verdict.facts.card_number) != std::string::npos);
}

TEST_CASE("whatever is changed in an entry is found, in the entry that was changed") {
  const std::vector<std::pair<std::string, std::string>> changes{
      {R"("at":"2026-03-03)", R"("at":"2026-03-02)"},
      {R"("card_number":"AB1234567")", R"("card_number":"AB1234568")"},
      {R"("confirmed":true)", R"("confirmed":false)"},
      {R"("device":"tram-7")", R"("device":"tram-8")"},
      {R"("kind":"states")", R"("kind":"months")"},
      {R"("as_of":"2026-03-01)", R"("as_of":"2026-03-02)"},
      {R"("uri":"https:)", R"("uri":"http:)"},
      {R"("outcome":"VALID")", R"("outcome":"INVALID")"},
      {R"("reasons":["OK_EXTENDED","STATUS_AGEING"])", R"("reasons":["OK_EXTENDED"])"},
      {R"("role":"inspector")", R"("role":"observer")"},
      {R"("written":"2026-03-03T09:00:00Z")", R"("written":"2026-03-03T09:00:01Z")"},
      {R"("number":3)", R"("number":2)"}};
  for (const auto& [was, becomes] : changes) {
    INFO(was);
    const FiveChecks five;
    REQUIRE(five.lines()[2].find(was) != std::string::npos);
    five.sql(fmt::format("UPDATE entries SET line = replace(line, '{}', '{}') WHERE number = 3", was, becomes));
    CHECK(five.problem() == LogProblem{LogFault::changed, 3});
  }
  const FiveChecks other_kind, spaces, hash, row;
  other_kind.sql(R"(UPDATE entries SET line = replace(line, '"kind":"check"', '"kind":"note"') WHERE number = 3)");
  CHECK(other_kind.problem() == LogProblem{LogFault::malformed, 3});
  spaces.sql(R"(UPDATE entries SET line = line || ' ' WHERE number = 3)");
  CHECK(spaces.problem() == LogProblem{LogFault::malformed, 3});
  hash.sql("UPDATE entries SET hash = zeroblob(32) WHERE number = 3");
  CHECK(hash.problem() == LogProblem{LogFault::changed, 3});
  row.sql("UPDATE entries SET number = 500 WHERE number = 5");
  CHECK(row.problem() == LogProblem{LogFault::changed, 5});
}

TEST_CASE("entries that are missing, moved or cut off are named") {
  const FiveChecks first, middle, last, moved, all;
  first.sql("DELETE FROM entries WHERE number = 1");
  CHECK(first.problem() == LogProblem{LogFault::gap, 1});
  middle.sql("DELETE FROM entries WHERE number = 3");
  CHECK(middle.problem() == LogProblem{LogFault::gap, 3});
  last.sql("DELETE FROM entries WHERE number = 5");
  CHECK(last.problem() == LogProblem{LogFault::truncated, 5});
  all.sql("DELETE FROM entries");
  CHECK(all.problem() == LogProblem{LogFault::truncated, 1});
  moved.sql(
      "UPDATE entries SET line = (SELECT line FROM entries o WHERE o.number = 7 - entries.number),"
      "hash = (SELECT hash FROM entries o WHERE o.number = 7 - entries.number) WHERE number IN (3, 4)");
  CHECK(moved.problem() == LogProblem{LogFault::changed, 3});
}

TEST_CASE("a log that does not end where its head says takes no more entries") {
  const FiveChecks cut, headless, foreign, emptied;
  cut.sql("DELETE FROM entries WHERE number = 5");
  CHECK(CheckLog::open_to_append(cut.file).error() == LogError::broken);
  fs::remove(headless.head);
  CHECK(headless.problem() == LogProblem{LogFault::head_missing, 5});
  CHECK(CheckLog::open_to_append(headless.file).error() == LogError::broken);
  std::ofstream(foreign.head) << "4 " << std::string(64, '0') << '\n';
  CHECK(foreign.problem() == LogProblem{LogFault::head_differs, 4});
  CHECK(CheckLog::open_to_append(foreign.file).error() == LogError::broken);
  fs::remove(emptied.file);
  CHECK(CheckLog::open_to_append(emptied.file).error() == LogError::broken);
  CHECK_FALSE(fs::exists(emptied.file));
}

// A power cut between the entry and its head.
TEST_CASE("a head that lags behind is no fault, and the next entry mends it") {
  const FiveChecks five;
  const auto head = content_of(five.head);
  REQUIRE(five.open().append(check_on("2026-03-06T09:00:00Z")));
  std::ofstream(five.head) << head;
  CHECK_FALSE(five.problem());
  REQUIRE(five.open().append(check_on("2026-03-07T09:00:00Z")));
  CHECK(five.open().head()->number == 7);
}

TEST_CASE("a log survives a kill at any moment") {
  TemporaryFolder folder;
  const auto file = folder.path() / "checks.db";
  std::int64_t before = 0;
  for (int round = 0; round < 12; ++round) {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      auto log = CheckLog::open_to_append(file);
      while (log && log->append(check_on(kDays[0]))) {
      }
      ::_exit(1);
    }
    ::usleep(static_cast<useconds_t>(2000 + round * 3700));
    REQUIRE(::kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    const auto log = CheckLog::open_to_append(file);
    REQUIRE(log);
    const auto seen = review(*log);
    REQUIRE(seen);
    CHECK_FALSE(seen->problem);
    CHECK(seen->head.number >= before);
    before = seen->head.number;
  }
  CHECK(before > 0);
}

TEST_CASE("a clock that was set back shows") {
  const FiveChecks five;
  REQUIRE(five.open().append(check_on("2026-02-01T09:00:00Z")));
  REQUIRE(five.open().append(check_on("2026-02-02T09:00:00Z")));
  const auto seen = five.seen();
  CHECK_FALSE(seen.problem);
  CHECK(seen.clock_set_back == std::vector<std::int64_t>{6});
}

TEST_CASE("what is older than the retention limit goes, and the chain still holds") {
  const FiveChecks five;
  CHECK(five.open().trim(2, at("2026-03-05T10:00:00Z")) == 3);
  auto seen = five.seen();
  CHECK_FALSE(seen.problem);
  CHECK(seen.removed.number == 3);
  CHECK(seen.head.number == 6);
  CHECK(five.lines().back().find(R"("kind":"removal")") != std::string::npos);
  CHECK(five.open().trim(2, at("2026-03-05T10:00:00Z")) == 0);
  CHECK(five.open().trim(1, at("2026-03-20T10:00:00Z")) == 3);
  REQUIRE(five.open().append(check_on("2026-03-20T11:00:00Z")));
  seen = five.seen();
  CHECK_FALSE(seen.problem);
  CHECK(seen.removed.number == 6);
  CHECK(seen.head.number == 8);
  CHECK(content_of(five.file).find("2026-03-02T09") == std::string::npos);  // overwritten, not only unlinked
}

TEST_CASE("a removal that nobody told of shows") {
  const FiveChecks five;
  const auto log = five.open();
  Json::Value second;
  REQUIRE(log.each([&](std::int64_t number, std::string_view, crypto::ByteView hash) {
    if (number == 2) second = crypto::to_hex(hash);
    return true;
  }));
  five.sql("DELETE FROM entries WHERE number <= 2");
  five.sql(fmt::format("UPDATE removed SET number = 2, hash = x'{}'", second.asString()));
  CHECK(five.problem() == LogProblem{LogFault::untold_loss, 2});
}

TEST_CASE("other files and newer logs are refused") {
  TemporaryFolder folder;
  const auto file = folder.path() / "other";
  std::ofstream(file) << std::string(5000, 'x');
  CHECK(CheckLog::open_to_append(file).error() == LogError::not_a_log);
  CHECK(CheckLog::open_to_read(file).error() == LogError::not_a_log);
  CHECK(CheckLog::open_to_read(folder.path() / "none").error() == LogError::not_found);
  CHECK(CheckLog::open_to_append(folder.path() / "none" / "log").error() == LogError::storage);

  const FiveChecks newer, trigger;
  newer.sql("PRAGMA user_version=2");
  CHECK(CheckLog::open_to_append(newer.file).error() == LogError::newer_schema);
  CHECK(CheckLog::open_to_read(newer.file).error() == LogError::newer_schema);
  trigger.sql("CREATE TRIGGER quiet AFTER INSERT ON entries BEGIN DELETE FROM entries WHERE number = new.number; END");
  CHECK(CheckLog::open_to_append(trigger.file).error() == LogError::not_a_log);
}

TEST_CASE("an export is signed by the terminal, and any change of it is found") {
  const FiveChecks five;
  const Terminal terminal;
  const auto text = terminal.exported(five);
  const auto seen = review_export(text, terminal.tree.cvca());
  REQUIRE(seen);
  CHECK_FALSE(seen->log.problem);
  CHECK(seen->signer == "RURIGIS00001");
  CHECK(seen->log.head == five.seen().head);

  const auto changed = [&](const std::string& was, const std::string& becomes) {
    auto other = text;
    other.replace(other.find(was), was.size(), becomes);
    return terminal.problem(other);
  };
  const auto& lines = five.lines();
  CHECK(changed("AB1234567", "AB1234568") == LogProblem{LogFault::changed, 1});
  CHECK(changed(R"({"entry":)" + lines[2], R"({"entry":)" + lines[1]) == LogProblem{LogFault::changed, 3});
  const auto third = text.find(R"({"entry":)" + lines[2]), fourth = text.find(R"({"entry":)" + lines[3]);
  CHECK(changed(text.substr(third, fourth - third), "") == LogProblem{LogFault::gap, 3});
  const auto fifth = text.find(R"({"entry":)" + lines[4]), signature = text.find(R"({"signature")");
  CHECK(changed(text.substr(fifth, signature - fifth), "") == LogProblem{LogFault::truncated, 5});
  CHECK(terminal.problem(text.substr(0, fifth)) == LogProblem{LogFault::truncated, 5});
  CHECK(terminal.problem(text.substr(0, signature)) == LogProblem{LogFault::not_signed, 6});
  CHECK(changed("2026-03-10T09:00:00Z", "2026-03-11T09:00:00Z") == LogProblem{LogFault::not_signed, 6});
  CHECK(terminal.problem(text + "\n{}") == LogProblem{LogFault::not_signed, 6});
  CHECK(Terminal{}.problem(text) == LogProblem{LogFault::stranger, 6});
  CHECK(terminal.problem(terminal.exported(five, "2027-03-10T09:00:00Z")) == LogProblem{LogFault::stranger, 6});
  CHECK_FALSE(review_export("{}\n", terminal.tree.cvca()));
}

TEST_CASE("a log must continue what was exported before") {
  const FiveChecks five;
  const Terminal terminal;
  const auto earlier = review_export(terminal.exported(five), terminal.tree.cvca()).value();
  REQUIRE(five.open().append(check_on("2026-03-06T09:00:00Z")));
  CHECK_FALSE(five.seen(&earlier.history).problem);
  CHECK_FALSE(terminal.problem(terminal.exported(five), &earlier.history));

  // Another history that is whole in itself: who may write the file can make one.
  const FiveChecks rewritten;
  fs::remove(rewritten.file);
  fs::remove(rewritten.head);
  auto log = rewritten.open();
  for (const auto* day : {kDays[0], kDays[1], kDays[2], kDays[2], kDays[4]}) REQUIRE(log.append(check_on(day)));
  CHECK_FALSE(rewritten.problem());
  CHECK(rewritten.seen(&earlier.history).problem == LogProblem{LogFault::other_history, 4});
  const FiveChecks fewer;
  fs::remove(fewer.file);
  fs::remove(fewer.head);
  REQUIRE(fewer.open().append(check_on(kDays[0])));
  CHECK(fewer.seen(&earlier.history).problem == LogProblem{LogFault::truncated, 2});

  REQUIRE(five.open().trim(1, at("2026-03-06T10:00:00Z")) == 5);
  CHECK_FALSE(five.seen(&earlier.history).problem);
  REQUIRE(five.open().trim(1, at("2026-03-20T10:00:00Z")) == 2);
  CHECK(five.seen(&earlier.history).problem == LogProblem{LogFault::unseen_loss, 6});
}
