// SPDX-License-Identifier: Apache-2.0
// What is left on the floor is compared: the books with each other, and with what lies in the folders of cards.
#include <set>

#include "personalize/audit/chain_review.hpp"
#include "personalize/floor/stock_report.hpp"
#include "reader/inspect/session.hpp"
#include "reader/judge/reasons.hpp"
#include "reader/judge/verify.hpp"
#include "tests/kill/floor_world.hpp"
#include "tests/kill/fragile_card.hpp"
#include "tests/unit/personalize/floor_station.hpp"

namespace kill_test {
namespace fs = std::filesystem;
using namespace personalize;
using layout::LifeCycle;
using sample::domain;
using sample::kAt;

namespace {

enum class Place : std::uint8_t { to_do, finished, bin, away };

struct SeenCard {
  fs::path file;
  Place place{};
  bool dead = false;
  Chip chip;
  // Nobody can be blamed for a card that died, or that nobody brought back.
  [[nodiscard]] bool lost() const { return dead || place == Place::away; }
};

class Judge {
public:
  explicit Judge(const Floor& floor)
      : floor_(floor),
        books_(open_database(floor.ledger, MissingDatabase::refuse).value(), "judge"),
        orders_(books_.orders.list({}, 1'000'000).value()) {}

  Judgement judge(const std::vector<std::string>& folders, Proof proof) {
    for (const auto& folder : folders) {
      look_at(floor_.folder / folder, Place::to_do);
      look_at(floor_.folder / folder / "issued", Place::finished);
      look_at(floor_.folder / folder / "rejected", Place::bin);
    }
    look_at(floor_.folder / "away", Place::away);
    orders();
    cards();
    sums();
    events();
    audit();
    if (proof == Proof::readable) read_cards();
    return std::move(found_);
  }

private:
  // "No" after what it is of: a sentence.
  void expect(bool holds, const std::string& of, std::string_view rule) {
    if (!holds) found_.faults.push_back(of + ": not so: " + std::string(rule));
  }

  void look_at(const fs::path& folder, Place place) {
    if (!fs::exists(folder)) return;
    const Graves graves(floor_.folder / "dead");
    const ChannelKeys keys{*domain().transport, *domain().issuer, sample::profile().channel_key};
    crypto::OpensslEngine engine;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".card") continue;
      const auto name = entry.path().stem().string();
      auto card = reader::virtual_cards<host::EmbeddedCard>()(entry.path().string()).value();
      CardInHand hand(engine, card, keys);
      const bool known = hand.identify().has_value();
      expect(known, name, "its chip says who it is");
      if (!known) continue;
      const SeenCard seen{entry.path(), place, graves.of(entry.path()).has_value(), hand.chip()};
      expect(cards_.emplace(hand.chip_serial(), seen).second, name, "its chip lies in one place");
    }
  }

  // Each is issued once, or voided, or held, or open on a chip that is named, or waits for one.
  void orders() {
    expect(orders_.size() == floor_.orders, "ledger", "it has each order once");
    std::set<std::string> chips, blanks, places;
    for (const auto& order : orders_) {
      const auto& id = order.order_id;
      const bool issued = order.state == OrderState::issued;
      if (!issued && order.state != OrderState::voided)
        found_.unended.push_back(fmt::format("{} is {} {}", id, name(order.state), order.held_reason));
      if (!order.chip_serial.empty()) {
        expect(chips.insert(order.chip_serial).second, id, "no other order has its chip");
        expect(blanks.insert(order.blank_number).second, id, "no other order has its blank");
        expect(cards_.contains(order.chip_serial), id, "its chip is one of the floor's");
      }
      expect(books_.orders.receipt(id).value().has_value() == issued, id, "it has a receipt if it is issued");
      expect(books_.statuses.card(order.card_number).value().has_value() == issued, id,
             "its card is in the status book if it is issued");
      expect(audit_lines("card_issued", id) == (issued ? 1 : 0), id, "the audit chain has its issue once, or never");
      expect(audit_lines("order_voided", id) == (order.state == OrderState::voided ? 1 : 0), id,
             "the audit chain has its end once, if it is voided");
      switch (order.state) {
        case OrderState::issued: issued_order(order, places); break;
        case OrderState::voided: voided_order(order); break;
        case OrderState::writing:
        case OrderState::personalized: open_order(order); break;
        case OrderState::received:
        case OrderState::prepared: expect(order.chip_serial.empty(), id, "no chip is bound to an order that waits");
      }
    }
    expect(books_.count("receipt") == found_.issued, "ledger", "as many receipts as issued orders");
    expect(books_.count("card") == found_.issued, "status book", "as many cards as issued orders");
    if (found_.unended.empty())
      expect(books_.queue.counts().value().claimed == 0, "queue", "nobody claims what has ended");
  }

