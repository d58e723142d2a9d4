// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "personalize/audit/chain_review.hpp"
#include "personalize/ledger/audit_line.hpp"
#include "reader/inspect/instant.hpp"
#include "tests/seed.hpp"
#include "tests/unit/personalize/ledger_place.hpp"
#include "tests/unit/personalize/station.hpp"

using namespace personalize;
using namespace std::chrono_literals;
using reader::LogFault;
using sample::kAt;

namespace {

AuditEvent issued(std::string card, crypto::Time at) {
  return {"card_issued", at, "Иванова А.", {{"card", std::move(card)}, {"chip", "0102030405060708"}}};
}

// A ledger in a folder of its own, and one station's chain in it.
struct Books {
  sample::LedgerPlace place;
  std::unique_ptr<Database> database = place.open();
  AuditChain chain{*database, "station-1"};
  ChainEvidence evidence{&sample::domain().trust, {}, kAt};

  explicit Books(Engine engine = Engine::sqlite) : place(engine) {
    chain.sign_by(signs_chain(sample::domain().signers.status));
  }
  void append(int lines) {
    REQUIRE(database->transaction([&]() -> Logged<void> {
      for (int i = 0; i < lines; ++i) PATENT_TRY_VOID(chain.append(issued(fmt::format("P{:08}", i), kAt)));
      return {};
    }));
  }
  AuditAnchor anchor() { return chain.sign(kAt).value().value(); }
  void sql(const std::string& text) { database->script(text); }
  void unguard() { sql("DROP TRIGGER audit_line_stays; DROP TRIGGER audit_line_is_kept"); }
  [[nodiscard]] ChainReview seen() const { return review_chains(*database, evidence).value(); }
  [[nodiscard]] StationReview one() const {
    const auto all = seen().stations;
    REQUIRE(all.size() == 1);
    return all.front();
  }
  [[nodiscard]] std::optional<reader::LogProblem> problem() const { return one().problem; }
  [[nodiscard]] std::string exported() const {
    std::ostringstream out;
    REQUIRE(export_chains(*database, kAt, out));
    return out.str();
  }
  [[nodiscard]] bool finds(const std::string& text) const {
    std::istringstream in(text);
    const auto review = review_export(in, evidence);
    return !review || !review->whole();
  }
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}
std::string joined(const std::vector<std::string>& lines) { return fmt::format("{}\n", fmt::join(lines, "\n")); }

}  // namespace

TEST_CASE("a line has one form, and nothing else is one", "[audit]") {
  const AuditLine line{7, "station-1", kAt, "card_issued", "Иванова А.", {{"card", "P00000001"}}};
  const auto text = to_line(line);
  CHECK(text == R"({"at":")" + reader::to_iso(kAt) +
                    R"(","facts":{"card":"P00000001"},"number":7,"operator":"Иванова А.","station":"station-1",)" +
                    R"("what":"card_issued"})");
  CHECK(to_line(*read_audit_line(text)) == text);
  for (const auto* const bad :
       {"", "{}", "[]", R"({"at":"x","facts":{},"number":1,"operator":"","station":"","what":""})"})
    CHECK_FALSE(read_audit_line(bad));
  CHECK_FALSE(read_audit_line(text + " "));
}

TEST_CASE("a chain is signed by itself and on demand, and reviewed whole", "[audit]") {
  Books books(GENERATE(Engine::sqlite, Engine::postgres));
  books.append(AuditChain::kSignEvery + 3);
  auto review = books.one();
  CHECK_FALSE(review.problem);
  CHECK(review.head.number == AuditChain::kSignEvery + 4);
  CHECK(review.signatures == 1);
  CHECK(review.unsigned_lines() == 3);
  books.evidence.anchors.push_back(books.anchor());
  review = books.one();
  CHECK_FALSE(review.problem);
  CHECK(review.signatures == 2);
  CHECK(review.unsigned_lines() == 0);

  AuditChain other(*books.database, "station-2");  // waits for nobody, and has a chain of its own
  REQUIRE(other.append(issued("P00000001", kAt)));
  REQUIRE(books.seen().stations.size() == 2);
  CHECK(books.seen().whole());
  CHECK_FALSE(books.finds(books.exported()));
}

TEST_CASE("a line is there exactly when its transaction is", "[audit]") {
  Books books(GENERATE(Engine::sqlite, Engine::postgres));
  books.append(2);
  CHECK_FALSE(books.database->transaction([&]() -> Logged<void> {
    PATENT_TRY_VOID(books.chain.append(issued("P00000009", kAt)));
    return books.database->failure(LedgerError::wrong_state);
  }));
  CHECK(books.one().head.number == 2);
  books.append(1);
  CHECK_FALSE(books.problem());
}

