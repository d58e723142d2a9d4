// SPDX-License-Identifier: Apache-2.0
// Owns the bounds of the reader farm: what preparing costs, how much memory a million orders take, and how much more
// sixteen readers do than one.
#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>

#include "crypto/key_vault.hpp"
#include "personalize/order/face_fit.hpp"
#include "tests/bench/measure.hpp"
#include "tests/unit/personalize/floor_station.hpp"

using namespace personalize;
using namespace std::chrono_literals;
using sample::FeedCard;
using sample::FloorStation;

namespace {

constexpr auto kApdu = 20ms;

using Feeds = std::vector<std::unique_ptr<CardFeed>>;

// What each kind of work costs, the best of several rounds: what else the machine does only ever adds. The kinds take
// turns within a round, so that one that slows down for a while slows all of them.
template <std::size_t N>
std::array<double, N> best_of(int rounds, int times, const std::array<std::function<void()>, N>& kinds) {
  std::array<double, N> best;
  best.fill(1e9);
  for (int round = 0; round < rounds; ++round)
    for (std::size_t kind = 0; kind < N; ++kind) {
      const double begin = cpu_seconds();
      for (int i = 0; i < times; ++i) kinds[kind]();
      best[kind] = std::min(best[kind], (cpu_seconds() - begin) / times);
    }
  return best;
}

void print(const std::string& text) { std::fputs((text + "\n").c_str(), stdout); }

std::size_t peak_memory_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
  return 0;
}

std::string lines(unsigned first, unsigned last) {
  std::string out;
  for (auto n = first; n <= last; ++n) out += sample::line(sample::order_json(n));
  return out;
}

}  // namespace

TEST_CASE("Preparing an order costs hardly more than its signature, the proof of it, and its photo") {
  const auto text = sample::line(sample::order_json(1));
  const OrderContext context{.at = sample::kAt};
  const auto parsed = parse_order(text, context);
  REQUIRE(parsed.order);
  auto probe = *parsed.order;
  probe.patent.blank_number = kWidestBlank;
  crypto::ThreadedEngine engine;
  const auto& key = *sample::domain().signers.document.key;
  const Issuer issuer(engine, sample::profile(), sample::domain().signers, sample::domain().trust);
  REQUIRE(issuer.rehearse(probe, sample::kAt));  // what is tried once a minute

  crypto::Secret scalar;
  REQUIRE(engine.ec_random_scalar(key.curve(), scalar));
  const auto point = engine.ec_multiply(key.curve(), scalar.view(), {});
  const crypto::Bytes digest(crypto::field_size(key.curve()), 7);
  const auto signature = engine.ecdsa_sign(key.curve(), scalar.view(), digest);
  REQUIRE(signature);

  const auto& photo = parsed.order->face.data;
  const auto prepare = [&] {
    const auto order = parse_order(text, context);
    must(issuer.rehearse(probe, sample::kAt));
    must(order.order);
  };
  const auto [whole, sign, verify, decode, seal] = best_of<5>(
      50, 5,
      {prepare, [&] { must(key.sign_digest(digest)); },
       [&] { must(engine.ecdsa_verify(key.curve(), point->view(), digest, signature->view())); },
       [&] { must(fit_face(photo, context.face_budget)); }, [&] { must(issuer.draw_seal(probe, sample::kAt)); }});
  print(
      fmt::format("preparing {:.2f} ms: signature {:.2f}, verification {:.2f}, decoding {:.2f}: {:.2f} times; the QR "
                  "besides {:.2f} ms",
                  whole * 1e3, sign * 1e3, verify * 1e3, decode * 1e3, whole / (sign + verify + decode), seal * 1e3));
  CHECK(whole <= 1.5 * (sign + verify + decode));
}