  void issued_order(const LedgerEntry& order, std::set<std::string>& places) {
    const auto& id = order.order_id;
    ++found_.issued;
    expect(order.held_reason.empty(), id, "an issued order is not held");
    expect(places.insert(order.status_list_uri + "#" + std::to_string(order.status_index)).second, id,
           "no other card has its place in the status list");
    const auto receipt = books_.orders.receipt(id).value().value_or("");
    for (const auto& part : {id, order.chip_serial, order.card_number})
      expect(receipt.find(part) != std::string::npos, id, "its receipt names " + part);
    expect(audit_lines("card_begun", id) >= 1, id, "the audit chain has its begin");
    expect(blank_of(order, BlankState::issued), id, "its blank is issued, to it and with its chip");
    const auto entry = books_.statuses.card(order.card_number).value();
    expect(entry && entry->list_index == order.status_index, id, "the status book has its place");
    expect(books_.statuses.statuses(order.card_number).value().size() == 1, id, "its card had one status");
    const auto card = cards_.find(order.chip_serial);
    if (card == cards_.end()) return;
    expect(card->second.chip.life_cycle == LifeCycle::personalized, id, "its chip is closed");
    expect(card->second.place != Place::bin || card->second.dead, id, "its card is not thrown away");
  }

  void voided_order(const LedgerEntry& order) {
    const auto& id = order.order_id;
    ++found_.voided;
    expect(!order.void_reason.empty(), id, "it says why it is voided");
    if (order.chip_serial.empty()) return;
    expect(blank_of(order, BlankState::rejected), id, "its blank is rejected with it");
  }

  void open_order(const LedgerEntry& order) {
    const auto& id = order.order_id;
    expect(!order.chip_serial.empty(), id, "an open order names its chip");
    expect(blank_of(order, BlankState::taken), id, "its blank is taken, by it and with its chip");
    const auto card = cards_.find(order.chip_serial);
    if (card == cards_.end()) return;
    expect(card->second.place != Place::finished, id, "no open card is taken out as finished");
  }

  bool blank_of(const LedgerEntry& order, BlankState state) {
    const auto blank = books_.stock.find(order.blank_number).value();
    return blank && blank->state == state && blank->order_id == order.order_id &&
           blank->chip_serial == order.chip_serial;
  }

  // Each blank's chip is what the stock says, and lies where that means.
  void cards() {
    expect(cards_.size() == floor_.blanks, "cards", "each blank's card is there");
    for (const auto& [serial, card] : cards_) {
      const auto name = card.file.stem().string();
      const auto blank = books_.stock.find_by_chip(serial).value();
      expect(blank && blank->number == name, name, "the stock knows it by its chip");
      if (!blank) continue;
      const auto order = books_.orders.find_by_chip(serial).value();
      switch (blank->state) {
        case BlankState::in_stock:
          expect(!order, name, "no order has a blank in stock");
          expect(card.place == Place::to_do || card.lost(), name, "a blank in stock lies where blanks lie");
          expect(card.chip.keys == KeySet::transport && card.chip.life_cycle == LifeCycle::op_ready, name,
                 "a blank in stock was never written to");
          break;
        case BlankState::taken:
        case BlankState::issued: expect(order && order->order_id == blank->order_id, name, "its order has it"); break;
        case BlankState::rejected:
          expect(card.lost(), name, "no blank is rejected whose chip is well");
          expect(card.place == Place::bin || card.place == Place::away, name, "a rejected card lies in the bin");
          expect(!order || order->state == OrderState::voided, name, "no order lives on a rejected blank");
          break;
        case BlankState::destroyed: expect(false, name, "nobody destroyed it"); break;
      }
    }
  }

