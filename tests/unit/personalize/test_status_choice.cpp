// SPDX-License-Identifier: Apache-2.0
// Card and ledger may each know what the other does not; no offline kiosk revives what the authority ended.
#include "personalize/status/status_choice.hpp"

#include <array>

#include "ledger_sample.hpp"

using namespace personalize;
using namespace sample;
using patent::State;
using std::chrono::days;

namespace {

constexpr auto kIssued = std::chrono::year{2026} / 3 / 10;

class Office {
public:
  Office() {
    auto opened = StatusBook::open(folder_ / "status.db", MissingDatabase::make, sample::personal_data());
    REQUIRE(opened);
    ledger_ = *std::move(opened);
    first_ = first_record(entered(*ledger_, "P00000001", 7));
  }
  StatusLedger& ledger() { return *ledger_; }
  void decide(State state, std::chrono::sys_seconds at) {
    const auto newest = ledger_->newest_status(first_.card_number).value();
    const auto next = follow(*newest, {state, 0, newest->months_paid, at});
    REQUIRE(next);
    REQUIRE(ledger_->add_status(*next));
  }
  // The card, after kiosks without the ledger took two payments.
  CardStatus card_ahead(std::chrono::sys_seconds at) const {
    auto newest = first_;
    for (const auto months : std::array<std::uint8_t, 2>{2, 3}) newest = *follow(newest, {State::valid, 0, months, at});
    return {first_.card_number, first_.patent_number, kIssued, newest};
  }
  Choice event(StatusEvent what, const CardStatus& card, std::optional<std::uint8_t> months = {}) {
    return from_event({what, months, {}, kEnteredAt + days{4}}, ledger_.get(), card);
  }
  State entered_state() { return ledger_->newest_status(first_.card_number).value()->state; }

private:
  TemporaryFolder folder_;
  std::unique_ptr<StatusLedger> ledger_;
  patent::StatusRecord first_;
};

}  // namespace

TEST_CASE("a card ahead of the ledger revives nothing that the ledger has ended") {
  const auto state = GENERATE(State::invalid, State::annulled, State::lost, State::replaced, State::returned);
  const auto kiosk_at = kEnteredAt + GENERATE(days{1}, days{3});  // before and after the decision
  Office office;
  office.decide(state, kEnteredAt + days{2});
  const auto refused = office.event(StatusEvent::payment, office.card_ahead(kiosk_at), 4);
  REQUIRE_FALSE(refused);
  CHECK(std::get<EventError>(refused.error()) == EventError::not_from_this_state);
  CHECK(office.entered_state() == state);
}

TEST_CASE("what the ledger has ended comes onto a card that is ahead of it") {
  Office office;
  office.decide(State::annulled, kEnteredAt + days{2});
  const auto card = office.card_ahead(kEnteredAt + days{3});
  const auto chosen = office.event(StatusEvent::annulment, card);
  REQUIRE(chosen);
  CHECK(chosen->state == State::annulled);
  CHECK(chosen->sequence > card.newest->sequence);
  CHECK(chosen->as_of >= card.newest->as_of);  // or readers would go by the payment
  CHECK(chosen->months_paid == 3);
  CHECK(office.ledger().newest_status(card.card_number).value() == *chosen);
}

TEST_CASE("of a suspension in the ledger and a payment on the card, the newer one counts") {
  const auto suspended_on = GENERATE(days{1}, days{3});
  Office office;
  office.decide(State::suspended, kEnteredAt + suspended_on);
  const auto chosen = office.event(StatusEvent::payment, office.card_ahead(kEnteredAt + days{2}), 4);
  REQUIRE(chosen);
  CHECK(chosen->state == (suspended_on == days{3} ? State::suspended : State::valid));
  CHECK(chosen->months_paid == 4);
  CHECK(office.entered_state() == chosen->state);
}
