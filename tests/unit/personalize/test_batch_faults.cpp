// SPDX-License-Identifier: Apache-2.0
// Batches whose HSM, reader, program or stock fails, and cards that are not what they seem.
#include <latch>

#include "floor_station.hpp"
#include "personalize/floor/watchdog.hpp"
#include "personalize/issue/words.hpp"

using namespace personalize;
using namespace std::chrono_literals;
using sample::check_sums;
using sample::feed;
using sample::FeedCard;
using sample::feeds;
using sample::FloorStation;
using sample::lines;
using sample::once;

namespace {

// A key in a token that is not what it was.
class LostKey final : public crypto::MasterKey {
public:
  explicit LostKey(crypto::CryptoError error) : error_(error) {}
  crypto::Result<crypto::Secret, crypto::CryptoError> derive(crypto::ByteView, crypto::ByteView,
                                                             std::size_t) const override {
    return crypto::unexpected(error_);
  }
  crypto::Result<crypto::Buffer<3>, crypto::CryptoError> check_value() const override {
    return crypto::unexpected(error_);
  }

private:
  crypto::CryptoError error_;
};

std::map<std::string, std::string> open_on(unsigned order, unsigned chip) {
  return {{sample::order_id(order), fmt::format("01020304050607{:02X}", chip)}};
}

}  // namespace

TEST_CASE("A batch whose HSM goes away in mid-card ends with the reason, and goes on with the same chip") {
  for (const auto error : {crypto::CryptoError::unavailable, crypto::CryptoError::locked}) {
    FloorStation station("batch-hsm");
    const LostKey lost(error);
    station.issuer_key = &lost;
    const auto file = station.write("a.jsonl", lines(1, 1));
    const auto card = station.blank(1);
    const auto broken = station.run(feeds({{card}}), {file});
    CHECK(broken.issued + broken.rejected + broken.refused == 0);
    REQUIRE(broken.station_failure);
    REQUIRE(std::holds_alternative<RunFailure>(*broken.station_failure));
    CHECK(std::get<RunFailure>(*broken.station_failure).crypto == error);
    const auto words = words_for(*broken.station_failure);
    CHECK(words.find(error == crypto::CryptoError::locked ? "PIN" : "HSM") != std::string::npos);
    CHECK(broken.open_orders == open_on(1, 1));
    station.issuer_key = nullptr;
    CHECK(station.run(feeds({{}}), {file}).open_orders == open_on(1, 1));
    CHECK(station.run(feeds({{card}}), {file}).issued == 1);
    check_sums(station);
  }
}

TEST_CASE("An exception ends the batch: other cards in hand are finished, and its own by the next run") {
  FloorStation station("batch-exception");
  const auto file = station.write("a.jsonl", lines(1, 4));
  auto first = station.blank(1, [](std::size_t exchange) -> std::optional<wire::LinkError> {
    if (exchange == 15) throw std::runtime_error("no memory left");
    return std::nullopt;
  });
  const auto second = station.blank(2), third = station.blank(3), fourth = station.blank(4);
  const auto result = station.run(feeds({{first}, {second, third}}), {file});
  REQUIRE(result.station_failure);
  CHECK(code_of(*result.station_failure) == "program_fault");
  CHECK(words_for(*result.station_failure).find("no memory left") != std::string::npos);
  REQUIRE(result.open_orders.size() == 1);
  CHECK(result.open_orders.begin()->second == "0102030405060701");
  CHECK(station.books().queue.counts()->claimed == 0);  // what nobody began is given back
  first.fault = {};
  const auto again = station.run(feeds({{first, second, third, fourth}}), {file});
  CHECK(again.issued + result.issued == 4);
  CHECK(again.complete);
  check_sums(station);
}

TEST_CASE("An exception while orders are prepared ends the batch") {
  FloorStation station("batch-exception-ahead");
  station.watch = [](const BatchEvent& event) {
    if (std::holds_alternative<DocumentRefused>(event)) throw std::runtime_error("no disk left");
  };
  const auto result = station.run(feeds({{station.blank(1)}}), {station.write("a.jsonl", "{\"order_id\": 1}\n{}\n")});
  REQUIRE(result.station_failure);
  CHECK(code_of(*result.station_failure) == "program_fault");
  CHECK_FALSE(result.complete);
}

