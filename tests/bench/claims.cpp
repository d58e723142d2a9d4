// SPDX-License-Identifier: Apache-2.0
// Owns the measure of a queue that sixteen stations share: none of its orders is claimed twice, none is lost, and they
// claim at least half as fast as a bare loop that claims a row and reads its document, with the same durability.
#include <fmt/core.h>
#include <pqxx/pqxx>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "personalize/ledger/order_queue.hpp"
#include "tests/open_master_key.hpp"
#include "tests/postgres_server.hpp"

namespace {

using namespace personalize;
using namespace std::chrono_literals;

constexpr int kStations = 16;
constexpr int kOrders = 1600;
constexpr std::size_t kDocument = 40'000;  // octets; the photo makes most of it
constexpr double kLeastRatio = 0.5;
constexpr std::chrono::sys_seconds kNow{std::chrono::sys_days{std::chrono::year{2026} / 3 / 10}};

template <class T>
T must(Logged<T> got) {
  if (!got) throw std::runtime_error(got.error().where);
  if constexpr (!std::is_void_v<T>) return *std::move(got);
}

std::string order_id(int number) { return fmt::format("order-{:08}", number); }

void fill(const std::string& uri) {
  const auto personal = PersonalData::open(OpenMasterKey()).value();
  const auto database = must(open_database(uri, MissingDatabase::make));
  OrderQueue queue(*database, personal);
  const std::string document(kDocument, '7');
  must(database->transaction([&]() -> Logged<void> {
    for (int i = 0; i < kOrders; ++i)
      PATENT_TRY_VOID(
          queue.submit({.order_id = order_id(i), .sha256 = "00", .batch = "b", .document = document}, kNow));
    return {};
  }));
  pqxx::connection connection(uri);
  pqxx::nontransaction(connection).exec("VACUUM ANALYZE");
}

// Every station claims until nothing is left. `claim` is made by each station for itself, and gives an order's id.
struct Race {
  double seconds = 0;
  std::vector<std::string> claimed;
};
template <class MakeClaim>
Race race(const MakeClaim& make_claim) {
  Race out;
  std::mutex mutex;
  std::atomic<int> ready = 0;
  std::atomic<bool> off = false, failed = false;
  std::vector<std::thread> stations;
  for (int i = 0; i < kStations; ++i)
    stations.emplace_back([&, i] {
      std::vector<std::string> own;
      try {
        auto claim = make_claim(i);
        ++ready;
        while (!off) std::this_thread::yield();
        while (auto id = claim()) own.push_back(*std::move(id));
      } catch (const std::exception& e) {
        fmt::print(stderr, "station {}: {}\n", i, e.what());
        failed = true;
        ++ready;
      }
      const std::lock_guard lock(mutex);
      out.claimed.insert(out.claimed.end(), own.begin(), own.end());
    });
  while (ready < kStations) std::this_thread::sleep_for(1ms);
  const auto begin = std::chrono::steady_clock::now();
  off = true;
  for (auto& station : stations) station.join();
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (failed) throw std::runtime_error("a station failed");
  return out;
}

Race race_of_queues(const std::string& uri) {
  return race([&](int number) {
    return [database = must(open_database(uri, MissingDatabase::refuse, {60s})),
            personal = PersonalData::open(OpenMasterKey()).value(),
            station = fmt::format("station-{}", number)]() -> std::optional<std::string> {
      const auto order = must(OrderQueue(*database, personal).claim(station, 600s, kNow));
      if (order && order->document.size() != kDocument) throw std::runtime_error("a document is not its own");
      return order ? std::optional(order->order_id) : std::nullopt;
    };
  });
}

Race race_of_bare_loops(const std::string& uri) {
  return race([&](int number) {
    auto connection = std::make_unique<pqxx::connection>(uri);
    connection->prepare("claim",
                        "UPDATE orders SET claimed_by = $1, claimed_until = $2 WHERE id = (SELECT id FROM orders WHERE "
                        "state <= 1 AND held_reason = '' AND claimed_until <= $3 ORDER BY id LIMIT 1 "
                        "FOR UPDATE SKIP LOCKED) RETURNING id, order_id");
    connection->prepare("read", "SELECT content FROM order_content WHERE orders_id = $1 AND kind = 0");
    return [connection = std::move(connection),
            station = fmt::format("station-{}", number)]() -> std::optional<std::string> {
      pqxx::work work(*connection);
      const auto now = kNow.time_since_epoch().count();
      const auto claimed = work.exec_prepared("claim", station, now + 600, now);
      if (claimed.empty()) return std::nullopt;
      const auto content = work.exec_prepared1("read", claimed[0][0].as<std::int64_t>());
      if (pqxx::binarystring(content[0]).size() < kDocument) throw std::runtime_error("no document");
      work.commit();
      return claimed[0][1].as<std::string>();
    };
  });
}

void check(const Race& race) {
  auto ids = race.claimed;
  std::ranges::sort(ids);
  if (std::ranges::adjacent_find(ids) != ids.end()) throw std::runtime_error("an order was claimed twice");
  if (ids.size() != kOrders) throw std::runtime_error(fmt::format("{} of {} orders claimed", ids.size(), kOrders));
}

}  // namespace

// In turns; the best of each counts, for what else the machine does only slows.
int main() try {
  postgres::Server server(true);
  double ours = 1e9, bare = 1e9;
  for (int run = 0; run < 3; ++run) {
    for (const bool queues : {true, false}) {
      const auto uri = server.database();
      fill(uri);
      const auto result = queues ? race_of_queues(uri) : race_of_bare_loops(uri);
      check(result);
      auto& best = queues ? ours : bare;
      best = std::min(best, result.seconds);
    }
  }
  const double ratio = bare / ours;
  fmt::print(
      "{} stations, {} orders: bare claim loop {:.0f} orders/s, queue {:.0f} orders/s: {:.2f} of it (at least {})\n",
      kStations, kOrders, kOrders / bare, kOrders / ours, ratio, kLeastRatio);
  return ratio >= kLeastRatio ? 0 : 1;
} catch (const std::exception& e) {
  fmt::print(stderr, "bench_claims: {}\n", e.what());
  return 70;
}