TEST_CASE("two programs of one station write one chain", "[audit]") {
  Books books(GENERATE(Engine::sqlite, Engine::postgres));
  books.append(1);
  constexpr int kEach = 30;
  std::atomic<int> failed = 0;
  const auto write = [&] {
    const auto database = books.place.open();
    AuditChain chain(*database, "station-1");
    for (int i = 0; i < kEach; ++i)
      if (!chain.append(issued("P00000002", kAt))) ++failed;
  };
  { const std::jthread one(write), other(write); }
  CHECK(failed == 0);
  CHECK_FALSE(books.problem());
  CHECK(books.one().head.number == 1 + 2 * kEach);
}

TEST_CASE("what no line can hold is not chained", "[audit]") {
  Books books(GENERATE(Engine::sqlite, Engine::postgres));
  books.append(1);
  CHECK(books.chain.append({"card_issued", kAt, "\xFF\xFE", {}}).error().error == LedgerError::wrong_state);
  CHECK(books.chain.append({"card_issued", kAt, std::string(70'000, 'x'), {}}).error().error ==
        LedgerError::wrong_state);
  CHECK(books.one().head.number == 1);
}

TEST_CASE("a signer out of office signs nothing, and the chain goes on", "[audit]") {
  Books books;
  books.append(1);
  CHECK_FALSE(books.chain.sign(kAt + std::chrono::years{20}).value());
  REQUIRE(books.chain.append(issued("P00000002", kAt)));
  CHECK_FALSE(books.problem());
  CHECK(books.one().signatures == 0);
}

TEST_CASE("an anchor is a line that is signed", "[audit]") {
  Books books;
  books.append(3);
  const auto anchor = books.anchor();
  const auto text = to_json(anchor);
  const auto again = read_anchor(text);
  REQUIRE(again);
  CHECK(again->statement == anchor.statement);
  SignatureJudge judge(sample::domain().trust, kAt);
  CHECK_FALSE(judge.fault_of(*again));
  auto other = *again;
  ++other.statement.point.number;
  CHECK(judge.fault_of(other) == SignatureFault::not_signed);
  static auto stranger = sample::Domain::make("another-domain");
  SignatureJudge strangers(stranger.trust, kAt);
  CHECK(strangers.fault_of(*again) == SignatureFault::stranger);
  for (const auto* const bad : {"", "{}", R"({"format":"patent-audit-anchor","version":1})"})
    CHECK_FALSE(read_anchor(bad));
}

TEST_CASE("rows of the chain are only ever added", "[audit]") {
  Books books(GENERATE(Engine::sqlite, Engine::postgres));
  books.append(2);
  CHECK_THROWS_AS(books.sql("UPDATE audit_line SET line = 'x' WHERE number = 1"), DatabaseError);
  CHECK_THROWS_AS(books.sql("DELETE FROM audit_line WHERE number = 1"), DatabaseError);
}

TEST_CASE("whoever can write the tables is found out, and the first bad line is named", "[audit]") {
  Books books;
  books.append(5);
  books.evidence.anchors.push_back(books.anchor());
  books.unguard();
  const auto found = [&](const char* sql, LogFault fault, std::int64_t number) {
    INFO(sql);
    books.sql(sql);
    CHECK(books.problem() == reader::LogProblem{fault, number});
  };
  SECTION("a change") {
    found("UPDATE audit_line SET line = replace(line, 'P00000001', 'P00000007') WHERE number = 2", LogFault::changed,
          2);
  }
  SECTION("a line no more readable") {
    found("UPDATE audit_line SET line = 'x' WHERE number = 3", LogFault::malformed, 3);
  }
  SECTION("a deletion") { found("DELETE FROM audit_line WHERE number = 3", LogFault::gap, 3); }
  SECTION("the first") { found("DELETE FROM audit_line WHERE number = 1", LogFault::gap, 1); }
  SECTION("two places exchanged") {
    found(
        "UPDATE audit_line SET number = 100 WHERE number = 2; UPDATE audit_line SET number = 2 WHERE number = 3; "
        "UPDATE audit_line SET number = 3 WHERE number = 100",
        LogFault::changed, 2);
  }
  SECTION("a line given to another station") {
    books.sql("UPDATE audit_line SET station = 'station-0' WHERE number = 6");
    CHECK_FALSE(books.seen().whole());
  }
  SECTION("the end cut off") { found("DELETE FROM audit_line WHERE number > 4", LogFault::truncated, 5); }
  SECTION("the end cut off, and the head moved back") {
    found(
        "DELETE FROM audit_line WHERE number > 4; UPDATE audit_head SET number = 4, hash = "
        "(SELECT hash FROM audit_line WHERE number = 4)",
        LogFault::truncated, 5);
  }
  SECTION("all of it") { found("DELETE FROM audit_line; DELETE FROM audit_head", LogFault::chain_missing, 1); }
  SECTION("all of it, where nobody has an anchor") {
    books.sql(
        "INSERT INTO shift (station, operator_name, opened, received_before, issued_before, rejected_before, "
        "destroyed_before, remaining_before) VALUES ('station-1', 'Ivanova', 0, 0, 0, 0, 0, 0)");
    CHECK_FALSE(books.problem());
    books.evidence.anchors.clear();
    found("DELETE FROM audit_line; DELETE FROM audit_head", LogFault::chain_missing, 1);
    CHECK(books.finds(books.exported()));
  }
  SECTION("the head of other lines") { found("UPDATE audit_head SET hash = x'00'", LogFault::head_differs, 6); }
}

TEST_CASE("a history written anew does not lead through the anchor", "[audit]") {
  Books books, forged;
  books.append(5);
  forged.append(5);
  forged.evidence.anchors = {books.anchor()};
  REQUIRE(forged.chain.append(issued("P00000055", kAt)));
  CHECK_FALSE(forged.problem());  // the same lines
  Books other;
  other.append(4);
  REQUIRE(other.chain.append(issued("P00000099", kAt)));
  REQUIRE(other.chain.append(issued("P00000100", kAt)));
  other.evidence.anchors = forged.evidence.anchors;
  CHECK(other.problem() == reader::LogProblem{LogFault::other_history, 5});
}

TEST_CASE("a chain without signatures cannot grow long", "[audit]") {
  Books books;
  books.chain.sign_by({});
  books.append(16 * AuditChain::kSignEvery);
  CHECK_FALSE(books.problem());
  books.append(1);
  CHECK(books.problem() == reader::LogProblem{LogFault::not_signed, 1});
  books.chain.sign_by(signs_chain(sample::domain().signers.status));
  books.anchor();
  CHECK_FALSE(books.problem());
}

TEST_CASE("what lies after the last signature is told, and must not grow old", "[audit]") {
  Books books;
  books.append(2);
  books.anchor();
  CHECK_FALSE(books.one().unsigned_since);
  books.append(3);
  const auto seen = books.one();
  CHECK_FALSE(seen.problem);
  CHECK(seen.unsigned_lines() == 3);
  CHECK(seen.unsigned_since == kAt);
  books.evidence.now = kAt + 24h;
  CHECK_FALSE(books.problem());
  books.evidence.now += 1s;
  CHECK(books.problem() == reader::LogProblem{LogFault::not_signed, 4});
  CHECK(books.finds(books.exported()));
  books.evidence.unsigned_for = 48h;
  CHECK_FALSE(books.problem());
}

TEST_CASE("every single mutation of an exported chain is found", "[audit]") {
  Books books;
  books.append(40);
  books.evidence.anchors = {books.anchor()};
  const auto text = books.exported();
  const auto lines = lines_of(text);
  REQUIRE_FALSE(books.finds(text));
  const auto seed = test_seed();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const auto any = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };

  for (std::size_t at = 0; at < lines.size(); ++at) {
    INFO("line " << at);
    auto gone = lines;
    gone.erase(gone.begin() + static_cast<std::ptrdiff_t>(at));
    CHECK(books.finds(joined(gone)));
    auto twice = lines;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(at), lines[at]);
    CHECK(books.finds(joined(twice)));
    CHECK(books.finds(joined({lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(at)})));
    if (at + 1 < lines.size()) {
      auto turned = lines;
      std::swap(turned[at], turned[at + 1]);
      CHECK(books.finds(joined(turned)));
    }
  }
  // The time of the export is nobody's proof, and a last line feed no content.
  const auto time = text.find("\"exported\":\"");
  const auto behind = text.find('"', time + 12);
  for (int i = 0; i < 800; ++i) {
    auto changed = text;
    const auto at = any(text.size() - 1);
    if (at >= time && at <= behind) continue;
    changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << any(8)));
    INFO("octet " << at << " of " << text.size());
    CHECK(books.finds(changed));
  }
}
