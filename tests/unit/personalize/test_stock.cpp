// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <future>
#include <map>
#include <thread>

#include "personalize/ledger/stock.hpp"
#include "tests/seed.hpp"
#include "tests/unit/personalize/ledger_place.hpp"
#include "tests/unit/personalize/ledger_sample.hpp"

namespace {

using namespace personalize;

constexpr auto kNow = sample::kEnteredAt;
constexpr std::string_view kProduct = "PATENT-V1";

struct Store {
  sample::LedgerPlace place{GENERATE(Engine::sqlite, Engine::postgres)};
  std::unique_ptr<Database> database = place.open();
  AuditChain audit{*database, "station-1"};
  Stock stock{*database, audit};

  void receive(std::string_view number, std::string_view chip = "") {
    REQUIRE(stock.receive(blank(number, chip), "Anna", kNow));
  }
  void take(std::string_view number, std::string_view chip, std::string_view order) {
    REQUIRE(stock.take(number, kProduct, chip, order));
  }
  static Blank blank(std::string_view number, std::string_view chip = "", std::string_view delivery = "D-1") {
    return {.number = std::string(number),
            .product = std::string(kProduct),
            .chip_serial = std::string(chip),
            .delivery = std::string(delivery),
            .order_id = {},
            .reason = {}};
  }
  [[nodiscard]] BlankState state(std::string_view number) {
    const auto found = stock.find(number);
    REQUIRE((found && *found));
    return (*found)->state;
  }
  [[nodiscard]] StockSums sums() {
    const auto found = stock.sums();
    REQUIRE(found);
    return *found;
  }
};

template <class T>
std::optional<LedgerError> fault(const Logged<T>& result) {
  return result ? std::nullopt : std::optional(result.error().error);
}

bool holds(const StockSums& sums) {
  return sums.received == sums.issued + sums.rejected + sums.destroyed + sums.remaining;
}

}  // namespace

TEST_CASE("A blank is received once, and again only as the same", "[stock]") {
  Store store;
  store.receive("AB1234567", "0011223344556677");
  store.receive("AB1234567", "0011223344556677");
  store.receive("AB1234567");  // the delivery note once more, without chips
  CHECK(store.sums().received == 1);
  CHECK((*store.stock.find_by_chip("0011223344556677"))->number == "AB1234567");
  CHECK_FALSE(*store.stock.find("AB1234568"));

  const auto again = [&](const Blank& blank) { return fault(store.stock.receive(blank, "Anna", kNow)); };
  CHECK(again(Store::blank("AB1234567", "8877665544332211")) == LedgerError::blank_used);
  CHECK(again(Store::blank("AB1234567", "", "D-2")) == LedgerError::blank_used);
  CHECK(again(Store::blank("AB1234568", "0011223344556677")) == LedgerError::blank_used);
  CHECK(again(Store::blank("")) == LedgerError::wrong_state);
  CHECK(store.sums().received == 1);
}

TEST_CASE("Only a fitting blank of the stock becomes an order's card", "[stock]") {
  Store store;
  store.receive("AB1234567", "0000000000000001");
  store.receive("AB1234568");
  auto& stock = store.stock;
  CHECK(fault(stock.take("AB9999999", kProduct, "0000000000000009", "order-1")) == LedgerError::blank_unknown);
  CHECK(fault(stock.take("AB1234567", "PATENT-V2", "0000000000000001", "order-1")) ==
        LedgerError::blank_of_another_product);
  CHECK(fault(stock.take("AB1234567", kProduct, "0000000000000002", "order-1")) == LedgerError::blank_of_another_chip);
  CHECK(fault(stock.take("AB1234568", kProduct, "0000000000000001", "order-1")) == LedgerError::blank_of_another_chip);
  CHECK(store.state("AB1234567") == BlankState::in_stock);

  store.take("AB1234567", "0000000000000001", "order-1");
  store.take("AB1234567", "0000000000000001", "order-1");  // after a crash
  CHECK(store.state("AB1234567") == BlankState::taken);
  const auto other = stock.take("AB1234567", kProduct, "0000000000000001", "order-2");
  CHECK(fault(other) == LedgerError::blank_used);
  CHECK(other.error().by_order == "order-1");
  CHECK(fault(stock.take("AB1234568", kProduct, "0000000000000002", "order-1")) == LedgerError::wrong_state);

  store.take("AB1234568", "0000000000000002", "order-2");  // its chip is known from now on
  CHECK((*stock.find("AB1234568"))->chip_serial == "0000000000000002");
  CHECK(stock.mark_issued("AB1234567", "Anna", kNow));
  CHECK(stock.mark_issued("AB1234567", "Anna", kNow));
  CHECK(fault(stock.take("AB1234567", kProduct, "0000000000000001", "order-1")) == LedgerError::blank_used);
  CHECK(fault(stock.reject("AB1234567", "chip_dead", "Anna", kNow)) == LedgerError::wrong_state);
  CHECK(store.sums().issued == 1);
  CHECK(store.sums().remaining == 1);
}