// What is measured is what a line leaves behind once it has been read. The first orders get cards. The next lines are
// the same orders again, of full size, so that photos are decoded and the ledger is asked, all the time that cards are
// written; the others are short, each judged by the schema and refused: a million photos are 27 GB and half an hour.
TEST_CASE("A million orders in one file take no more memory than a few, and the first card is not long in coming") {
  constexpr unsigned kOrders = 1'000'000, kCards = 3, kAgain = 1'998;
  FloorStation station("farm-million");
  std::deque<FeedCard> cards;
  for (crypto::Byte i = 1; i <= kCards; ++i) cards.push_back(station.blank(i));
  const auto real = lines(1, kCards);
  const auto file = station.write("a.jsonl", real);
  {
    std::ofstream out(file, std::ios::app | std::ios::binary);
    for (unsigned n = kCards; n < kCards + kAgain; n += kCards) out << real;
    for (unsigned n = kCards + kAgain; n < kOrders; ++n) out << "{\"order_id\":\"" << sample::order_id(n) << "\"}\n";
  }
  Feeds feeds;
  feeds.push_back(std::make_unique<sample::TestFeed>("reader", std::move(cards)));
  std::size_t refused = 0;
  std::optional<std::chrono::steady_clock::duration> first_card;
  station.keep_events = false;
  const auto begin = std::chrono::steady_clock::now();
  station.watch = [&](const BatchEvent& event) {
    if (std::holds_alternative<DocumentRefused>(event)) ++refused;
    if (std::holds_alternative<CardIssued>(event) && !first_card) first_card = std::chrono::steady_clock::now() - begin;
  };
  const auto result = station.run(feeds, {file});
  CHECK(result.issued == kCards);
  CHECK(result.complete);
  CHECK(result.issued_before == kAgain);
  CHECK(refused == kOrders - kCards - kAgain);
  REQUIRE(first_card);
  const auto seconds = std::chrono::duration<double>(*first_card).count();
  print(fmt::format("a million orders: {} MiB at most, the first card after {:.2f} s", peak_memory_kib() / 1024,
                    seconds));
  CHECK(peak_memory_kib() <= 128 * 1024);
  CHECK(seconds <= 2.0);
}

TEST_CASE("Four readers write nearly four times as many cards as one, and sixteen at least twelve times") {
  constexpr std::size_t kOfEach = 3;
  unsigned round = 0;
  const auto rate = [&](std::size_t readers) {
    FloorStation station(fmt::format("farm-{}", ++round));
    const auto slow = [](std::size_t) -> std::optional<wire::LinkError> {
      std::this_thread::sleep_for(kApdu);
      return std::nullopt;
    };
    const auto cards = readers * kOfEach;
    Feeds feeds;
    crypto::Byte serial = 0;
    for (std::size_t r = 0; r < readers; ++r) {
      std::deque<FeedCard> of_reader;
      for (std::size_t c = 0; c < kOfEach; ++c) of_reader.push_back(station.blank(++serial, slow));
      feeds.push_back(std::make_unique<sample::TestFeed>(fmt::format("reader {}", r), std::move(of_reader)));
    }
    const auto file = station.write("a.jsonl", lines(1, static_cast<unsigned>(cards)));
    station.keep_events = false;
    const auto begin = std::chrono::steady_clock::now();
    const auto result = station.run(feeds, {file});
    const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    CHECK(result.issued == static_cast<std::int64_t>(cards));
    print(fmt::format("{:2} readers: {:.2f} cards a second", readers, static_cast<double>(cards) / took));
    return static_cast<double>(cards) / took;
  };
  // Sixteen readers keep two processors busy, and what else the machine does only slows: the best of each counts, a
  // second and a third time where that is not enough.
  double one = 0, four = 0, sixteen = 0;
  for (int i = 0; i < 3 && (i == 0 || four < 3.5 * one || sixteen < 12 * one); ++i) {
    one = std::max(one, rate(1));
    four = std::max(four, rate(4));
    sixteen = std::max(sixteen, rate(16));
  }
  CHECK(four >= 3.5 * one);
  CHECK(sixteen >= 12 * one);
}
