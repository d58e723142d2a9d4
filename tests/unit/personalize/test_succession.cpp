// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "personalize/ledger/status_book.hpp"
#include "personalize/status/succession.hpp"
#include "personalize/status/transitions.hpp"
#include "tests/unit/personalize/ledger_place.hpp"
#include "tests/unit/personalize/sample_card.hpp"

using namespace personalize;
using patent::State;

namespace {

struct LedgerOfOne {
  sample::LedgerPlace place{Engine::sqlite};
  std::unique_ptr<Database> database = place.open();
  PersonalData personal = sample::personal_data();
  StatusBook statuses{*database, personal};
  LedgerCard card = sample::entered(statuses, "P00000001", 7);

  void become(State state) {
    const auto newest = statuses.newest_status(card.card_number).value().value();
    REQUIRE(statuses.add_status(follow(newest, {state, 0, newest.months_paid, newest.as_of}).value()));
  }
  [[nodiscard]] Order following(OrderType type) const {
    auto order = sample::order();
    order.type = type;
    order.previous_card_number = card.card_number;
    order.previous_patent_number = card.patent_number;
    order.patent.inn = sample::kInn;
    return order;
  }
  std::optional<SuccessionFault> fault(OrderType type) { return succession_fault(statuses, following(type)).value(); }
};

}  // namespace

TEST_CASE("a card follows a living one", "[orders]") {
  LedgerOfOne ledger;
  for (const auto type : {OrderType::duplicate, OrderType::amend, OrderType::reissue}) CHECK_FALSE(ledger.fault(type));
}

TEST_CASE("what an order says of the card before must be so", "[orders]") {
  LedgerOfOne ledger;
  const auto fault = [&](const Order& order) { return succession_fault(ledger.statuses, order).value(); };
  auto order = ledger.following(OrderType::duplicate);
  order.previous_card_number = "P99999999";
  CHECK(fault(order) == SuccessionFault::previous_unknown);
  order = ledger.following(OrderType::amend);
  order.previous_patent_number = "772600999999";
  CHECK(fault(order) == SuccessionFault::previous_other_patent);
  order = ledger.following(OrderType::reissue);
  order.patent.inn = "500100732259";
  CHECK(fault(order) == SuccessionFault::previous_other_holder);
  order.type = OrderType::issue;
  CHECK_FALSE(fault(order));
  order = ledger.following(OrderType::reissue);
  REQUIRE(ledger.statuses.forget_inns(sample::kEnteredAt + std::chrono::days(366))->holders == 1);
  CHECK(fault(order) == SuccessionFault::previous_unknown);  // papers may tell
}

TEST_CASE("not every state of a card lets another follow", "[orders]") {
  struct Case {
    State state;
    bool duplicate, amend, reissue;
  };
  const auto [state, duplicate, amend, reissue] =
      GENERATE(Case{State::suspended, true, true, false}, Case{State::lost, true, true, true},
               Case{State::invalid, false, false, true}, Case{State::annulled, false, false, false},
               Case{State::replaced, false, false, false}, Case{State::returned, false, false, true});
  LedgerOfOne ledger;
  ledger.become(state);
  const auto allowed = [](std::optional<SuccessionFault> fault) { return fault != SuccessionFault::previous_ended; };
  CHECK(allowed(ledger.fault(OrderType::duplicate)) == duplicate);
  CHECK(allowed(ledger.fault(OrderType::amend)) == amend);
  CHECK(allowed(ledger.fault(OrderType::reissue)) == reissue);
}