TEST_CASE("A reader that hangs for ever is given up; the batch goes on with the others, and ends") {
  FloorStation station("batch-hangs");
  const auto forever = std::make_shared<std::latch>(1);
  auto torn = station.blank(1, [forever](std::size_t exchange) -> std::optional<wire::LinkError> {
    if (exchange == 12) forever->wait();
    return std::nullopt;
  });
  const auto file = station.write("a.jsonl", lines(1, 3));
  const auto all = feeds({{torn}, {station.blank(2), station.blank(3)}});
  feed(all).away = 1'000'000;
  BatchSettings settings;
  settings.apdu_limit = 2s;
  settings.hung_limit = 100ms;
  const auto result = station.run(all, {file}, {}, settings);
  CHECK(result.issued == 2);
  CHECK_FALSE(result.complete);
  CHECK_FALSE(result.station_failure);
  REQUIRE(result.open_orders.size() == 1);
  CHECK(result.open_orders.begin()->second == "0102030405060701");
  forever->count_down();
  torn.fault = {};
  const auto again = feeds({{torn}});
  CHECK(station.run(again, {file}).issued == 1);
  check_sums(station);
}

TEST_CASE("A reader that hangs when it powers a card is given up; the batch goes on with the others, and ends") {
  const bool torn = GENERATE(false, true);
  FloorStation station("batch-power-hangs");
  const auto forever = std::make_shared<std::latch>(1);
  const auto first = std::make_shared<std::atomic<bool>>(torn);
  auto card = station.blank(1, once(15, wire::LinkError::card_removed));
  card.power = [forever, first] {
    if (!first->exchange(false)) forever->wait();
  };
  const auto file = station.write("a.jsonl", lines(1, 3));
  const auto all = feeds({{card}, {station.blank(2), station.blank(3), station.blank(4)}});
  feed(all).power_limit = 1s;
  BatchSettings settings;
  settings.hung_limit = 100ms;
  const auto result = station.run(all, {file}, {}, settings);
  CHECK(result.issued == (torn ? 2 : 3));
  CHECK(result.open_orders.size() == (torn ? 1 : 0));
  CHECK(feed(all).rejected.empty());
  CHECK(station.count<ReaderLost>() >= 1);
  forever->count_down();
  card.power = {};
  CHECK(station.run(feeds({{card}}), {file}).issued == (torn ? 1 : 0));
  check_sums(station);
}

TEST_CASE("A card that cannot be let go keeps nobody") {
  const auto forever = std::make_shared<std::latch>(1);
  class Clinging final : public wire::Channel {
  public:
    explicit Clinging(std::shared_ptr<std::latch> until) : until_(std::move(until)) {}
    ~Clinging() override { until_->wait(); }
    crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command&) override {
      return crypto::unexpected(wire::LinkError::card_removed);
    }

  private:
    std::shared_ptr<std::latch> until_;
  };
  const auto begin = std::chrono::steady_clock::now();
  {
    auto card = watched({"reader", {}, {}, std::make_unique<Clinging>(forever), {}}, 100ms);
    CHECK(card.channel->transmit({}).error() == wire::LinkError::card_removed);
  }
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  forever->count_down();
}

TEST_CASE("A card that does not say its serial in a torn one's place costs the torn one nothing") {
  const bool mute = GENERATE(true, false);
  FloorStation station("batch-swap-mute");
  const auto torn = station.blank(1, once(15, wire::LinkError::card_removed));
  FeedCard other = station.blank(2, [](std::size_t) { return std::optional(wire::LinkError::bad_response); });
  other.mute = mute;
  const auto all = feeds({{torn, other}});
  feed(all).swap = true;
  const auto result = station.run(all, {station.write("a.jsonl", lines(1, 1))});
  CHECK(result.issued == 1);
  CHECK(result.rejected == 1);
  CHECK(result.complete);
  CHECK(station.only<CardRejected>().order_id.empty());
  CHECK(station.only<CardRejected>().blank_number.empty());
  const auto& told = station.only<OrderRefused>();
  CHECK(words_for(told.failure).find("0102030405060701") != std::string::npos);  // which card to bring
  CHECK(station.books().stock.find("PR0000001").value()->state == BlankState::issued);
  check_sums(station);
}

