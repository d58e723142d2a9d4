// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/settlement.hpp"

#include <fmt/format.h>

#include <future>

#include "personalize/status/transitions.hpp"
#include "tests/unit/personalize/ledger_place.hpp"

namespace {

using namespace personalize;
using namespace std::chrono;
using patent::Date;
using patent::State;
using sample::kEnteredAt;

constexpr std::int64_t kPrice = 1'000'000;  // Moscow, 2026

PaymentLine payment(std::string uin, Date day, std::int64_t kopecks = kPrice) {
  return {.uin = std::move(uin),
          .payer_inn = std::string(sample::kInn),
          .kbk = "18210102040011000110",
          .oktmo = "45000000",
          .kopecks = kopecks,
          .paid_on = day,
          .known_on = day};
}

// A card issued on 2026-03-10 with one month, and what is paid for it.
class Rig {
public:
  Rig() : ledger_(StatusBook::open(folder_ / "ledger", MissingDatabase::make, sample::personal_data()).value()) {
    card_ = sample::entered(*ledger_, "P00000017", 5);
  }
  void pay(Date day, std::int64_t kopecks = kPrice) {
    REQUIRE(ledger_->add_payment(payment(std::to_string(++payments_), day, kopecks), card_.card_number, Unmatched::none)
                .value());
  }
  Settlements settle(const patent::RegionProfiles& regions = patent::shipped_regions()) {
    const auto done = settle_accounts(*ledger_, regions, at);
    REQUIRE(done);
    return *done;
  }
  [[nodiscard]] patent::StatusRecord newest() const { return ledger_->newest_status(card_.card_number)->value(); }
  void change(State state, std::uint8_t reason, std::uint8_t months, Date day) {
    const auto next = follow(newest(), {state, reason, months, sys_days(day) + hours(12)});
    REQUIRE(next);
    REQUIRE(ledger_->add_status(*next));
  }
  StatusLedger& ledger() { return *ledger_; }
  sys_seconds at = kEnteredAt + days(40);

private:
  TemporaryFolder folder_;
  std::unique_ptr<StatusLedger> ledger_;
  LedgerCard card_;
  int payments_ = 0;
};

// Cards for three transactions, each paid for another month.
struct Crowd {
  static constexpr std::size_t kCards = 2 * kSettledTogether + 1;
  sample::LedgerPlace place{GENERATE(Engine::sqlite, Engine::postgres)};
  std::unique_ptr<StatusLedger> ledger =
      StatusBook::open(place.where(), MissingDatabase::make, sample::personal_data()).value();
  std::unique_ptr<StatusLedger> other =
      StatusBook::open(place.where(), MissingDatabase::refuse, PersonalData::locked(), minutes(1)).value();

  Crowd() {
    const auto entered = ledger->transaction([&]() -> Logged<void> {
      for (std::uint32_t i = 0; i < kCards; ++i) {
        const auto card = sample::ledger_card(number(i), i);
        PATENT_TRY_VOID(ledger->enter(card, sample::kInn, sample::first_record(card)));
        PATENT_TRY(const bool fresh,
                   ledger->add_payment(payment(std::to_string(i), 2026y / 4 / 1), card.card_number, Unmatched::none));
        CHECK(fresh);
      }
      return {};
    });
    REQUIRE(entered);
  }
  static std::string number(std::uint32_t i) { return fmt::format("P{:08}", i); }
  Logged<Settlements> settle() { return settle_accounts(*ledger, patent::shipped_regions(), kEnteredAt + days(40)); }
};

}  // namespace

TEST_CASE("A payment in time becomes a month", "[settlement]") {
  Rig rig;
  CHECK(rig.settle().settled == 0);
  rig.pay(2026y / 4 / 9);
  CHECK(rig.settle().extended == 1);
  CHECK(rig.newest().months_paid == 2);
  CHECK(rig.newest().sequence == 2);
  CHECK(rig.newest().as_of == rig.at);
  CHECK(rig.newest().state == State::valid);
  CHECK(rig.ledger().unsettled()->empty());
  CHECK(rig.settle().settled == 0);  // once
}

TEST_CASE("The payment that bought the first month does not buy another", "[settlement]") {
  Rig rig;
  rig.pay(2026y / 3 / 9);  // comes with the statement after the card was issued for it
  CHECK(rig.settle().extended == 0);
  CHECK(rig.newest().sequence == 1);
  rig.pay(2026y / 4 / 1);
  rig.settle();
  CHECK(rig.newest().months_paid == 2);
  rig.pay(2026y / 3 / 10, 3 * kPrice);  // more than the order knew of
  rig.settle();
  CHECK(rig.newest().months_paid == 5);
}

TEST_CASE("A part of a month waits for the rest", "[settlement]") {
  Rig rig;
  rig.pay(2026y / 3 / 20, kPrice / 2);
  CHECK(rig.settle().extended == 0);
  rig.pay(2026y / 4 / 9, kPrice / 2);
  CHECK(rig.settle().extended == 1);
  CHECK(rig.newest().months_paid == 2);
}

TEST_CASE("Money revives nothing that has lapsed", "[settlement]") {
  Rig rig;
  rig.pay(2026y / 4 / 10);  // one day late
  const auto late = rig.settle();
  CHECK(late.settled == 1);
  CHECK(late.extended == 0);
  CHECK(rig.newest().months_paid == 1);

  // Only the issuer does; from there on payments count again.
  rig.change(State::valid, kReasonRestored, 2, 2026y / 4 / 20);
  rig.pay(2026y / 5 / 9);
  CHECK(rig.settle().extended == 1);
  CHECK(rig.newest().months_paid == 3);
  CHECK(rig.newest().reason == 0);
  rig.pay(2026y / 6 / 9);
  rig.settle();
  CHECK(rig.newest().months_paid == 4);
}

