// SPDX-License-Identifier: Apache-2.0
// Owns an issuing floor in small for tests: a ledger with all books, orders as JSON, and readers whose cards fail as
// they are told.
#pragma once

#include <fmt/format.h>
#include <json/json.h>

#include <deque>
#include <fstream>
#include <thread>

#include "books.hpp"
#include "crypto/base64.hpp"
#include "crypto/threaded_engine.hpp"
#include "personalize/floor/batch.hpp"
#include "personalize/floor/ledger_orders.hpp"
#include "personalize/floor/stock_report.hpp"
#include "personalize/floor/watchdog.hpp"
#include "personalize/ledger/shared_ledger.hpp"
#include "station.hpp"

namespace sample {

// What befalls a card's link; counts the exchanges of one powering.
using Fault = std::function<std::optional<wire::LinkError>(std::size_t exchange)>;

class Faulty final : public wire::Channel {
public:
  Faulty(std::unique_ptr<wire::Channel> below, Fault fault) : below_(std::move(below)), fault_(std::move(fault)) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    if (const auto error = fault_ ? fault_(count_++) : std::nullopt) return crypto::unexpected(*error);
    return below_->transmit(command);
  }

private:
  std::unique_ptr<wire::Channel> below_;
  Fault fault_;
  std::size_t count_ = 0;
};

struct FeedCard {
  fs::path file;
  std::string blank_number;
  Fault fault{};                  // of every powering
  bool mute = false;              // says nothing when it is powered
  std::function<void()> power{};  // what happens when it is
};

// Gives its cards one after the other, and again those that come back.
class TestFeed final : public personalize::CardFeed {
public:
  TestFeed(std::string name, std::deque<FeedCard> cards) : name_(std::move(name)), cards_(std::move(cards)) {}

  [[nodiscard]] const std::string& reader_name() const override { return name_; }
  personalize::Fed<personalize::FedCard> get(std::stop_token stop) override {
    if (stop.stop_requested()) return fail(personalize::FeedError::interrupted);
    if (cards_.empty()) return fail(personalize::FeedError::empty);
    return open();
  }
  personalize::Fed<personalize::FedCard> again(std::stop_token) override {
    ++reconnections;
    if (away > 0 && away-- > 0)
      return crypto::unexpected<personalize::FeedFailure>(
          {personalize::FeedError::link, {}, wire::LinkError::no_daemon});
    if (mute > 0 && mute-- > 0)
      return crypto::unexpected<personalize::FeedFailure>(
          {personalize::FeedError::link, {}, wire::LinkError::card_mute});
    if (std::exchange(swap, false) && cards_.size() > 1) {  // somebody puts in another card, and this one at the end
      cards_.push_back(std::move(cards_.front()));
      cards_.back().fault = {};
      cards_.pop_front();
    }
    return open();
  }
  [[nodiscard]] std::string card_in_hand() const override {
    return moves_cards ? cards_.front().file.string() : std::string();
  }
  personalize::Fed<void> done() override { return put(finished); }
  personalize::Fed<void> reject(std::string_view reason) override {
    reasons.emplace_back(reason);
    return put(rejected);
  }

  std::chrono::milliseconds power_limit{60'000};
  unsigned away = 0;  // so often the reader is not there
  unsigned mute = 0;  // so often the card says nothing
  bool swap = false;
  bool moves_cards = false;  // itself, so that nobody changes the card in hand
  unsigned reconnections = 0;
  std::vector<fs::path> finished, rejected;
  std::vector<std::string> reasons;

private:
  static crypto::unexpected<personalize::FeedFailure> fail(personalize::FeedError error) {
    return crypto::unexpected<personalize::FeedFailure>({error, {}});
  }
  personalize::Fed<personalize::FedCard> open() {
    if (cards_.front().mute)
      return crypto::unexpected<personalize::FeedFailure>(
          {personalize::FeedError::link, {}, wire::LinkError::card_mute});
    auto card = personalize::in_time(power_limit, [file = cards_.front().file, power = cards_.front().power] {
      if (power) power();
      return reader::virtual_cards<host::EmbeddedCard>()(file.string());
    });
    if (!card) return crypto::unexpected<personalize::FeedFailure>({personalize::FeedError::link, {}, card.error()});
    card->channel = std::make_unique<Faulty>(std::move(card->channel), cards_.front().fault);
    return personalize::FedCard{*std::move(card), cards_.front().blank_number};
  }
  personalize::Fed<void> put(std::vector<fs::path>& place) {
    place.push_back(cards_.front().file);
    cards_.pop_front();
    return {};
  }

  std::string name_;
  std::deque<FeedCard> cards_;
};

using Feeds = std::vector<std::unique_ptr<personalize::CardFeed>>;

inline Feeds feeds(std::vector<std::deque<FeedCard>> cards) {
  Feeds out;
  for (auto& of_reader : cards)
    out.push_back(std::make_unique<TestFeed>("reader " + std::to_string(out.size()), std::move(of_reader)));
  return out;
}
inline TestFeed& feed(const Feeds& feeds, std::size_t i = 0) { return dynamic_cast<TestFeed&>(*feeds.at(i)); }

// Once only, however often the card is powered.
inline Fault once(std::size_t at, wire::LinkError error) {
  return [at, error, done = std::make_shared<bool>()](std::size_t exchange) {
    return exchange == at && !std::exchange(*done, true) ? std::optional(error) : std::nullopt;
  };
}

inline std::string order_id(unsigned n) { return fmt::format("0b9cbd3e-7e0e-4a7e-9d7a-{:012}", n); }

// Names no blank.
inline Json::Value order_json(unsigned n) {
  Json::Value order;
  std::ifstream(TESTS_DIR "/data/order.json") >> order;
  std::ifstream face(TESTS_DIR "/data/face.jpg", std::ios::binary);
  const crypto::Bytes octets{std::istreambuf_iterator<char>(face), {}};
  order["face"]["format"] = "jpeg";
  order["face"]["data"] = crypto::to_base64(octets);
  order["order_id"] = order_id(n);
  order["patent"]["card_number"] = fmt::format("P{:08}", n);
  order["patent"]["number"] = fmt::format("26{:08}", n);
  order["patent"].removeMember("blank_number");
  return order;
}
inline std::string line(const Json::Value& json) {
  Json::StreamWriterBuilder writer;
  writer["indentation"] = "";
  writer["emitUTF8"] = true;
  return Json::writeString(writer, json) + '\n';
}

// Each on a line.
inline std::string lines(unsigned first, unsigned last) {
  std::string out;
  for (auto n = first; n <= last; ++n) out += line(order_json(n));
  return out;
}

class FloorStation {
public:
  explicit FloorStation(const std::string& name)
      : folder_(workplace() / name),
        books_(open(folder_)),
        issuer_(engine_, profile(), domain().signers, domain().trust) {}