TEST_CASE("A spoilt blank is rejected with its reason, and destroyed by two", "[stock]") {
  Store store;
  store.receive("AB1234567");
  auto& stock = store.stock;
  CHECK(fault(stock.mark_issued("AB1234567", "Anna", kNow)) == LedgerError::wrong_state);
  CHECK(fault(stock.destroy("AB1234567", "Anna", "Boris", kNow)) == LedgerError::wrong_state);
  REQUIRE(stock.reject("AB1234567", "chip_dead", "Anna", kNow));
  REQUIRE(stock.reject("AB1234567", "torn", "Boris", kNow));  // once more: the first reason stands
  CHECK((*stock.find("AB1234567"))->reason == "chip_dead");
  CHECK(fault(stock.take("AB1234567", kProduct, "0000000000000001", "order-1")) == LedgerError::blank_used);
  CHECK(fault(stock.destroy("AB1234567", "Anna", "Anna", kNow)) == LedgerError::wrong_state);
  CHECK(fault(stock.destroy("AB1234567", "Anna", "", kNow)) == LedgerError::wrong_state);
  REQUIRE(stock.destroy("AB1234567", "Anna", "Boris", kNow));
  CHECK(store.state("AB1234567") == BlankState::destroyed);
  CHECK(fault(stock.reject("AB1234567", "chip_dead", "Anna", kNow)) == LedgerError::wrong_state);
}

TEST_CASE("A shift is closed by two, with no card in hand", "[stock]") {
  Store store;
  auto& stock = store.stock;
  const auto close = [&](std::string_view by, std::string_view witness) {
    return fault(stock.close_shift("station-1", by, witness, kNow + std::chrono::hours(8)));
  };
  CHECK(close("Anna", "Boris") == LedgerError::wrong_state);
  store.receive("AB1234566");
  REQUIRE(stock.open_shift("station-1", "Anna", kNow));
  CHECK(fault(stock.open_shift("station-1", "Boris", kNow)) == LedgerError::wrong_state);
  REQUIRE(stock.open_shift("station-2", "Boris", kNow));
  store.receive("AB1234567");
  store.take("AB1234567", "0000000000000001", "order-1");
  CHECK(close("Anna", "Boris") == LedgerError::wrong_state);
  REQUIRE(stock.mark_issued("AB1234567", "Anna", kNow));
  CHECK(close("Anna", "Anna") == LedgerError::wrong_state);
  CHECK(close("Anna", "") == LedgerError::wrong_state);
  CHECK(fault(stock.close_shift("station-1", "Anna", "Boris", kNow - std::chrono::hours(1))) ==
        LedgerError::wrong_state);  // a clock set back
  CHECK(close("Anna", "Boris") == std::nullopt);

  const auto shifts = stock.shifts();
  REQUIRE((shifts && shifts->size() == 2));
  const auto& shift = shifts->front();
  CHECK(shift.before.received == 1);
  CHECK(shift.after.received == 2);
  CHECK(shift.after.issued == 1);
  CHECK(shift.witnessed_by == "Boris");
  CHECK(shift.closed == kNow + std::chrono::hours(8));
  CHECK((*stock.open_shift_of("station-2"))->operator_name == "Boris");
  CHECK_FALSE(*stock.open_shift_of("station-1"));

  const auto counts = stock.movement_counts();
  REQUIRE((counts && counts->size() == 3));
  CHECK(counts->at(0).shift == 0);  // before the shift began
  CHECK((counts->at(2).shift == shift.number && counts->at(2).place == BlankState::issued));
}

TEST_CASE("A blank is begun or rejected, whoever is there at the same moment", "[stock]") {
  Store store;
  store.receive("AB1234567");
  const auto database = store.place.open();
  AuditChain audit(*database, "station-2");
  Stock theirs(*database, audit);
  const auto take = [](Stock& stock, Database& its) {
    return its.transaction([&] { return stock.take("AB1234567", kProduct, "chip-1", "order-1"); });
  };
  const auto reject = [](Stock& stock, Database& its) {  // as by hand
    return its.transaction([&]() -> Logged<void> {
      PATENT_TRY(const auto blank, stock.lock("AB1234567"));
      if (blank.state == BlankState::taken) return its.failure(LedgerError::blank_used);
      return stock.reject("AB1234567", "scratched", "Boris", kNow);
    });
  };
  const auto both = [&](const auto& first, const auto& second) {
    std::future<Logged<void>> late;
    REQUIRE(store.database->transaction([&]() -> Logged<void> {
      PATENT_TRY_VOID(first(store.stock, *store.database));
      late = std::async(std::launch::async, [&] { return second(theirs, *database); });
      std::this_thread::sleep_for(std::chrono::milliseconds(300));  // it waits by now
      return {};
    }));
    CHECK(fault(late.get()) == LedgerError::blank_used);
  };
  SECTION("begun first") {
    both(take, reject);
    CHECK(store.state("AB1234567") == BlankState::taken);
  }
  SECTION("rejected first") {
    both(reject, take);
    CHECK(store.state("AB1234567") == BlankState::rejected);
  }
}

