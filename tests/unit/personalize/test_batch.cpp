// SPDX-License-Identifier: Apache-2.0
// Many orders by many readers, and everything that may come between.
#include "floor_station.hpp"
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

TEST_CASE("Two readers issue each order once, whichever file it comes in") {
  FloorStation station("batch-once");
  const auto all =
      feeds({{station.blank(1), station.blank(2), station.blank(3)}, {station.blank(4), station.blank(5)}});
  const auto text = sample::line(sample::order_json(5));
  const std::vector files{station.write("a.jsonl", lines(1, 4)), station.write("b.jsonl", lines(2, 3) + text),
                          station.write("c.json", text)};
  const auto result = station.run(all, files);
  CHECK(result.issued == 5);
  CHECK(result.refused == 0);
  CHECK(result.complete);
  CHECK(feed(all, 0).finished.size() + feed(all, 1).finished.size() == 5);
  CHECK(station.books().count("receipt") == 5);
  CHECK(station.books().count("card") == 5);  // in the status ledger
  CHECK(station.books().stock.sums()->issued == 5);
  check_sums(station);

  const auto again = station.run(feeds({{}}), files);
  CHECK(again.issued == 0);
  CHECK(again.issued_before == 8);
  CHECK(again.complete);
}

TEST_CASE("A reader that goes away at any APDU comes back to the same chip") {
  for (const std::size_t at : {0, 3, 7, 9, 14, 20, 26, 27, 35, 40}) {
    INFO(at);
    FloorStation station("batch-away");
    const auto all = feeds({{station.blank(1, once(at, wire::LinkError::no_reader)), station.blank(2)}});
    feed(all).away = 2;
    const auto result = station.run(all, {station.write("a.jsonl", lines(1, 2))});
    CHECK(result.issued == 2);
    CHECK(result.rejected == 0);
    CHECK(result.complete);
    CHECK(station.count<CardTorn>() == 1);
    CHECK(station.count<ReaderLost>() == 1);
    CHECK(station.count<ReaderBack>() == 1);
    CHECK(feed(all).finished.front().filename().string().ends_with("0000001.card"));
    check_sums(station);
  }
}

TEST_CASE("A card that hangs is given up after its time, and finished later") {
  FloorStation station("batch-hang");
  const auto hang = [done = std::make_shared<bool>()](std::size_t exchange) -> std::optional<wire::LinkError> {
    if (exchange == 12 && !std::exchange(*done, true)) std::this_thread::sleep_for(3s);
    return std::nullopt;
  };
  const auto all = feeds({{station.blank(1, hang)}});
  feed(all).away = 8;  // until the hung call lets the card go
  BatchSettings settings;
  settings.apdu_limit = 2s;
  const auto begin = std::chrono::steady_clock::now();
  station.watch = [](const BatchEvent& event) {
    if (std::holds_alternative<ReaderLost>(event)) std::this_thread::sleep_for(1500ms);
  };
  const auto result = station.run(all, {station.write("a.jsonl", lines(1, 1))}, {}, settings);
  CHECK(result.issued == 1);
  CHECK(std::chrono::steady_clock::now() - begin < 30s);
  const auto& failure = station.only<CardTorn>().failure;
  REQUIRE(std::holds_alternative<RunFailure>(failure));
  CHECK(std::get<RunFailure>(failure).link == wire::LinkError::timed_out);
}

TEST_CASE("A chip that fails again and again voids its order, and the next one goes on") {
  FloorStation station("batch-dead");
  const auto dead = [](std::size_t exchange) {
    return exchange == 15 ? std::optional(wire::LinkError::bad_response) : std::nullopt;
  };
  const auto all = feeds({{station.blank(1, dead), station.blank(2)}});
  const auto result = station.run(all, {station.write("a.jsonl", lines(1, 2))});
  CHECK(result.issued == 1);
  CHECK(result.rejected == 1);
  CHECK(result.complete);
  CHECK(result.open_orders.empty());
  CHECK(station.count<CardTorn>() == 2);
  CHECK(feed(all).rejected.size() == 1);
  CHECK(station.only<CardRejected>().blank_number == "PR0000001");
  const auto voided = station.only<CardRejected>().order_id;
  CHECK(station.state(voided.back() == '1' ? 1 : 2) == OrderState::voided);
  CHECK(station.books().stock.find("PR0000001").value()->state == BlankState::rejected);
  CHECK(station.only<CardRejected>().alive);  // nobody could end it
  CHECK(station.alive() == std::set<std::string>{"PR0000001"});
  check_sums(station);
}