  // A blank in the stock, and its card.
  FeedCard blank(crypto::Byte serial, Fault fault = {}) {
    const auto number = fmt::format("PR{:07}", serial);
    const auto file = sample::blank(folder_.filename().string() + number + ".card", serial, *domain().transport);
    books_.receive_blank(number, fmt::format("01020304050607{:02X}", serial));
    return {.file = file, .blank_number = {}, .fault = std::move(fault)};
  }
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  personalize::BatchResult run(const std::vector<std::unique_ptr<personalize::CardFeed>>& feeds,
                               std::vector<fs::path> files, std::stop_token stop = {},
                               personalize::BatchSettings settings = {}) {
    using namespace personalize;
    using namespace std::chrono_literals;
    events.clear();
    if (settings.apdu_limit == BatchSettings{}.apdu_limit) settings.apdu_limit = 60s;  // sanitizers are slow
    settings.reader_pause = 1ms;
    settings.clock = [this] { return books_.now; };
    CommitQueue commits(*books_.database);
    SharedLedger ledger(books_.orders, commits);
    const ChannelKeys keys{*domain().transport, issuer_key != nullptr ? *issuer_key : *domain().issuer,
                           profile().channel_key};
    Issuance issuance(engine_, ledger, issuer_, keys, "test");
    OrderFiles reading(std::move(files));
    LedgerOrders orders({commits, books_.queue, books_.orders, books_.stock, books_.statuses}, &reading,
                        {.workplace = {.station = "station-1", .operator_name = "test"},
                         .list_base = "https://status.example/lists",
                         .previous_elsewhere = previous_elsewhere ? &books_.audit : nullptr,
                         .orders = {},
                         .clock = [this] { return books_.now; }});
    return Batch(issuance, orders, settings)
        .run(
            feeds, [this](const BatchEvent& event) { on_event(event); }, std::move(stop));
  }

  template <class Event>
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(events, [](const auto& event) { return std::holds_alternative<Event>(event); }));
  }
  template <class Event>
  [[nodiscard]] const Event& only() const {
    REQUIRE(count<Event>() == 1);
    return std::get<Event>(
        *std::ranges::find_if(events, [](const auto& event) { return std::holds_alternative<Event>(event); }));
  }
  [[nodiscard]] personalize::OrderState state(unsigned n) {
    const auto entries = books_.orders.list({}, 1000).value();
    const auto found = std::ranges::find(entries, order_id(n), &personalize::LedgerEntry::order_id);
    REQUIRE(found != entries.end());
    return found->state;
  }
  [[nodiscard]] Books& books() { return books_; }
  [[nodiscard]] personalize::StockReport report() {
    return read_stock_report(*books_.database, books_.audit, books_.now).value();
  }
  // Blanks in the bin whose chips may speak.
  [[nodiscard]] std::set<std::string> alive() { return report().alive; }
  // For who works beside the batch.
  [[nodiscard]] std::unique_ptr<personalize::Database> open_again() const {
    return personalize::open_database((folder_ / "ledger").string(), personalize::MissingDatabase::refuse).value();
  }

  std::vector<personalize::BatchEvent> events;
  std::function<void(const personalize::BatchEvent&)> watch;
  bool keep_events = true;
  const crypto::MasterKey* issuer_key = nullptr;  // in the place of the domain's
  bool previous_elsewhere = false;

private:
  static std::unique_ptr<personalize::Database> open(const fs::path& folder) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    return personalize::open_database((folder / "ledger").string(), personalize::MissingDatabase::make).value();
  }
  void on_event(const personalize::BatchEvent& event) {
    if (keep_events) events.push_back(event);
    if (watch) watch(event);
  }

  fs::path folder_;
  Books books_;
  crypto::ThreadedEngine engine_;
  personalize::Issuer issuer_;
};

inline void check_sums(FloorStation& station) {
  const auto sums = station.books().stock.sums().value();
  CHECK(sums.received == sums.issued + sums.rejected + sums.destroyed + sums.remaining);
}

}  // namespace sample