TEST_CASE("A finished card whose order was voided is terminated when it is fed") {
  FloorStation station("batch-voided-later");
  const auto file = station.write("a.jsonl", lines(1, 1));
  auto torn = station.blank(1, once(30, wire::LinkError::card_removed));
  auto first = feeds({{torn}});
  feed(first).away = 1'000'000;
  std::stop_source stop;
  station.watch = [&](const BatchEvent& event) {
    if (std::holds_alternative<ReaderLost>(event)) stop.request_stop();
  };
  REQUIRE(station.run(first, {file}, stop.get_token()).open_orders == open_on(1, 1));
  station.watch = {};
  REQUIRE(station.state(1) == OrderState::personalized);
  REQUIRE(station.books().orders.void_order(sample::order_id(1), "by the operator"));
  torn.fault = {};
  const auto next = station.write("b.jsonl", lines(2, 2));
  const auto fed = feeds({{torn, station.blank(2)}});
  CHECK(station.run(fed, {next}).issued == 1);
  CHECK(feed(fed).reasons == std::vector<std::string>{"order_voided"});
  CHECK_FALSE(station.only<CardRejected>().alive);
  CHECK(station.alive().empty());
  CHECK(station.books().stock.find("PR0000001").value()->state == BlankState::rejected);
  const auto again = feeds({{torn}});
  station.run(again, {station.write("c.jsonl", lines(3, 3))});
  CHECK(feed(again).reasons == std::vector<std::string>{"out_of_service"});
  check_sums(station);
}

TEST_CASE("A chip that cannot be terminated is known to be alive in the bin, until it is") {
  FloorStation station("batch-alive");
  auto card = station.blank(1);
  station.watch = [&](const BatchEvent& event) {
    const auto* const step = std::get_if<CardStep>(&event);
    if (step != nullptr && step->progress.phase == Phase::reading_back) throw std::runtime_error("no memory left");
  };
  const auto file = station.write("a.jsonl", lines(1, 1));
  REQUIRE(station.run(feeds({{card}}), {file}).open_orders == open_on(1, 1));
  station.watch = {};
  REQUIRE(station.state(1) == OrderState::personalized);
  REQUIRE(station.books().orders.void_order(sample::order_id(1), "by the operator"));
  CHECK(station.alive() == std::set<std::string>{"PR0000001"});
  card.fault = [](std::size_t exchange) {  // identified, and no more
    return exchange >= 8 ? std::optional(wire::LinkError::card_removed) : std::nullopt;
  };
  const auto next = station.write("b.jsonl", lines(2, 2));
  const auto failing = feeds({{card}});
  station.run(failing, {next});
  CHECK(feed(failing).reasons == std::vector<std::string>{"link"});
  CHECK(station.only<CardRejected>().alive);
  CHECK(station.only<CardRejected>().blank_number == "PR0000001");
  CHECK(station.alive() == std::set<std::string>{"PR0000001"});
  const auto report = station.report();
  for (const auto& text :
       {to_text(report, reader::Language::english), to_html(report, nullptr, reader::Language::english)})
    CHECK(text.find("MAY BE ALIVE") != std::string::npos);
  CHECK(to_json(report, nullptr).find("\"chip_alive\" : true") != std::string::npos);
  card.fault = {};
  station.run(feeds({{card}}), {next});
  CHECK_FALSE(station.only<CardRejected>().alive);
  CHECK(station.alive().empty());
}

TEST_CASE("A card whose order somebody issues meanwhile is not terminated") {
  FloorStation station("batch-issued-meanwhile");
  sample::Books by_hand(station.open_again());
  bool issued = false;
  station.watch = [&](const BatchEvent& event) {
    const auto* const step = std::get_if<CardStep>(&event);
    if (step == nullptr || step->progress.phase != Phase::reading_back || std::exchange(issued, true)) return;
    Order order;
    Receipt receipt;
    order.order_id = receipt.order_id = step->order_id;
    CHECK(by_hand.orders.mark_issued(order, receipt));
  };
  const auto card = station.blank(1);
  const auto file = station.write("a.jsonl", lines(1, 1));
  const auto all = feeds({{card}});
  CHECK(station.run(all, {file}).complete);
  CHECK(feed(all).rejected.empty());
  CHECK(feed(all).finished.size() == 1);
  CHECK(station.state(1) == OrderState::issued);
  const auto again = feeds({{card}});
  station.run(again, {station.write("b.jsonl", lines(2, 2))});
  CHECK(feed(again).finished.size() == 1);  // it lives
}

