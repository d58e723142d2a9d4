// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/preparation.hpp"

#include <algorithm>

#include "personalize/floor/blame.hpp"
#include "personalize/issue/words.hpp"
#include "personalize/order/order_rules.hpp"

namespace personalize {
namespace {

// Patents are paid for a month at least: a clock that makes orders of today unpaid is further ahead than this.
constexpr std::chrono::days kClockAhead{14};

bool has(const std::vector<OrderFinding>& findings, OrderRule rule) {
  return std::ranges::find(findings, static_cast<std::uint16_t>(rule), &OrderFinding::rule) != findings.end();
}

bool days_are_over(const IssuanceFailure& failure) {
  const auto* const issuer = std::get_if<IssuerFailure>(&failure);
  return issuer != nullptr && (issuer->reason == reader::Reason::unpaid || issuer->reason == reader::Reason::term_over);
}

}  // namespace

Preparation::Preparation(const Issuance& issuance, OrderSource& source, const BatchSettings& settings,
                         std::size_t readers, BatchState& state)
    : issuance_(issuance),
      source_(source),
      settings_(settings),
      state_(state),
      ahead_(settings.prepared_ahead != 0 ? settings.prepared_ahead : 2 * readers) {
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t threads = settings.preparing_threads != 0 ? settings.preparing_threads : cores;
  state_.guard([&] {
    for (std::size_t i = 0; i < std::min(threads, ahead_); ++i)
      threads_.emplace_back([this] { state_.guard([this] { run(); }); });
  });
}

bool Preparation::over() const { return exhausted_ && in_work_ == 0 && in_hands_ == 0 && ready_.empty(); }

void Preparation::run() {
  std::unique_lock lock(mutex_);
  const auto room = [this] { return exhausted_ || ready_.size() + in_work_ < ahead_; };
  while (changed_.wait(lock, state_.token(), room) && !exhausted_ && !state_.stopping()) {
    ++in_work_;
    lock.unlock();
    std::optional<PreparedOrder> prepared;
    if (const auto text = next()) prepared = prepare(*text);
    lock.lock();
    --in_work_;
    if (prepared) ready_.push_back(*std::move(prepared));
    changed_.notify_all();
  }
}

std::optional<OrderText> Preparation::next() {
  const std::lock_guard one_at_a_time(source_mutex_);
  {
    const std::lock_guard lock(mutex_);
    if (exhausted_) return std::nullopt;
  }
  auto text = source_.next(state_.token());
  if (text && *text) return *std::move(text);
  if (!text) state_.stop_for(text.error());
  const std::lock_guard lock(mutex_);
  exhausted_ = true;
  source_ended_ = text && !state_.stopping();
  return std::nullopt;
}

// The order, once it is known to be one, to be ours, and to need nothing but a card.
std::optional<PreparedOrder> Preparation::prepare(const OrderText& text) {
  auto context = settings_.orders;
  context.at = settings_.clock();
  auto parsed = text.readable ? parse_order(text.text, context) : ParsedOrder{};
  if (!parsed.order) {
    if (text.claimed && has(parsed.findings, OrderRule::issued_in_the_future))
      return stop(text.order_id, Refused{Refusal::clock_set_back, text.order_id}), std::nullopt;
    if (text.claimed && has(parsed.findings, OrderRule::term_is_over) && !clock_is_believed(context.at))
      return stop(text.order_id, Refused{Refusal::clock_ahead, text.order_id}), std::nullopt;
    if (text.claimed)
      if (const auto held = source_.hold(text.order_id, "faulty_order"); !held) fail(held.error());
    state_.tell(DocumentRefused{text.where.empty() ? text.order_id : text.where, std::move(parsed.findings)});
    return std::nullopt;
  }
  IncomingOrder incoming{*std::move(parsed.order), text.claimed ? text.sha256 : order_digest(text.text)};
  const auto order_id = incoming.order.order_id;
  if (!enter(incoming)) return std::nullopt;
  if (!claim(incoming, text)) return leave(order_id), std::nullopt;
  auto prepared = issuance_.prepare(std::move(incoming), context.at);
  if (prepared) return *std::move(prepared);
  leave(order_id);
  if (days_are_over(prepared.error()) && !clock_is_believed(context.at))
    stop(order_id, Refused{Refusal::clock_ahead, order_id});
  else if (blame_of(prepared.error()) == Blame::order)
    refuse(order_id, prepared.error(), true);
  else
    stop(order_id, prepared.error());
  return std::nullopt;
}

bool Preparation::clock_is_believed(crypto::Time at) const {
  const auto running = std::chrono::steady_clock::now() - begun_;
  return settings_.newest_known == crypto::Time{} || at - settings_.newest_known <= kClockAhead + running;
}

bool Preparation::enter(const IncomingOrder& incoming) {
  const auto& order_id = incoming.order.order_id;
  bool same = false;
  {
    const std::lock_guard lock(mutex_);
    const auto [known, fresh] = in_flight_.emplace(order_id, incoming.sha256);
    if (fresh) return true;
    same = known->second == incoming.sha256;
  }
  if (same)
    state_.count_issued_before();
  else
    refuse(order_id, Refused{Refusal::order_changed, {}}, false);
  return false;
}

void Preparation::leave(const std::string& order_id) {
  const std::lock_guard lock(mutex_);
  in_flight_.erase(order_id);
}

bool Preparation::claim(IncomingOrder& incoming, const OrderText& text) {
  const auto& order_id = incoming.order.order_id;
  const auto claimed = source_.claim(incoming, text);
  if (!claimed) {
    if (blame_of(claimed.error()) == Blame::order)
      refuse(order_id, claimed.error(), true);
    else
      fail(claimed.error());
    return false;
  }
  const auto refused = [&](Refusal refusal) {
    refuse(order_id, Refused{refusal, {}}, false);
    return false;
  };
  switch (claimed->claim) {
    case Claim::ours: return true;
    case Claim::begun: state_.add_open(order_id, claimed->chip_serial); return false;
    case Claim::issued: state_.count_issued_before(); return false;
    case Claim::taken: return refused(Refusal::of_another_station);
    case Claim::voided: return refused(Refusal::voided_already);
    case Claim::held: return refused(Refusal::held_back);
    case Claim::changed: return refused(Refusal::order_changed);
  }
  return false;
}

void Preparation::refuse(const std::string& order_id, const IssuanceFailure& failure, bool hold) {
  if (hold)
    if (const auto held = source_.hold(order_id, code_of(failure)); !held) fail(held.error());
  state_.tell(OrderRefused{order_id, failure});
}

// The station's fault: the order waits for a better one.
void Preparation::stop(const std::string& order_id, const IssuanceFailure& failure) {
  if (const auto back = source_.give_back(order_id); !back) fail(back.error());
  state_.stop_for(failure);
}

void Preparation::fail(const LedgerFailure& failure) { state_.stop_for(failure); }

Preparation::Work Preparation::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, state_.token(), [this] { return !ready_.empty() || over(); });
  if (state_.stopping()) return Work::none;
  if (!ready_.empty()) return Work::order;
  return state_.has_open() ? Work::open : Work::none;
}

std::optional<PreparedOrder> Preparation::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, state_.token(), [this] { return !ready_.empty() || over(); });
  if (state_.stopping() || ready_.empty()) return std::nullopt;
  auto order = std::move(ready_.front());
  ready_.pop_front();
  ++in_hands_;
  changed_.notify_all();
  return order;
}

void Preparation::ended(const std::string& order_id) {
  const std::lock_guard lock(mutex_);
  in_flight_.erase(order_id);
  --in_hands_;
  changed_.notify_all();
}

void Preparation::put_back(PreparedOrder order) {
  const std::lock_guard lock(mutex_);
  --in_hands_;
  ready_.push_front(std::move(order));
  changed_.notify_all();
}

bool Preparation::finish() {
  state_.close();
  threads_.clear();
  for (const auto& order : ready_)
    if (const auto back = source_.give_back(order.incoming.order.order_id); !back) fail(back.error());
  return source_ended_ && std::exchange(ready_, {}).empty();
}

}  // namespace personalize