TEST_CASE("Whatever is tried, received = issued + rejected + destroyed + remaining", "[stock]") {
  Store store;
  std::mt19937 random(test_seed());
  const auto one_of = [&](std::uint32_t count) { return random() % count; };
  std::map<std::string, BlankState> model;
  std::map<std::string, std::string> order_of;
  // One transaction, so that a thousand syncs do not make this long; each operation is a part that fails alone.
  REQUIRE(store.database->transaction([&]() -> Logged<void> {
    for (int i = 0; i < (long_tests() ? 20'000 : 1'500); ++i) {
      const std::string number = "AB" + std::to_string(1'000'000 + one_of(40));
      const std::string order = "order-" + std::to_string(one_of(60));
      const auto known = model.find(number);
      const bool order_free = std::ranges::none_of(order_of, [&](const auto& each) { return each.second == order; });
      const auto is = [&](BlankState state) { return known != model.end() && known->second == state; };
      bool expected = false, done = false;
      BlankState next{};
      switch (one_of(5)) {
        case 0:
          expected = true;
          next = known == model.end() ? BlankState::in_stock : known->second;
          done = store.stock.receive(Store::blank(number), "Anna", kNow).has_value();
          break;
        case 1:
          expected = (is(BlankState::in_stock) && order_free) || (is(BlankState::taken) && order_of[number] == order);
          next = BlankState::taken;
          done = store.stock.take(number, kProduct, "chip-" + number, order).has_value();
          if (expected) order_of[number] = order;
          break;
        case 2:
          expected = is(BlankState::taken) || is(BlankState::issued);
          next = BlankState::issued;
          done = store.stock.mark_issued(number, "Anna", kNow).has_value();
          break;
        case 3:
          expected = is(BlankState::in_stock) || is(BlankState::taken) || is(BlankState::rejected);
          next = BlankState::rejected;
          done = store.stock.reject(number, "torn", "Anna", kNow).has_value();
          break;
        default:
          expected = is(BlankState::rejected);
          next = BlankState::destroyed;
          done = store.stock.destroy(number, "Anna", "Boris", kNow).has_value();
      }
      INFO("operation " << i << " on " << number);
      REQUIRE(done == expected);
      if (expected) model[number] = next;
      REQUIRE(holds(store.sums()));
    }
    return {};
  }));
  StockSums wanted;
  for (const auto& [number, state] : model) {
    CHECK(store.state(number) == state);
    ++wanted.received;
    wanted.issued += state == BlankState::issued;
    wanted.rejected += state == BlankState::rejected;
    wanted.destroyed += state == BlankState::destroyed;
    wanted.remaining += state <= BlankState::taken;
  }
  const auto sums = store.sums();
  CHECK(sums.received == wanted.received);
  CHECK(sums.issued == wanted.issued);
  CHECK(sums.rejected == wanted.rejected);
  CHECK(sums.destroyed == wanted.destroyed);
  CHECK(sums.remaining == wanted.remaining);
  CHECK(model.size() == store.stock.list("", 100)->size());
}

TEST_CASE("The tables themselves refuse what no blank can have done", "[stock]") {
  Store store;
  store.receive("AB1234566");
  store.receive("AB1234567");
  store.take("AB1234567", "0000000000000001", "order-1");
  REQUIRE(store.stock.mark_issued("AB1234567", "Anna", kNow));
  const auto refused = [&](const char* sql) {
    return fault(store.database->guarded([&]() -> Logged<void> {
      store.database->run(sql);
      return {};
    }));
  };
  constexpr auto kNone = std::optional<LedgerError>();
  CHECK(refused("INSERT INTO blank_movement (blank, place, came_from, station, operator_name, witness, reason, moment)"
                " VALUES ('AB1234567', 2, 0, 's', 'Anna', '', 'torn', 0)") != kNone);  // rejected, though issued
  CHECK(refused("INSERT INTO blank_movement (blank, place, came_from, station, operator_name, witness, reason, moment)"
                " VALUES ('AB1234566', 3, 2, 's', 'Anna', 'Boris', '', 0)") != kNone);  // destroyed, never rejected
  CHECK(refused("INSERT INTO blank_movement (blank, place, came_from, station, operator_name, witness, reason, moment)"
                " VALUES ('AB1234566', 1, 0, 's', 'Anna', '', '', 0)") != kNone);  // issued for no order
  CHECK(refused("DELETE FROM blank_movement") != kNone);
  CHECK(refused("UPDATE blank_movement SET operator_name = 'Eve'") != kNone);
  CHECK(refused("UPDATE blank SET order_id = 'order-2' WHERE number = 'AB1234567'") != kNone);
  CHECK(refused("UPDATE blank SET order_id = 'order-1', chip_serial = '2', station = 's' WHERE number = 'AB1234566'") !=
        kNone);  // two blanks for one order
  CHECK(refused("DELETE FROM blank WHERE number = 'AB1234567'") != kNone);
  CHECK(store.sums().issued == 1);
  CHECK(holds(store.sums()));
}