TEST_CASE("A chip that fails before its order is bound costs a blank, and no order") {
  FloorStation station("batch-mute");
  const auto mute = [](std::size_t exchange) {
    return exchange == 2 ? std::optional(wire::LinkError::card_mute) : std::nullopt;
  };
  auto first = station.blank(1, mute);
  first.blank_number = "PR0000001";  // the chip does not tell
  const auto all = feeds({{first, station.blank(2)}});
  const auto result = station.run(all, {station.write("a.jsonl", lines(1, 1))});
  CHECK(result.issued == 1);
  CHECK(result.rejected == 1);
  CHECK(station.only<CardRejected>().order_id.empty());
  CHECK(station.books().stock.find("PR0000001").value()->state == BlankState::rejected);
  check_sums(station);
}

TEST_CASE("A torn card that is mute once when it is powered is finished") {
  FloorStation station("batch-mute-once");
  const auto all = feeds({{station.blank(1, once(15, wire::LinkError::card_removed))}});
  feed(all).mute = 1;
  const auto result = station.run(all, {station.write("a.jsonl", lines(1, 1))});
  CHECK(result.issued == 1);
  CHECK(feed(all).rejected.empty());
  check_sums(station);
}

TEST_CASE("A torn card that somebody swaps is finished when it comes back") {
  FloorStation station("batch-swap");
  const auto all = feeds({{station.blank(1, once(15, wire::LinkError::card_removed)), station.blank(2)}});
  feed(all).swap = true;
  const auto result = station.run(all, {station.write("a.jsonl", lines(1, 2))});
  CHECK(result.issued == 2);
  CHECK(result.complete);
  CHECK(feed(all).finished.size() == 2);
  check_sums(station);
}

TEST_CASE("A card that was never ours, in the place of a torn one, costs no order") {
  FloorStation station("batch-swap-foreign");
  auto other = sample::Domain::make("batch-swap-foreign-domain");
  const auto file = station.write("a.jsonl", lines(1, 1));
  auto torn = station.blank(1, once(15, wire::LinkError::card_removed));
  const auto all = feeds({{torn, {sample::blank("foreign-swap.card", 77, *other.transport), {}, {}}}});
  feed(all).swap = true;
  const auto result = station.run(all, {file});
  CHECK(result.rejected == 0);
  CHECK(result.open_orders == std::map<std::string, std::string>{{sample::order_id(1), "0102030405060701"}});
  CHECK(station.state(1) == OrderState::writing);
  torn.fault = {};
  CHECK(station.run(feeds({{torn}}), {file}).issued == 1);
  check_sums(station);
}

TEST_CASE("An order that somebody voids while its card is written ends once, with that card") {
  FloorStation station("batch-voided");
  sample::Books by_hand(station.open_again());
  std::string voided;
  station.watch = [&](const BatchEvent& event) {
    const auto* const step = std::get_if<CardStep>(&event);
    const bool writes = step != nullptr && step->progress.phase == Phase::writing && step->progress.run.done > 0;
    if (!writes || !voided.empty()) return;
    voided = step->order_id;
    CHECK(by_hand.orders.void_order(voided, "by the operator"));
  };
  const auto all = feeds({{station.blank(1), station.blank(2)}});
  const auto result = station.run(all, {station.write("a.jsonl", lines(1, 2))});
  CHECK(result.issued == 1);
  CHECK(result.rejected == 1);
  CHECK(result.complete);
  CHECK(result.open_orders.empty());
  CHECK(feed(all).reasons == std::vector<std::string>{"order_voided"});
  CHECK(station.books().orders.find(voided).value()->state == OrderState::voided);
  CHECK(station.books().stock.find("PR0000001").value()->state == BlankState::rejected);
  check_sums(station);
}

