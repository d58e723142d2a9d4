// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <thread>

#include "personalize/issue/print_form.hpp"
#include "personalize/ledger/shared_ledger.hpp"
#include "tests/unit/personalize/books.hpp"

using namespace personalize;

namespace {

std::string id(int number) { return fmt::format("0b9cbd3e-7e0e-4a7e-9d7a-{:012}", number); }

struct Rig {
  explicit Rig(Engine engine) : place(engine) {}
  sample::LedgerPlace place;
  sample::Books books{place.open()};
  CommitQueue queue{*books.database};
  SharedLedger ledger{books.orders, queue};

  // As a worker does, from its own thread; the first refusal.
  Logged<void> issue(int number) {
    const auto card = fmt::format("P{:08}", number), blank = fmt::format("PR{:07}", number);
    auto order = sample::order(id(number), card, fmt::format("26{:08}", number));
    order.patent.blank_number = blank;
    PATENT_TRY_VOID(queue.run<void>([&] {
      return books.stock.receive(
          {.number = blank, .product = "PATENT-V1", .chip_serial = {}, .delivery = "D-1", .order_id = {}, .reason = {}},
          "Ivanova", books.now);
    }));
    LedgerEntry entry;
    entry.order_id = order.order_id;
    entry.order_sha256 = "AB";
    entry.card_number = card;
    entry.patent_number = order.patent.series + order.patent.number;
    entry.blank_number = blank;
    PATENT_TRY_VOID(ledger.prepare(entry, print_form(order, crypto::Secret(crypto::as_bytes("123456")))));
    PATENT_TRY_VOID(ledger.begin_writing(order.order_id, fmt::format("{:016}", number)));
    for (std::uint32_t step = 1; step <= 5; ++step) {
      ledger.announce_step(order.order_id, {step, "PUT KEY"});
      PATENT_TRY_VOID(ledger.settle_steps(order.order_id));
    }
    PATENT_TRY_VOID(ledger.keep_image(order.order_id, sample::image(), sample::kAt));
    PATENT_TRY_VOID(ledger.mark_personalized(order.order_id));
    Receipt receipt;
    receipt.order_id = order.order_id;
    return ledger.mark_issued(order, receipt);
  }
};

}  // namespace

TEST_CASE("Many threads issue by one ledger, each order whole") {
  constexpr int kWorkers = 4, kCards = 2;
  Rig rig(GENERATE(Engine::sqlite, Engine::postgres));
  std::vector<Logged<void>> outcomes(kWorkers);
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < kWorkers; ++worker)
      workers.emplace_back([&, worker] {
        auto& outcome = outcomes[static_cast<std::size_t>(worker)];
        for (int card = 0; outcome && card < kCards; ++card) outcome = rig.issue(worker * kCards + card);
      });
  }
  for (const auto& outcome : outcomes) CHECK(outcome);
  const auto entries = rig.ledger.list({}, 1000);
  REQUIRE(entries);
  CHECK(std::ranges::count(*entries, OrderState::issued, &LedgerEntry::state) == kWorkers * kCards);
  const auto count = [&](std::string_view table) {
    return rig.queue.run<std::int64_t>([&]() -> Logged<std::int64_t> { return rig.books.count(table); });
  };
  CHECK(count("receipt") == kWorkers * kCards);
  CHECK(count("order_step") == 5 * kWorkers * kCards);
  CHECK(count("event") == kWorkers * kCards);
  CHECK(rig.queue.run<StockSums>([&] { return rig.books.stock.sums(); })->issued == kWorkers * kCards);
}

TEST_CASE("A line that did not become durable stops its own order only") {
  Rig rig(GENERATE(Engine::sqlite, Engine::postgres));
  REQUIRE(rig.issue(1));
  rig.ledger.announce_step(id(1), {6, "SET STATUS"});
  rig.ledger.announce_step(id(2), {1, "of an order that nobody prepared"});
  CHECK_FALSE(rig.ledger.settle_steps(id(2)));
  CHECK(rig.ledger.settle_steps(id(1)));
  CHECK(rig.ledger.settle_steps(id(2)));  // it was told
}
