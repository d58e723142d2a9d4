// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/publisher.hpp"

#include <json/json.h>

#include <fstream>
#include <sstream>

#include "card/patent/list_delta.hpp"
#include "crypto/signed_token.hpp"
#include "personalize/status/enrolment.hpp"
#include "personalize/status/transitions.hpp"
#include "tests/unit/personalize/ledger_sample.hpp"
#include "tests/unit/personalize/station.hpp"

namespace {

using namespace personalize;
using patent::ListKind;
using patent::State;
using sample::kAt;
using sample::kListUri;
using std::chrono::hours;

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

class Authority {
public:
  Authority() : ledger_(StatusBook::open(folder_ / "ledger", MissingDatabase::make, sample::personal_data()).value()) {}

  std::vector<PublishedList> publish(std::chrono::sys_seconds at) {
    auto lists = personalize::publish(*ledger_, signer(), {.at = at}, out());
    REQUIRE(lists);
    return *std::move(lists);
  }
  [[nodiscard]] patent::StatusList token(std::string_view file, ListKind kind) const {
    const auto opened = crypto::open_token(read(out() / file), patent::token_type(kind));
    REQUIRE(opened);
    CHECK(opened->signer.is_status_signer());
    const auto list = patent::status_list_from_claims(kind, opened->payload);
    REQUIRE(list);
    return *list;
  }
  void change(std::string_view card, State state, std::uint8_t months) {
    const auto next = follow(**ledger_->newest_status(card), {state, 0, months, kAt + hours(1)});
    REQUIRE(next);
    REQUIRE(ledger_->add_status(*next));
  }
  static const Signer& signer() { return sample::domain().signers.status; }
  StatusLedger& ledger() { return *ledger_; }
  [[nodiscard]] std::filesystem::path out() const { return folder_ / "out"; }

private:
  TemporaryFolder folder_;
  std::unique_ptr<StatusLedger> ledger_;
};

constexpr std::string_view kStatesFile = "status.example_lists_0.states.jwt";
constexpr std::string_view kMonthsFile = "status.example_lists_0.months.jwt";

}  // namespace