  void sums() {
    const auto sums = books_.stock.sums().value();
    expect(sums.received == floor_.blanks, "stock", "all blanks are received");
    expect(sums.received == sums.issued + sums.rejected + sums.destroyed + sums.remaining, "stock",
           "received = issued + rejected + destroyed + remaining");
    expect(sums.issued == found_.issued, "stock", "as many blanks issued as orders");
    const auto report = read_stock_report(*books_.database, books_.audit, kAt).value();
    const auto unfit = check_stock(*books_.database, report).value();
    for (const auto& each : unfit) found_.faults.push_back("stock report: " + each.code + ' ' + each.subject);
  }

  // Handed out at least once: what is not acknowledged comes again, the same.
  void events() {
    const auto receiver = "judge " + std::to_string(books_.events.receivers().value().size());
    std::multiset<std::string> issued;
    while (true) {
      const auto events = books_.events.next(receiver, 2).value();
      if (events.empty()) break;
      const auto again = books_.events.next(receiver, 2).value();
      expect(again.front().id == events.front().id, "events", "what was not acknowledged comes again");
      for (const auto& stored : events) {
        expect(stored.event.kind == EventKind::issued, "events", "nothing but issues is told");
        issued.insert(stored.event.card_number);
      }
      if (!books_.events.acknowledge(receiver, events.back().sequence)) throw std::runtime_error("no acknowledgement");
    }
    for (const auto& order : orders_)
      expect(issued.count(order.card_number) == (order.state == OrderState::issued ? 1 : 0), order.order_id,
             "one event tells of its issue, if it is issued");
    expect(issued.size() == found_.issued, "events", "as many as issued orders");
  }

  void audit() {
    const auto review = review_chains(*books_.database, {.trust = &domain().trust, .now = kAt}).value();
    expect(review.whole(), "audit", "all chains are whole");
  }

  std::int64_t audit_lines(const std::string& what, const std::string& order_id) {
    const auto row = books_.database->query("SELECT COUNT(*) FROM audit_line WHERE line LIKE ? AND line LIKE ?",
                                            "%\"" + what + "\"%", "%" + order_id + "%");
    row->next();
    return row->number(0);
  }

  void read_cards() {
    for (const auto& order : orders_) {
      const auto seen = cards_.find(order.chip_serial);
      if (order.state != OrderState::issued || seen == cards_.end()) continue;
      auto card = reader::virtual_cards<host::EmbeddedCard>()(seen->second.file.string()).value();
      Json::Value print;
      std::istringstream(books_.orders.print_form(order.order_id).value().value().json) >> print;
      const auto can = print["can"].asString();
      crypto::OpensslEngine engine;
      reader::SessionOptions options;
      options.link = card.limits;
      const reader::AccessKey key{crypto::PasswordKind::can, crypto::Secret(crypto::as_bytes(can))};
      const auto evidence = reader::inspect(engine, *card.channel, key, {}, options, kAt);
      const auto verdict = reader::verify(evidence, domain().trust, {}, kAt);
      expect(verdict.outcome == reader::Outcome::valid, order.order_id,
             fmt::format("its card is VALID ({})", reader::rule_of(verdict.headline).name));
      expect(verdict.facts.card_number == order.card_number, order.order_id, "its card bears its number");
    }
  }

  const Floor& floor_;
  sample::Books books_;
  std::vector<LedgerEntry> orders_;
  std::map<std::string, SeenCard> cards_;  // by chip serial
  Judgement found_;
};

}  // namespace

Judgement judge(const Floor& floor, const std::vector<std::string>& folders, Proof proof) {
  return Judge(floor).judge(folders, proof);
}

}  // namespace kill_test