TEST_CASE("A batch that is stopped finishes the card in hand, gives the rest back, and is resumed") {
  FloorStation station("batch-stop");
  const auto all = feeds({{station.blank(1), station.blank(2), station.blank(3), station.blank(4)}});
  const auto file = station.write("a.jsonl", lines(1, 4));
  std::stop_source stop;
  station.watch = [&](const BatchEvent& event) {
    if (std::holds_alternative<CardStep>(event)) stop.request_stop();
  };
  const auto first = station.run(all, {file}, stop.get_token());
  CHECK(first.issued == 1);
  CHECK(first.interrupted);
  CHECK_FALSE(first.complete);
  CHECK(station.books().queue.counts()->claimed == 0);
  station.watch = {};
  const auto second = station.run(all, {file});
  CHECK(second.issued == 3);
  CHECK(second.issued_before == 1);
  CHECK(second.complete);
  check_sums(station);
}

TEST_CASE("A run that died leaves a card that the next one finishes or takes out") {
  FloorStation station("batch-died");
  const auto file = station.write("a.jsonl", lines(1, 2));
  // The feed gives nothing again: as if the plug had been pulled.
  const auto pulled = [](std::size_t exchange) {
    return exchange >= 18 ? std::optional(wire::LinkError::card_removed) : std::nullopt;
  };
  auto torn = station.blank(1, pulled);
  auto first = feeds({{torn}});
  feed(first).away = 1'000'000;
  std::stop_source stop;
  station.watch = [&](const BatchEvent& event) {
    if (std::holds_alternative<ReaderLost>(event)) stop.request_stop();
  };
  const auto broken = station.run(first, {file}, stop.get_token());
  CHECK(broken.issued == 0);
  CHECK(broken.open_orders.size() == 1);
  station.watch = {};
  torn.fault = {};
  const auto issued = station.run(feeds({{torn, station.blank(2)}}), {file});
  CHECK(issued.issued == 2);
  CHECK(issued.complete);
  // And once more: the card was not taken out.
  const auto done = feeds({{torn, station.blank(3)}});
  CHECK(station.run(done, {file, station.write("b.jsonl", lines(3, 3))}).issued == 1);
  CHECK(feed(done).finished.size() == 2);
  check_sums(station);
}

TEST_CASE("A blank that an order was begun on is rejected with that order only, whatever card bears its number") {
  FloorStation station("batch-taken");
  auto other = sample::Domain::make("batch-taken-domain");
  const auto file = station.write("a.jsonl", lines(1, 1));
  auto torn = station.blank(1, once(30, wire::LinkError::card_removed));
  std::stop_source stop;
  station.watch = [&](const BatchEvent& event) {
    if (std::holds_alternative<ReaderLost>(event)) stop.request_stop();
  };
  auto first = feeds({{torn}});
  feed(first).away = 1'000'000;
  REQUIRE(station.run(first, {file}, stop.get_token()).open_orders.size() == 1);
  station.watch = {};
  torn.fault = {};
  const FeedCard foreign{sample::blank("foreign-taken.card", 77, *other.transport), "PR0000001", {}};
  CHECK(station.run(feeds({{foreign, torn}}), {file}).issued == 1);
  CHECK(station.books().stock.find("PR0000001").value()->state == BlankState::issued);
  check_sums(station);
}

TEST_CASE("No station holds back what is another's by now") {
  FloorStation station("batch-hold");
  const auto order = sample::line(sample::order_json(1));
  auto& queue = station.books().queue;
  REQUIRE(queue.submit({sample::order_id(1), "ab", "", order}, sample::kAt));
  REQUIRE(queue.claim_order(sample::order_id(1), "station-2", 120s, sample::kAt));
  {
    CommitQueue commits(*station.books().database);
    LedgerOrders orders(
        {commits, queue, station.books().orders, station.books().stock, station.books().statuses}, nullptr,
        {.workplace = {.station = "station-1", .operator_name = "test"}, .list_base = {}, .orders = {}, .clock = [] {
           return sample::kAt;
         }});
    CHECK(orders.hold(sample::order_id(1), "wrong_state"));
    CHECK(orders.hold(sample::order_id(2), "wrong_state"));  // nobody knows it
  }
  CHECK(queue.counts()->held == 0);
  CHECK(queue.counts()->claimed == 1);
}