TEST_CASE("A card is not thrown away while the ledger does not tell whose it is") {
  FloorStation station("batch-no-answer");
  const auto by_hand = station.open_again();
  const auto call = [&](const char* statement) {
    REQUIRE(by_hand->guarded([&]() -> Logged<void> {
      by_hand->run(statement);
      return {};
    }));
  };
  auto torn = station.blank(1, [&](std::size_t exchange) -> std::optional<wire::LinkError> {
    if (exchange != 15) return std::nullopt;
    call("ALTER TABLE orders RENAME TO orders_away");
    return wire::LinkError::bad_response;
  });
  const auto file = station.write("a.jsonl", lines(1, 1));
  const auto all = feeds({{torn}});
  BatchSettings settings;
  settings.tries = 1;
  CHECK(station.run(all, {file}, {}, settings).station_failure);
  CHECK(feed(all).rejected.empty());
  call("ALTER TABLE orders_away RENAME TO orders");
  CHECK(station.state(1) == OrderState::writing);
  torn.fault = {};
  CHECK(station.run(feeds({{torn}}), {file}).issued == 1);
  check_sums(station);
}

TEST_CASE("A mute card in the first one's place is not booked under the first one's blank") {
  FloorStation station("batch-mute-swapped");
  auto first = station.blank(1, once(2, wire::LinkError::card_removed));
  first.blank_number = "PR0000001";
  auto mute = station.blank(2);
  mute.mute = true;
  const auto all = feeds({{first, mute}});
  feed(all).swap = true;
  const auto result = station.run(all, {station.write("a.jsonl", lines(1, 1))});
  CHECK(result.issued == 1);
  CHECK(result.rejected == 1);
  CHECK(station.only<CardRejected>().blank_number.empty());
  CHECK(station.books().stock.find("PR0000001").value()->state == BlankState::issued);
  check_sums(station);
}

TEST_CASE("A chip that says nothing twice, as it was torn while it mended itself, is finished") {
  FloorStation station("batch-mute-twice");
  const auto all = feeds({{station.blank(1, once(15, wire::LinkError::card_removed))}});
  feed(all).mute = 2;
  const auto result = station.run(all, {station.write("a.jsonl", lines(1, 1))});
  CHECK(result.complete);
  CHECK(result.issued == 1);
  CHECK(result.rejected == 0);
}

TEST_CASE("A torn chip that stays mute ends its order where the feed knows that it is the same card") {
  FloorStation station("batch-mute-same");
  auto torn = station.blank(1, once(15, wire::LinkError::card_removed));
  const auto all = feeds({{torn, station.blank(2)}});
  feed(all).moves_cards = GENERATE(true, false);
  feed(all).mute = 1'000'000;
  const auto file = station.write("a.jsonl", lines(1, 2));
  const auto result = station.run(all, {file});
  CHECK(result.issued == 1);
  CHECK(result.rejected == 1);
  CHECK(feed(all).reasons == std::vector<std::string>{"card_mute"});
  const auto blank = station.books().stock.find("PR0000001").value();
  const auto end = station.books().orders.find(blank->order_id).value();
  if (!feed(all).moves_cards) {
    CHECK(result.open_orders.size() == 1);
    CHECK(blank->state == BlankState::taken);
    CHECK(end->state == OrderState::writing);
    return;
  }
  CHECK(result.complete);
  CHECK(blank->state == BlankState::rejected);
  CHECK(end->state == OrderState::voided);
  CHECK(end->void_reason == "card_mute");
  CHECK(station.only<CardRejected>().order_id == blank->order_id);
  CHECK(station.alive() == std::set<std::string>{"PR0000001"});
  // It speaks again.
  const auto later = feeds({{torn, station.blank(3)}});
  CHECK(station.run(later, {station.write("b.jsonl", lines(3, 3))}).issued == 1);
  CHECK(feed(later).reasons == std::vector<std::string>{"order_voided"});
  CHECK(station.alive().empty());
  check_sums(station);
}

