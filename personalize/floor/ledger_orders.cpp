// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/ledger_orders.hpp"

#include <algorithm>

#include "personalize/status/enrolment.hpp"

namespace personalize {
namespace {

constexpr std::chrono::seconds kLookAgain{2};

crypto::unexpected<LedgerFailure> failure(LedgerError error, std::string_view subject) {
  return crypto::unexpected<LedgerFailure>({error, std::string(subject), {}});
}

// False when it is to end.
bool sleep(std::chrono::seconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

// What ended, went elsewhere or never stood in the books needs nothing done to it.
Logged<void> but_for_gone(Logged<void> result) {
  constexpr std::array kGone{LedgerError::wrong_state, LedgerError::not_found, LedgerError::blank_unknown};
  if (!result && std::ranges::find(kGone, result.error().error) != kGone.end()) return {};
  return result;
}

}  // namespace

LedgerOrders::LedgerOrders(const FloorBooks& books, OrderFiles* files, LedgerOrdersSettings settings)
    : books_(books),
      files_(files),
      settings_(std::move(settings)),
      heart_([this](const std::stop_token& stop) { beat(stop); }) {}

// A beat that fails is not told: whatever needs the ledger next says so.
void LedgerOrders::beat(const std::stop_token& stop) {
  while (sleep(settings_.lease / 3, stop)) try {
      books_.commits
          .post([this] { return books_.queue.renew(settings_.workplace.station, settings_.clock() + settings_.lease); })
          .wait();
    } catch (const std::exception&) {  // no memory for it
    }
}

// The queue gives away no order that is bound to a chip: those that a run of this station left come first.
Logged<std::optional<ClaimedOrder>> LedgerOrders::claim_next() {
  if (!in_hand_) {
    PATENT_TRY(in_hand_, books_.stock.taken_at(settings_.workplace.station));
  }
  while (!in_hand_->empty()) {
    PATENT_TRY(const auto blank, books_.stock.find(in_hand_->back()));
    in_hand_->pop_back();
    PATENT_TRY(auto left, books_.queue.document(blank->order_id));
    if (left) return left;
  }
  return books_.queue.claim(settings_.workplace.station, settings_.lease, settings_.clock());
}

Logged<std::optional<OrderText>> LedgerOrders::next(std::stop_token stop) {
  if (files_ != nullptr) return files_->next();
  do {
    PATENT_TRY(auto claimed, books_.commits.run<std::optional<ClaimedOrder>>([this, before = in_hand_] {
      in_hand_ = before;
      return claim_next();
    }));
    if (claimed)
      return OrderText{.text = std::move(claimed->document),
                       .where = {},
                       .order_id = std::move(claimed->order_id),
                       .sha256 = std::move(claimed->sha256),
                       .claimed = true};
  } while (settings_.follow && sleep(kLookAgain, stop));
  return std::optional<OrderText>();
}

Logged<Claimed> LedgerOrders::claim(IncomingOrder& order, const OrderText& text) {
  return books_.commits.run<Claimed>([&, before = order.order.patent] {
    order.order.patent = before;  // without the place in a list that an undone run gave it
    return claim_in_queue(order, text);
  });
}

Logged<Claimed> LedgerOrders::claim_in_queue(IncomingOrder& incoming, const OrderText& text) {
  const auto& order_id = incoming.order.order_id;
  const auto now = settings_.clock();
  bool fresh = false;
  if (!text.claimed) {
    PATENT_TRY(const auto submission, books_.queue.submit({order_id, incoming.sha256, {}, text.text}, now));
    if (submission == Submission::changed) return Claimed{Claim::changed};
    fresh = submission == Submission::entered;
    PATENT_TRY(const auto outcome,
               books_.queue.claim_order(order_id, settings_.workplace.station, settings_.lease, now));
    switch (outcome) {
      case ClaimOutcome::claimed: break;
      case ClaimOutcome::taken: return Claimed{Claim::taken};
      case ClaimOutcome::issued: return Claimed{Claim::issued};
      case ClaimOutcome::voided: return Claimed{Claim::voided};
      case ClaimOutcome::held: return Claimed{Claim::held};
    }
  }
  PATENT_TRY(const auto entry, books_.orders.find(order_id));
  if (entry && !entry->chip_serial.empty()) return Claimed{Claim::begun, entry->chip_serial};
  PATENT_TRY(const auto fault, succession(incoming.order, fresh));
  if (fault) {
    PATENT_TRY_VOID(books_.queue.hold(order_id, name_of(*fault)));
    return Claimed{Claim::held};
  }
  PATENT_TRY_VOID(give_list_place(incoming.order, entry.has_value()));
  return Claimed{Claim::ours};
}

// A card that nobody here knows was judged when the order came in: by the intake, or by who released it since.
Logged<std::optional<SuccessionFault>> LedgerOrders::succession(const Order& order, bool fresh) {
  PATENT_TRY(const auto fault, succession_fault(books_.statuses, order));
  if (fault != SuccessionFault::previous_unknown) return fault;
  if (!fresh) return std::optional<SuccessionFault>();
  if (settings_.previous_elsewhere == nullptr) return fault;
  PATENT_TRY_VOID(
      settings_.previous_elsewhere->append({"previous_elsewhere",
                                            settings_.clock(),
                                            settings_.workplace.operator_name,
                                            {{"order", order.order_id}, {"previous", order.previous_card_number}}}));
  return std::optional<SuccessionFault>();
}

// An order that was begun keeps the place, or the lack of one, that it was begun with.
Logged<void> LedgerOrders::give_list_place(Order& order, bool begun) {
  if (begun) PATENT_TRY_VOID(recall_place(books_.orders, order));
  const bool named = !order.patent.status_list_uri.empty();
  if (!named && (begun || settings_.list_base.empty())) return {};
  return give_place(books_.statuses, settings_.list_base, order);
}

Logged<std::optional<KnownChip>> LedgerOrders::known_chip(std::string_view chip_serial) {
  std::optional<ClaimedOrder> document;
  const auto known = books_.commits.run<std::optional<KnownChip>>([&]() -> Logged<std::optional<KnownChip>> {
    document.reset();  // of an undone run that could claim it
    PATENT_TRY(const auto entry, books_.orders.find_by_chip(chip_serial));
    if (!entry) return std::optional<KnownChip>();
    KnownChip found{entry->state, entry->order_id, entry->blank_number, {}};
    if (entry->state == OrderState::issued || entry->state == OrderState::voided) return std::optional(found);
    PATENT_TRY(const auto outcome, books_.queue.claim_order(entry->order_id, settings_.workplace.station,
                                                            settings_.lease, settings_.clock()));
    if (outcome != ClaimOutcome::claimed) return std::optional(found);
    PATENT_TRY(document, books_.queue.document(entry->order_id));
    return std::optional(found);
  });
  if (!known || !*known || !document) return known;
  auto context = settings_.orders;
  context.at = settings_.clock();
  auto parsed = parse_order(document->document, context);
  auto found = **known;
  if (!parsed.order) return std::optional(found);
  IncomingOrder incoming{*std::move(parsed.order), document->sha256};
  PATENT_TRY_VOID(books_.commits.run<void>([&] { return recall_place(books_.orders, incoming.order); }));
  found.order = std::move(incoming);
  return std::optional(std::move(found));
}

Logged<std::string> LedgerOrders::blank(std::string_view chip_serial, std::string_view fed) {
  if (!settings_.workplace.keeps_stock) return std::string(fed);
  PATENT_TRY(const auto blank, books_.commits.run<std::optional<Blank>>([&] {
    return fed.empty() ? books_.stock.find_by_chip(chip_serial) : books_.stock.find(fed);
  }));
  if (!blank) return fed.empty() ? Logged<std::string>() : failure(LedgerError::blank_unknown, fed);
  if (blank->state != BlankState::in_stock) return failure(LedgerError::blank_used, blank->number);
  if (blank->product != settings_.workplace.product)
    return failure(LedgerError::blank_of_another_product, blank->number);
  if (!blank->chip_serial.empty() && blank->chip_serial != chip_serial)
    return failure(LedgerError::blank_of_another_chip, blank->number);
  return blank->number;
}

Logged<void> LedgerOrders::give_back(std::string_view order_id) {
  return books_.commits.run<void>(
      [&] { return but_for_gone(books_.queue.release(order_id, settings_.workplace.station)); });
}

Logged<void> LedgerOrders::hold(std::string_view order_id, std::string_view reason) {
  return books_.commits.run<void>([&]() -> Logged<void> {
    const auto claimed =
        books_.queue.claim_order(order_id, settings_.workplace.station, settings_.lease, settings_.clock());
    if (!claimed) return but_for_gone(crypto::unexpected<LedgerFailure>(claimed.error()));
    if (*claimed != ClaimOutcome::claimed) return {};  // another station's by now: what is wrong here is not there
    return but_for_gone(books_.queue.hold(order_id, reason));
  });
}

Logged<void> LedgerOrders::give_up(std::string_view order_id, std::string_view reason) {
  return books_.commits.run<void>([&] { return books_.orders.void_order(order_id, reason); });
}

// The chip tells more surely than a number that somebody has read. A blank that is taken ends with its order.
Logged<std::string> LedgerOrders::reject_blank(std::string_view chip_serial, std::string_view fed,
                                               std::string_view reason) {
  if (!settings_.workplace.keeps_stock) return std::string();
  return books_.commits.run<std::string>([&]() -> Logged<std::string> {
    std::optional<Blank> blank;
    if (!chip_serial.empty()) {
      PATENT_TRY(blank, books_.stock.find_by_chip(chip_serial));
    }
    if (!blank && !fed.empty()) {
      PATENT_TRY(blank, books_.stock.find(fed));
    }
    const bool of_another_chip =
        blank && !chip_serial.empty() && !blank->chip_serial.empty() && blank->chip_serial != chip_serial;
    if (!blank || of_another_chip || blank->state != BlankState::in_stock) return std::string();
    PATENT_TRY_VOID(books_.stock.reject(blank->number, reason, settings_.workplace.operator_name, settings_.clock()));
    return std::move(blank->number);
  });
}

}  // namespace personalize