TEST_CASE("What is no order, changed, or names another blank is said, and the rest goes on") {
  FloorStation station("batch-refused");
  auto other_blank = sample::order_json(2);
  other_blank["patent"]["blank_number"] = "PR0000009";
  auto changed = sample::order_json(1);
  changed["holder"]["birth_place"] = "г. Куляб";
  const auto torn = lines(4, 4);
  const auto text = lines(1, 1) + "{\"order_id\": 1}\n" + sample::line(other_blank) + sample::line(changed) +
                    lines(3, 3) + torn.substr(0, torn.size() / 2);
  const auto all = feeds({{station.blank(1), station.blank(2), station.blank(3)}});
  BatchSettings settings;
  settings.preparing_threads = 1;  // in the order of the file
  const auto result = station.run(all, {station.write("a.jsonl", text), "/nowhere.json"}, {}, settings);
  CHECK(result.issued == 2);
  CHECK(result.refused == 5);
  std::vector<std::string> places, codes;
  for (const auto& event : station.events) {
    if (const auto* document = std::get_if<DocumentRefused>(&event))
      places.push_back(document->where.substr(document->where.rfind('/') + 1));
    if (const auto* refused = std::get_if<OrderRefused>(&event)) codes.emplace_back(code_of(refused->failure));
  }
  CHECK(places == std::vector<std::string>{"a.jsonl:2", "a.jsonl:6", "nowhere.json"});
  std::ranges::sort(codes);
  CHECK(codes == std::vector<std::string>{"blank_mismatch", "order_changed"});
  CHECK(station.books().queue.counts()->held == 1);
}

TEST_CASE("A blank that is no blank of ours goes into the bin, and its order onto the next one") {
  FloorStation station("batch-blanks");
  auto unknown = station.blank(1);
  unknown.blank_number = "PR7777777";
  auto lying = station.blank(2);
  lying.blank_number = "PR0000003";
  auto other = sample::Domain::make("batch-other-domain");
  const FeedCard foreign{sample::blank("foreign-batch.card", 77, *other.transport), {}, {}};
  const auto all = feeds({{unknown, lying, station.blank(3), foreign, station.blank(4)}});
  const auto result = station.run(all, {station.write("a.jsonl", lines(1, 2))});
  CHECK(result.issued == 2);
  CHECK(result.complete);
  CHECK(feed(all).reasons == std::vector<std::string>{"blank_unknown", "blank_of_another_chip", "wrong_keys"});
  // By their chips the stock knows which blanks lie in the bin.
  CHECK(station.books().stock.find("PR0000001").value()->reason == "blank_unknown");
  CHECK(station.books().stock.find("PR0000002").value()->reason == "blank_of_another_chip");
  CHECK(station.books().stock.find("PR0000003").value()->state == BlankState::issued);
  check_sums(station);
}

TEST_CASE("Three unfit blanks in a row are no accident: the reader stops") {
  FloorStation station("batch-unfit");
  auto other = sample::Domain::make("batch-unfit-domain");
  std::deque<FeedCard> cards;
  for (crypto::Byte i = 1; i <= 5; ++i)
    cards.push_back({sample::blank(fmt::format("unfit-{}.card", i), i, *other.transport), {}, {}});
  const auto all = feeds({cards});
  const auto result = station.run(all, {station.write("a.jsonl", lines(1, 1))});
  CHECK(result.issued == 0);
  CHECK_FALSE(result.complete);
  CHECK(feed(all).rejected.size() == 3);
  CHECK(station.only<ReaderLost>().failure.error == FeedError::failed);
  CHECK(station.books().queue.counts()->waiting == 1);
}
