// SPDX-License-Identifier: Apache-2.0
// What is left on the floor is compared: the books with each other, and with what lies in the folders of cards.
#include <set>

#include "personalize/audit/chain_review.hpp"
#include "personalize/floor/stock_report.hpp"
#include "reader/inspect/session.hpp"
#include "reader/judge/reasons.hpp"
#include "reader/judge/verify.hpp"
#include "tests/kill/floor_world.hpp"
#include "tests/unit/personalize/floor_station.hpp"

namespace kill_test {
namespace fs = std::filesystem;
using namespace personalize;
using layout::LifeCycle;
using sample::domain;
using sample::kAt;

namespace {

struct SeenCard {
  fs::path file;
  bool left = false;  // the feed was told that it is done
  Chip chip;
};
using Cards = std::map<std::string, SeenCard>;  // by chip serial

reader::PoweredCard power(const fs::path& file) {
  auto card = reader::virtual_cards<host::EmbeddedCard>()(file.string());
  REQUIRE(card);
  return *std::move(card);
}

void look_at(const fs::path& folder, bool left, Cards& cards) {
  const ChannelKeys keys{*domain().transport, *domain().issuer, sample::profile().channel_key};
  crypto::OpensslEngine engine;
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".card") continue;
    INFO(entry.path());
    auto card = power(entry.path());
    CardInHand hand(engine, card, keys);
    REQUIRE(hand.identify());
    CHECK(cards.emplace(hand.chip_serial(), SeenCard{entry.path(), left, hand.chip()}).second);
  }
}

class Judge {
public:
  Judge(const Floor& floor, Cards cards)
      : floor_(floor),
        cards_(std::move(cards)),
        books_(open_database(floor.ledger, MissingDatabase::refuse).value(), "judge"),
        orders_(books_.orders.list().value()) {}

  // No chip has two orders, no order two chips, and each is issued with a receipt.
  void orders() {
    CHECK(orders_.size() == floor_.orders);
    std::set<std::string> chips, blanks, places;
    for (const auto& order : orders_) {
      INFO(order.order_id);
      CHECK(order.state == OrderState::issued);
      CHECK(order.held_reason.empty());
      CHECK(chips.insert(order.chip_serial).second);
      CHECK(blanks.insert(order.blank_number).second);
      CHECK(places.insert(order.status_list_uri + "#" + std::to_string(order.status_index)).second);
      const auto receipt = books_.orders.receipt(order.order_id).value();
      REQUIRE(receipt);
      CHECK(receipt->find(order.chip_serial) != std::string::npos);
      CHECK(receipt->find(order.card_number) != std::string::npos);
      REQUIRE(cards_.contains(order.chip_serial));
      CHECK(cards_.at(order.chip_serial).chip.life_cycle == LifeCycle::personalized);
      const auto blank = books_.stock.find(order.blank_number).value();
      REQUIRE(blank);
      CHECK(blank->state == BlankState::issued);
      CHECK(blank->order_id == order.order_id);
      CHECK(blank->chip_serial == order.chip_serial);
    }
    CHECK(books_.count("receipt") == floor_.orders);
    CHECK(books_.count("orders") == floor_.orders);
    const auto queue = books_.queue.counts().value();
    CHECK(queue.claimed == 0);
  }

  // Each blank is where the stock says, and its chip is what that means.
  void stock() {
    const auto sums = books_.stock.sums().value();
    CHECK(sums.received == floor_.blanks);
    CHECK(sums.received == sums.issued + sums.rejected + sums.destroyed + sums.remaining);
    CHECK(sums.issued == floor_.orders);
    CHECK(sums.rejected == 0);
    const auto report = read_stock_report(*books_.database, books_.audit, kAt).value();
    const auto unfit = check_stock(*books_.database, report).value();
    for (const auto& each : unfit) FAIL_CHECK(each.code << " " << each.subject);
    CHECK(cards_.size() == floor_.blanks);
    for (const auto& [serial, card] : cards_) {
      INFO(card.file);
      const auto blank = books_.stock.find_by_chip(serial).value();
      REQUIRE(blank);
      const auto order = books_.orders.find_by_chip(serial).value();
      CHECK(blank->state == (order ? BlankState::issued : BlankState::in_stock));
      if (card.left) CHECK(order);
      if (order) continue;
      CHECK(card.chip.keys == KeySet::transport);
      CHECK(card.chip.life_cycle == LifeCycle::op_ready);
    }
  }

  void events() {
    std::set<std::string> cards;
    const auto events = books_.events.next("judge", 10'000).value();
    for (const auto& stored : events) {
      CHECK(stored.event.kind == EventKind::issued);
      CHECK(cards.insert(stored.event.card_number).second);
    }
    CHECK(cards.size() == floor_.orders);
  }

  void status_book() {
    CHECK(books_.count("card") == floor_.orders);
    for (const auto& order : orders_) {
      const auto card = books_.statuses.card(order.card_number).value();
      REQUIRE(card);
      CHECK(card->list_index == order.status_index);
      CHECK(books_.statuses.statuses(order.card_number)->size() == 1);
    }
  }

  void audit() {
    const auto review = review_chains(*books_.database, {.trust = &domain().trust, .now = kAt}).value();
    CHECK(review.whole());
    CHECK(events_in_audit("card_issued") == floor_.orders);
    CHECK(events_in_audit("card_begun") >= floor_.orders);
    CHECK(events_in_audit("order_voided") == 0);
  }

  void read_cards() {
    for (const auto& order : orders_) {
      INFO(order.order_id);
      auto card = power(cards_.at(order.chip_serial).file);
      Json::Value print;
      std::istringstream(books_.orders.print_form(order.order_id).value()->json) >> print;
      const auto can = print["can"].asString();
      crypto::OpensslEngine engine;
      reader::SessionOptions options;
      options.link = card.limits;
      const reader::AccessKey key{crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(can))};
      const auto evidence = reader::inspect(engine, *card.channel, key, {}, options, kAt);
      const auto verdict = reader::verify(evidence, domain().trust, {}, kAt);
      INFO(reader::rule_of(verdict.headline).name);
      CHECK(verdict.outcome == reader::Outcome::valid);
      CHECK(verdict.facts.card_number == order.card_number);
    }
  }

private:
  std::int64_t events_in_audit(const std::string& what) {
    const auto row = books_.database->query("SELECT COUNT(*) FROM audit_line WHERE line LIKE ?", "%\"" + what + "\"%");
    row->next();
    return row->number(0);
  }

  const Floor& floor_;
  Cards cards_;
  sample::Books books_;
  std::vector<LedgerEntry> orders_;
};

}  // namespace

void judge(const Floor& floor, const std::vector<std::string>& folders, Proof proof) {
  Cards cards;
  for (const auto& folder : folders) {
    look_at(floor.folder / folder, false, cards);
    look_at(floor.folder / folder / "issued", true, cards);
    look_at(floor.folder / folder / "rejected", false, cards);
  }
  Judge judge(floor, std::move(cards));
  judge.stock();
  judge.orders();
  judge.events();
  judge.status_book();
  judge.audit();
  if (proof == Proof::readable) judge.read_cards();
}

}  // namespace kill_test