TEST_CASE("Lists say what the ledger says, signed", "[publisher]") {
  Authority authority;
  sample::entered(authority.ledger(), "P00000017", 5);
  sample::entered(authority.ledger(), "P00000018", 999'999);
  authority.change("P00000018", State::annulled, 1);
  const auto published = authority.publish(kAt + hours(2));
  REQUIRE(published.size() == 2);
  CHECK(published[0].file == kStatesFile);
  CHECK(published[1].file == kMonthsFile);

  const auto states = authority.token(kStatesFile, ListKind::states);
  CHECK(states.uri == kListUri);
  CHECK(states.issued_at == kAt + hours(2));
  CHECK(states.expires == kAt + hours(74));
  CHECK(states.time_to_live == hours(12));
  CHECK(states.entries.bits() == 4);
  CHECK(states.entries.size() == kShardCards);
  CHECK(states.entries[5] == 0);
  CHECK(states.entries[999'999] == 0xC);
  const auto months = authority.token(kMonthsFile, ListKind::months);
  CHECK(months.uri == kListUri);
  CHECK(months.entries[5] == 1);
  CHECK(months.entries[6] == 0);
  CHECK(!crypto::open_token(read(authority.out() / kMonthsFile), patent::token_type(ListKind::states)));

  std::istringstream aggregation(read(authority.out() / "lists.json"));
  Json::Value json;
  aggregation >> json;
  REQUIRE(json["status_lists"].size() == 1);
  CHECK(json["status_lists"][0].asString() == kListUri);
}

TEST_CASE("A list can be made again, octet for octet, whatever came later", "[publisher]") {
  Authority authority;
  sample::entered(authority.ledger(), "P00000017", 5);
  std::vector<PublishedList> all;
  std::map<std::pair<ListKind, std::int64_t>, std::string> payloads;
  for (int version = 1; version <= 3; ++version) {
    authority.change("P00000017", State::valid, static_cast<std::uint8_t>(version + 1));
    for (const auto& list : authority.publish(kAt + hours(10 * version))) {
      CHECK(list.publication.version == version);
      const auto kind = list.publication.kind;
      payloads[{kind, version}] =
          crypto::open_token(read(authority.out() / list.file), patent::token_type(kind))->payload;
    }
  }
  authority.change("P00000017", State::lost, 4);
  for (const auto kind : {ListKind::states, ListKind::months}) {
    const auto publications = authority.ledger().publications(kind, kListUri);
    REQUIRE(publications->size() == 3);
    for (const auto& publication : *publications) {
      const auto again = list_of(authority.ledger(), publication);
      REQUIRE(again);
      CHECK(patent::to_claims(*again) == payloads.at({kind, publication.version}));
    }
  }
  auto forged = authority.ledger().publications(ListKind::months, kListUri)->front();
  ++forged.up_to;
  CHECK(list_of(authority.ledger(), forged).error().error == LedgerError::corrupt);
}

TEST_CASE("A delta leads from an earlier list to the newest one", "[publisher]") {
  Authority authority;
  sample::entered(authority.ledger(), "P00000017", 5);
  authority.publish(kAt + hours(2));
  const auto first = authority.token(kMonthsFile, ListKind::months);
  sample::entered(authority.ledger(), "P00000018", 77);
  authority.change("P00000017", State::valid, 2);
  authority.publish(kAt + hours(3));
  const auto published = authority.publish(kAt + hours(4));
  const auto newest = authority.token(kMonthsFile, ListKind::months);
  const auto& deltas = published[1].deltas;
  REQUIRE(deltas.size() == 2);
  CHECK(deltas.front().from == 1);
  CHECK(deltas.front().file == "status.example_lists_0.months.1-3.delta");
  const auto text = read(authority.out() / deltas.front().file);
  const auto next = patent::apply_delta(first, crypto::as_bytes(text));
  REQUIRE(next);
  CHECK(*next == newest);
  CHECK(!std::filesystem::exists(authority.out() / "status.example_lists_0.months.1-2.delta"));
}

TEST_CASE("What readers would not take is not published", "[publisher]") {
  Authority authority;
  const auto publish_at = [&](std::chrono::sys_seconds at) {
    return personalize::publish(authority.ledger(), Authority::signer(), {.at = at}, authority.out());
  };
  CHECK(authority.publish(kAt).empty());  // no list yet
  sample::entered(authority.ledger(), "P00000017", 5);
  authority.publish(kAt + hours(2));
  const auto before = read(authority.out() / kStatesFile);
  CHECK(std::holds_alternative<NotNewer>(publish_at(kAt + hours(2)).error()));
  CHECK(std::holds_alternative<NotNewer>(publish_at(kAt + hours(1)).error()));
  const auto expired = publish_at(kAt + std::chrono::days(200));
  REQUIRE(std::holds_alternative<IssuerFailure>(expired.error()));
  CHECK(std::get<IssuerFailure>(expired.error()).error == IssuerError::period_over);
  const auto foreign =
      personalize::publish(authority.ledger(), sample::domain().signers.document, {.at = kAt + hours(3)}, "/nowhere");
  REQUIRE(std::holds_alternative<IssuerFailure>(foreign.error()));
  CHECK(std::get<IssuerFailure>(foreign.error()).error == IssuerError::wrong_signer);
  CHECK(read(authority.out() / kStatesFile) == before);
  CHECK(authority.ledger().publications(ListKind::states, kListUri)->size() == 1);
}

TEST_CASE("A new card gets its place before it is signed, and is entered once", "[enrolment]") {
  Authority authority;
  auto order = sample::order();
  REQUIRE(give_place(authority.ledger(), "https://status.example/lists", order));
  CHECK(order.patent.status_list_uri == kListUri);
  auto again = sample::order();
  REQUIRE(give_place(authority.ledger(), "https://status.example/lists", again));
  CHECK(again.patent == order.patent);
  auto other = sample::order("5a3b1e00-0000-4000-8000-00000000aaaa", "P00000018");
  other.patent.status_list_uri = order.patent.status_list_uri;
  other.patent.status_index = order.patent.status_index;
  CHECK(give_place(authority.ledger(), "", other).error().error == LedgerError::wrong_state);

  for (int twice = 0; twice < 2; ++twice) REQUIRE(enter_issued(authority.ledger(), order, kAt, kAt));
  CHECK(authority.ledger().statuses("P00000017")->size() == 1);
  CHECK(**authority.ledger().newest_status("P00000017") == first_status(order, kAt));

  // A duplicate ends the card that it replaces, once, and takes what was paid and not settled.
  const PaymentLine paid{.uin = "18810000000000000017",
                         .payer_inn = order.patent.inn,
                         .kbk = "18210102040011000110",
                         .oktmo = order.patent.territory_oktmo,
                         .kopecks = 1'000'000,
                         .paid_on = order.patent.issue_date,
                         .known_on = order.patent.issue_date};
  REQUIRE(authority.ledger().add_payment(paid, "P00000017", Unmatched::none));
  other.patent.status_list_uri.clear();
  other.type = OrderType::duplicate;
  other.previous_card_number = "P00000017";
  REQUIRE(give_place(authority.ledger(), "https://status.example/lists", other));
  for (int twice = 0; twice < 2; ++twice)
    REQUIRE(enter_issued(authority.ledger(), other, kAt + hours(1), kAt + hours(1)));
  CHECK((*authority.ledger().newest_status("P00000017"))->state == State::replaced);
  CHECK(authority.ledger().statuses("P00000017")->size() == 2);
  CHECK((*authority.ledger().newest_status("P00000018"))->state == State::valid);
  CHECK(authority.ledger().payments_of("P00000017")->empty());
  CHECK(authority.ledger().unsettled().value() == std::vector<std::string>{"P00000018"});
}