TEST_CASE("Twelve months are all that there are", "[settlement]") {
  Rig rig;
  rig.pay(2026y / 3 / 12, 14 * kPrice);
  rig.settle();
  CHECK(rig.newest().months_paid == 12);
}

TEST_CASE("A patent that has ended takes no money, a suspended one does", "[settlement]") {
  Rig rig;
  rig.change(State::suspended, 40, 1, 2026y / 3 / 20);
  rig.pay(2026y / 4 / 1);
  rig.settle();
  CHECK(rig.newest().months_paid == 2);
  CHECK(rig.newest().state == State::suspended);
  CHECK(rig.newest().reason == 40);
  rig.change(State::annulled, 17, 2, 2026y / 4 / 10);
  rig.pay(2026y / 5 / 1);
  const auto done = rig.settle();
  CHECK(done.settled == 1);
  CHECK(done.extended == 0);
  CHECK(rig.newest().state == State::annulled);
}

TEST_CASE("Without a price the money waits", "[settlement]") {
  Rig rig;
  rig.pay(2026y / 4 / 9);
  CHECK(rig.settle(patent::RegionProfiles()).without_price == std::vector<std::string>{"P00000017"});
  CHECK(rig.newest().months_paid == 1);
  CHECK(rig.ledger().unsettled()->size() == 1);
  CHECK(rig.settle().extended == 1);
}

TEST_CASE("A state follows only where it may", "[settlement]") {
  const auto none = [](State from) { return followers(from).empty(); };
  CHECK(none(State::returned));
  CHECK(followers(State::annulled) == std::vector{State::valid});
  CHECK(may_follow(State::not_active, State::valid));
  CHECK(!may_follow(State::valid, State::not_active));
  CHECK(!may_follow(State::lost, State::valid));
  for (const auto state : {State::valid, State::invalid, State::suspended, State::not_active, State::annulled,
                           State::lost, State::replaced, State::returned})
    CHECK(state_named(name_of(state)) == state);
  CHECK(state_named("VALID") == std::nullopt);
  auto newest = sample::first_record(sample::ledger_card("P00000017", 5));
  newest.months_paid = 3;
  CHECK(follow(newest, {State::valid, 0, 2, kEnteredAt}).error() == TransitionError::bad_months);
  CHECK(follow(newest, {State::valid, 0, 13, kEnteredAt}).error() == TransitionError::bad_months);
  CHECK(follow(newest, {State::not_active, 0, 3, kEnteredAt}).error() == TransitionError::not_allowed);
  CHECK(follow(newest, {State::lost, 0, 3, kEnteredAt - hours(1)})->as_of == kEnteredAt);
}

TEST_CASE("Who writes waits for a part of the accounts, not for all", "[settlement]") {
  Crowd crowd;
  std::size_t told = 0;
  std::future<Logged<void>> writer;
  crowd.ledger->tell([&](const auto&, const auto&) -> Logged<void> {
    if (++told == 1)
      writer = std::async([&] {
        return crowd.other->claim_index({std::string(sample::kListUri), 999'999}, "another");
      });
    if (told == Crowd::kCards) CHECK(writer.wait_for(seconds(0)) == std::future_status::ready);
    return {};
  });
  const auto done = crowd.settle();
  REQUIRE(done);
  CHECK(done->settled == Crowd::kCards);
  CHECK(done->extended == Crowd::kCards);
  REQUIRE(told == Crowd::kCards);
  CHECK(writer.get());
}

TEST_CASE("What was settled before a failure stays so, and the next one goes on", "[settlement]") {
  Crowd crowd;
  std::size_t told = 0;
  crowd.ledger->tell([&](const auto&, const auto&) -> Logged<void> {
    if (++told <= kSettledTogether) return {};
    CHECK(crowd.other->unsettled()->size() == Crowd::kCards - kSettledTogether);
    return crypto::unexpected<LedgerFailure>({LedgerError::unavailable, {}, {}});
  });
  CHECK(!crowd.settle());
  CHECK(crowd.other->unsettled()->size() == Crowd::kCards - kSettledTogether);

  crowd.ledger->tell({});
  CHECK(crowd.settle()->extended == Crowd::kCards - kSettledTogether);
  CHECK(crowd.other->unsettled()->empty());
  for (std::uint32_t i = 0; i < Crowd::kCards; ++i) {
    const auto life = crowd.other->statuses(crowd.number(i));
    REQUIRE(life->size() == 2);
    CHECK(life->back().months_paid == 2);
  }
}

TEST_CASE("A payment that comes while its card is settled waits for the next one", "[settlement]") {
  const sample::LedgerPlace place(Engine::postgres);
  const auto open = [&] {
    return StatusBook::open(place.where(), MissingDatabase::make, sample::personal_data()).value();
  };
  const auto ledger = open(), other = open();
  const auto card = sample::entered(*ledger, "P00000017", 5).card_number;
  REQUIRE(ledger->add_payment(payment("1", 2026y / 4 / 1), card, Unmatched::none));
  ledger->tell([&](const auto&, const auto&) -> Logged<void> {
    CHECK(other->add_payment(payment("2", 2026y / 5 / 1), card, Unmatched::none).value());
    return {};
  });
  const auto settle = [&] { return settle_accounts(*ledger, patent::shipped_regions(), kEnteredAt + days(60)); };
  CHECK(settle()->extended == 1);
  CHECK(ledger->unsettled().value() == std::vector{card});
  ledger->tell({});
  CHECK(settle()->extended == 1);
  CHECK(ledger->newest_status(card)->value().months_paid == 3);
}