TEST_CASE("An order that names a used blank is held, and costs no good one") {
  FloorStation station("batch-used-blank");
  std::string text;
  for (const auto& [order, blank] : {std::pair{1U, 1}, {2U, 1}, {3U, 2}}) {
    auto json = sample::order_json(order);
    json["patent"]["blank_number"] = fmt::format("PR000010{}", blank);
    text += sample::line(json);
  }
  std::deque<FeedCard> cards;
  for (crypto::Byte i = 1; i <= 3; ++i) {
    cards.push_back({sample::blank(fmt::format("used-{}.card", i), i, *sample::domain().transport), {}});
    station.books().receive_blank(fmt::format("PR000010{}", i));  // the delivery does not tell the chips
  }
  const auto all = feeds({cards});
  BatchSettings settings;
  settings.preparing_threads = 1;  // in the order of the file
  const auto result = station.run(all, {station.write("a.jsonl", text)}, {}, settings);
  CHECK(result.issued == 2);
  CHECK(result.rejected == 0);
  CHECK(feed(all).rejected.empty());
  CHECK(station.only<OrderRefused>().order_id == sample::order_id(2));
  CHECK(code_of(station.only<OrderRefused>().failure) == "blank_used");
  CHECK(station.books().queue.counts()->held == 1);
  check_sums(station);
}

TEST_CASE("A blank that somebody rejects while its card is written is no issued card's") {
  FloorStation station("batch-rejected-blank");
  sample::Books by_hand(station.open_again());
  bool rejected = false;
  station.watch = [&](const BatchEvent& event) {
    const auto* const step = std::get_if<CardStep>(&event);
    if (step == nullptr || step->progress.phase != Phase::reading_back || std::exchange(rejected, true)) return;
    CHECK(by_hand.stock.reject("PR0000001", "scratched", "Ivanova", sample::kAt));
  };
  const auto card = station.blank(1);
  const auto file = station.write("a.jsonl", lines(1, 1));
  const auto result = station.run(feeds({{card}}), {file});
  CHECK(result.issued == 0);
  CHECK(result.open_orders == open_on(1, 1));  // a person decides
  CHECK(station.count<ReaderLost>() == 1);
  REQUIRE(station.books().orders.void_order(sample::order_id(1), "its blank is scratched"));
  const auto all = feeds({{card}});
  station.run(all, {station.write("b.jsonl", lines(2, 2))});
  CHECK(feed(all).reasons == std::vector<std::string>{"order_voided"});
  CHECK(station.books().stock.find("PR0000001").value()->reason == "scratched");
  check_sums(station);
}

TEST_CASE("A clock that runs ahead holds no order, and is told") {
  FloorStation station("batch-clock-ahead");
  const auto file = station.write("a.jsonl", lines(1, 2));
  const auto card = station.blank(1);
  station.books().now += std::chrono::days(40);  // the orders are paid for one month
  BatchSettings settings;
  settings.newest_known = sample::kAt;
  const auto ahead = station.run(feeds({{card}}), {file}, {}, settings);
  REQUIRE(ahead.station_failure);
  CHECK(code_of(*ahead.station_failure) == "clock_ahead");
  CHECK(station.books().queue.counts()->held == 0);
  // Where the ledger has a line of these days, the orders are late.
  settings.newest_known = station.books().now - std::chrono::days(3);
  const auto late = station.run(feeds({{card}}), {file}, {}, settings);
  CHECK_FALSE(late.station_failure);
  CHECK(station.books().queue.counts()->held == 2);
}

TEST_CASE("An order may follow a card that the ledger does not know, where the batch was told so") {
  for (const bool elsewhere : {false, true}) {
    FloorStation station("batch-elsewhere");
    station.previous_elsewhere = elsewhere;
    auto order = sample::order_json(1);
    order["order_type"] = "DUPLICATE";
    order["previous"]["card_number"] = "P00000909";
    order["previous"]["patent_number"] = "772600000001";
    const auto result = station.run(feeds({{station.blank(1)}}), {station.write("a.jsonl", sample::line(order))});
    CHECK(result.issued == (elsewhere ? 1 : 0));
    CHECK(result.refused == (elsewhere ? 0 : 1));
    const auto said =
        station.books().database->query("SELECT COUNT(*) FROM audit_line WHERE line LIKE ?", "%previous_elsewhere%");
    REQUIRE(said->next());
    CHECK(said->number(0) == (elsewhere ? 1 : 0));
  }
}
