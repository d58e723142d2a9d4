// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/card_worker.hpp"

#include <fmt/format.h>

#include <condition_variable>

#include "personalize/floor/blame.hpp"
#include "personalize/floor/watchdog.hpp"
#include "personalize/issue/words.hpp"

namespace personalize {
namespace {

// So many blanks in a row that cannot be used are no accident: another delivery, or the wrong keys.
constexpr unsigned kUnfitInARow = 3;

// What is no order's fault, and has ended or is another's: nobody has to look at it.
bool needs_nobody(const IssuanceFailure& failure) {
  const auto* const refused = std::get_if<Refused>(&failure);
  if (refused == nullptr) return false;
  const auto refusal = refused->refusal;
  return refusal == Refusal::issued_already || refusal == Refusal::voided_already ||
         refusal == Refusal::of_another_station || refusal == Refusal::open_on_another_chip;
}

bool is_mute(const FeedFailure& failure) { return failure.link == wire::LinkError::card_mute; }

bool is_hung(const FeedFailure& failure) { return failure.link == wire::LinkError::timed_out; }

bool is_hung(const IssuanceFailure& failure) {
  const auto* const run = std::get_if<RunFailure>(&failure);
  const auto* const link = run != nullptr && run->link ? &*run->link : std::get_if<wire::LinkError>(&failure);
  return link != nullptr && *link == wire::LinkError::timed_out;
}

// Where only the order names its blank, one that cannot be had is no fault of the card in the reader.
bool names_bad_blank(const IssuanceFailure& failure, const CardInHand& hand) {
  return hand.blank_number().empty() && std::holds_alternative<LedgerFailure>(failure) &&
         blame_of(failure) == Blame::blank;
}

}  // namespace

void CardWorker::run() {
  if (state_.guard([this] { work(); })) return;
  state_.guard([this] { static_cast<void>(look_what_is_bound()); });
  return_order();
}

void CardWorker::work() {
  bool away = false;
  std::optional<Clock::time_point> give_up_at;  // of one that hangs
  while (preparation_.wait() != Preparation::Work::none) {
    auto fed = awoken(feed_.get(state_.token()), state_.token());
    if (fed) {
      give_up_at.reset();
      if (std::exchange(away, false)) state_.tell(ReaderBack{reader_});
      if (!serve(*std::move(fed))) return;
      continue;
    }
    if (is_mute(fed.error())) {
      if (!discard_mute(fed.error())) return;
      continue;
    }
    if (fed.error().error != FeedError::link) {
      report(fed.error());
      return;
    }
    if (!std::exchange(away, true)) report(fed.error());
    if (is_hung(fed.error()) && is_late(give_up_at)) return;
    pause();
  }
}

// A card that is torn once more while it mends itself says nothing, and speaks the next time.
Fed<FedCard> CardWorker::awoken(Fed<FedCard> fed, const std::stop_token& stop) {
  for (unsigned tries = 1; tries < settings_.tries && !fed && is_mute(fed.error()); ++tries) fed = feed_.again(stop);
  return fed;
}

// What hangs is not asked for ever: each time may cost a thread that never ends.
bool CardWorker::is_late(std::optional<Clock::time_point>& give_up_at) {
  const auto now = Clock::now();
  if (!give_up_at) give_up_at = now + settings_.hung_limit;
  if (now < *give_up_at) return false;
  report({FeedError::link, "it hangs, and is given up", wire::LinkError::timed_out});
  return true;
}

// A chip that says nothing when it is powered. Which blank it is, only its print tells.
bool CardWorker::discard_mute(const FeedFailure& failure) {
  constexpr std::string_view kReason = "card_mute";
  order_id_.clear();
  blank_number_ = failure.blank_number;
  if (const auto booked = source_.reject_blank({}, blank_number_, kReason); !booked)
    return state_.stop_for(booked.error()), false;
  return discard(std::string(kReason));
}

// One card, until it is done with. False when the reader can do no more.
bool CardWorker::serve(FedCard first) {
  chip_serial_.clear();
  told_by_.clear();
  order_id_.clear();
  bound_.clear();
  bears_voided_ = false;
  mute_ = false;
  std::optional<FedCard> fed(std::move(first));
  for (unsigned tries = 1; fed; ++tries) {
    const auto outcome = attempt(*fed);
    fed.reset();
    if (std::holds_alternative<Done>(outcome)) return done();
    if (!look_what_is_bound()) break;
    if (const auto* voided = std::get_if<Voided>(&outcome)) return discard(voided->reason, voided->alive);
    if (const auto* unfit = std::get_if<Unfit>(&outcome)) return give_up(unfit->failure);
    if (const auto* stuck = std::get_if<Stuck>(&outcome)) report({FeedError::failed, stuck->reason});
    const auto* torn = std::get_if<Torn>(&outcome);
    if (torn == nullptr) break;
    if (tries >= settings_.tries) return give_up(torn->failure);
    state_.tell(CardTorn{reader_, order_id_, torn->failure});
    fed = reconnect(is_hung(torn->failure));
    if (!fed && mute_) return give_up(torn->failure);
  }
  return_order();
  return false;
}

CardWorker::Outcome CardWorker::attempt(FedCard& fed) {
  identified_ = false;
  blank_number_ = fed.blank_number;
  auto card = watched(std::move(fed.card), settings_.apdu_limit);
  const auto hand = issuance_.identify(card, fed.blank_number);
  if (!hand) {
    if (bound_.empty() || blame_of(hand.error()) != Blame::blank) return after(hand.error());
    return is_same_card() ? Outcome(Torn{hand.error()}) : swapped();
  }
  identified_ = true;
  chip_serial_ = (*hand)->chip_serial();  // another card than before stands on its own
  told_by_ = feed_.card_in_hand();
  return meet(**hand);
}

CardWorker::Outcome CardWorker::meet(CardInHand& hand) {
  const auto known = source_.known_chip(chip_serial_);
  if (!known) return after(known.error());
  return *known ? serve_known(**known, hand) : serve_blank(hand);
}

// Whether the card in the reader is the one that told its serial: by its own word, or by the feed's.
bool CardWorker::is_same_card() const { return identified_ || (!told_by_.empty() && feed_.card_in_hand() == told_by_); }

CardWorker::Outcome CardWorker::serve_known(const KnownChip& known, CardInHand& hand) {
  order_id_ = known.order_id;
  blank_number_ = known.blank_number;
  return_order();                                        // it was for another chip
  if (known.state == OrderState::issued) return Done{};  // the run before ended when it was about to be taken out
  if (known.state == OrderState::voided) return terminate(hand);
  if (!known.order) return Stuck{fmt::format("order {} on this chip is another station's, or held", known.order_id)};
  state_.tell(CardBegun{reader_, order_id_});
  const auto receipt = issuance_.finish(*known.order, hand, settings_.clock(), progress());
  if (receipt) return succeed(*receipt);
  if (blame_of(receipt.error()) == Blame::order) return Stuck{words_for(receipt.error())};  // the chip goes on waiting
  return after(receipt.error());
}

CardWorker::Outcome CardWorker::serve_blank(CardInHand& hand) {
  const auto blank = source_.blank(chip_serial_, hand.blank_number());
  if (!blank) return after(blank.error());
  blank_number_ = *blank;
  hand.set_blank_number(*blank);
  while (true) {
    if (!order_) order_ = preparation_.take();
    if (!order_) return state_.stopping() ? Outcome(Ended{}) : Outcome(Idle{});
    order_id_ = order_->incoming.order.order_id;
    state_.tell(CardBegun{reader_, order_id_});
    const auto receipt = issuance_.issue(*order_, hand, settings_.clock(), progress());
    if (receipt) return succeed(*receipt);
    if (blame_of(receipt.error()) != Blame::order && !names_bad_blank(receipt.error(), hand))
      return after(receipt.error());
    if (!look_what_is_bound()) return Ended{};
    if (!bound_.empty()) return Torn{receipt.error()};  // found out too late: the chip was begun
    if (!order_) return meet(hand);                     // somebody ended it meanwhile: the chip bears a part of it
    drop_order(receipt.error());
  }
}

// What it bears of an order that was voided must not live on.
CardWorker::Outcome CardWorker::terminate(CardInHand& hand) {
  const auto terminated = issuance_.terminate(order_id_, hand);
  return terminated ? Voided{"order_voided"} : after(terminated.error());
}

// A card that was never ours cannot be the torn one, and costs its order nothing.
CardWorker::Outcome CardWorker::swapped() const {
  return Stuck{fmt::format("another card is in the reader: order {} waits for its chip {}", bound_, chip_serial_)};
}

CardWorker::Outcome CardWorker::after(const IssuanceFailure& failure) {
  switch (blame_of(failure)) {
    case Blame::blank: return Unfit{failure};
    case Blame::verdict: return Voided{std::string(code_of(failure)), !std::get<Rejection>(failure).terminated};
    case Blame::station: state_.stop_for(failure); return Ended{};
    default: return Torn{failure};
  }
}

CardWorker::Outcome CardWorker::succeed(const Receipt& receipt) {
  if (std::exchange(order_, std::nullopt)) preparation_.ended(receipt.order_id);
  state_.remove_open(receipt.order_id);
  state_.tell(CardIssued{reader_, receipt});
  return Done{};
}

// Held, if anybody has to look; the card serves the next one.
void CardWorker::drop_order(const IssuanceFailure& failure) {
  if (!needs_nobody(failure))
    if (const auto held = source_.hold(order_id_, code_of(failure)); !held) state_.stop_for(held.error());
  state_.tell(OrderRefused{order_id_, failure});
  order_.reset();
  preparation_.ended(order_id_);
}

// By the ledger, for a failure may stand on either side of the line that binds an order to its chip. False when it does
// not tell: then nothing is done with the card.
bool CardWorker::look_what_is_bound() {
  if (!identified_) return true;  // what is known of its chip still stands
  const auto known = source_.known_chip(chip_serial_);
  if (!known) return state_.stop_for(known.error()), false;
  bound_.clear();
  if (!*known) return true;
  const auto& [state, order_id, blank_number, order] = **known;
  bears_voided_ = state == OrderState::voided;
  if (state != OrderState::issued && !bears_voided_) bound_ = order_id;
  if (!bound_.empty()) state_.add_open(bound_, chip_serial_);
  if (!order_ || order_->incoming.order.order_id != order_id) return true;
  order_.reset();
  preparation_.ended(order_id);
  return true;
}

void CardWorker::return_order() {
  if (order_) preparation_.put_back(*std::exchange(order_, std::nullopt));
}

bool CardWorker::done() {
  unfit_in_a_row_ = 0;
  const auto taken = feed_.done();
  return taken || report(taken.error());
}

// The order is voided with a chip that it is open on, and takes another one otherwise.
bool CardWorker::give_up(const IssuanceFailure& failure) {
  const auto reason = mute_ ? std::string("card_mute") : std::string(code_of(failure));
  const bool same = is_same_card();
  if (!bound_.empty() && !same) return leave_open(reason);
  auto booked = bound_.empty() ? source_.reject_blank(same ? chip_serial_ : "", blank_number_, reason)
                               : source_.give_up(bound_, reason).map([this] { return blank_number_; });
  if (!booked) {
    state_.stop_for(booked.error());
    return_order();
    return false;
  }
  if (!booked->empty()) blank_number_ = *std::move(booked);
  order_id_ = bound_;
  return discard(reason, same && (!bound_.empty() || bears_voided_));
}

// A card that did not say which chip it is may be any: the order goes on waiting for its own.
bool CardWorker::leave_open(const std::string& reason) {
  state_.tell(OrderRefused{bound_, Refused{Refusal::open_on_another_chip, chip_serial_}});
  order_id_.clear();
  blank_number_.clear();
  return discard(reason);
}

bool CardWorker::discard(const std::string& reason, bool alive) {
  state_.remove_open(order_id_);
  return_order();
  state_.tell(CardRejected{reader_, order_id_, blank_number_, reason, alive});
  const auto binned = feed_.reject(reason);
  if (!binned) return report(binned.error());
  if (++unfit_in_a_row_ < kUnfitInARow) return true;
  return report({FeedError::failed,
                 fmt::format("{} cards in a row were rejected, the last one for {}", unfit_in_a_row_, reason)});
}

// The same card once more. A reader that is away is waited for; one that hung, for a while, since most come back with
// a new plug only, and other readers' orders need not wait for that. When the batch is to stop, it is tried once.
std::optional<FedCard> CardWorker::reconnect(bool hung) {
  const auto stop = state_.stopping() ? std::stop_token{} : state_.token();
  std::optional<Clock::time_point> give_up_at(Clock::now() + settings_.hung_limit);
  for (bool away = false;; pause()) {
    auto fed = awoken(feed_.again(stop), stop);
    if (fed) {
      if (away) state_.tell(ReaderBack{reader_});
      return *std::move(fed);
    }
    mute_ = is_mute(fed.error());
    identified_ = false;
    if (mute_) {
      if (!is_same_card()) blank_number_ = fed.error().blank_number;
      return std::nullopt;
    }
    hung = hung || is_hung(fed.error());
    if (hung && is_late(give_up_at)) return std::nullopt;
    const bool waits = fed.error().error == FeedError::link && !state_.stopping();
    if (!std::exchange(away, true) || !waits) report(fed.error());
    if (!waits) return std::nullopt;
  }
}

void CardWorker::pause() {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, state_.token(), settings_.reader_pause, [] { return false; });
}

// False, for the caller to pass on.
bool CardWorker::report(const FeedFailure& failure) {
  if (failure.error != FeedError::empty && failure.error != FeedError::interrupted)
    state_.tell(ReaderLost{reader_, failure});
  return false;
}

Issuance::Progress CardWorker::progress() {
  return [this](const IssuanceProgress& progress) { state_.tell(CardStep{reader_, order_id_, progress}); };
}

}  // namespace personalize
