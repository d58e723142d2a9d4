// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/issuance.hpp"

#include "card/patent/data_groups.hpp"
#include "crypto/sha256_text.hpp"
#include "crypto/signed_object.hpp"
#include "personalize/issue/print_form.hpp"

namespace personalize {
namespace {

crypto::unexpected<IssuanceFailure> refuse(Refusal refusal, std::string subject = {}) {
  return crypto::unexpected<IssuanceFailure>(Refused{refusal, std::move(subject)});
}

// A Result of one of the parts, with its failure as an IssuanceFailure.
template <class T, class E>
Issued<T> lift(crypto::Result<T, E> result) {
  return std::move(result).map_error([](E&& error) { return IssuanceFailure(std::move(error)); });
}

// What the receipt says of the finished card, taken from EF.SOD.
void describe_signature(const CardImage& image, Receipt& receipt) {
  const auto sod = image.files.find(layout::FileId::sod);
  if (sod == image.files.end()) return;
  receipt.sod_sha256 = crypto::sha256_text(sod->second);
  const auto signed_data = patent::unwrap_sod(sod->second);
  if (!signed_data) return;
  const auto object = crypto::SignedObject::parse(*signed_data);
  if (!object) return;
  const auto hashes = patent::decode_lds_security_object(object->content());
  if (!hashes) return;
  receipt.hash_algorithm = hash_name(hashes->hash);
  for (const auto& [number, hash] : hashes->hashes)
    receipt.data_groups["DG" + std::to_string(number)] = crypto::to_hex(hash);
}

LedgerEntry entry_for(const Order& order, const std::string& sha256) {
  LedgerEntry entry;
  entry.order_id = order.order_id;
  entry.order_sha256 = sha256;
  entry.card_number = order.patent.card_number;
  entry.patent_number = order.patent.series + order.patent.number;
  // A reissued patent has a number of its own; a duplicate and an amended one keep theirs.
  if (order.type == OrderType::duplicate || order.type == OrderType::amend)
    entry.previous_card_number = order.previous_card_number;
  entry.activate_at_handover = order.activate_at_handover;
  entry.status_list_uri = order.patent.status_list_uri;
  entry.status_index = order.patent.status_index;
  entry.blank_number = order.patent.blank_number;
  return entry;
}

}  // namespace

Issued<void> Issuance::check(const IncomingOrder& incoming) {
  PATENT_TRY(const auto entry, lift(ledger_.find(incoming.order.order_id)));
  if (entry) {
    if (entry->state == OrderState::issued)
      return refuse(Refusal::issued_already, ledger_.receipt_place(entry->order_id));
    if (entry->state == OrderState::voided) return refuse(Refusal::voided_already, entry->void_reason);
    if (entry->order_sha256 != incoming.sha256) return refuse(Refusal::order_changed);
    return {};
  }
  const auto free = ledger_.check_numbers(entry_for(incoming.order, incoming.sha256));
  if (free) return {};
  switch (free.error().error) {
    case LedgerError::card_number_used: return refuse(Refusal::card_number_used, free.error().by_order);
    case LedgerError::patent_number_used: return refuse(Refusal::patent_number_used, free.error().by_order);
    default: return lift(free);
  }
}

Issued<PreparedOrder> Issuance::prepare(IncomingOrder incoming, crypto::Time at) const {
  PreparedOrder prepared{std::move(incoming)};
  auto probe = prepared.incoming.order;
  if (probe.patent.blank_number.empty()) probe.patent.blank_number = kWidestBlank;
  PATENT_TRY_VOID(lift(issuer_.rehearse(probe, at)));
  PATENT_TRY(prepared.seal, lift(issuer_.draw_seal(probe, at)));
  return prepared;
}

Issued<std::unique_ptr<CardInHand>> Issuance::identify(reader::PoweredCard& card, std::string blank_number) const {
  auto in_hand = std::make_unique<CardInHand>(engine_, card, keys_, std::move(blank_number));
  PATENT_TRY_VOID(lift(in_hand->identify()));
  return in_hand;
}

// One order on one card.
class Issuance::Work {
public:
  // `seal`: of an order that is prepared; nullptr for one that is not.
  Work(Issuance& issuance, const IncomingOrder& incoming, const std::optional<SealPicture>* seal, CardInHand& hand,
       crypto::Time at, const Progress& progress)
      : issuance_(issuance),
        ledger_(issuance.ledger_),
        issuer_(issuance.issuer_),
        incoming_(incoming),
        order_(incoming.order),
        order_id_(incoming.order.order_id),
        seal_(seal),
        hand_(hand),
        receipt_(hand.receipt_),
        at_(at),
        progress_(progress) {
    receipt_.operator_name = issuance.operator_name_;
  }

  Issued<Receipt> run() {
    const auto begin = std::chrono::steady_clock::now();
    PATENT_TRY_VOID(match());
    PATENT_TRY_VOID(hand_.chip().life_cycle == layout::LifeCycle::personalized ? recall() : make());
    PATENT_TRY_VOID(lift(ledger_.mark_personalized(order_id_)));
    PATENT_TRY_VOID(prove());
    receipt_.elapsed += std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    PATENT_TRY_VOID(lift(ledger_.mark_issued(order_, receipt_)));
    return receipt_;
  }

private:
  void report(const IssuanceProgress& progress) const {
    if (progress_) progress_(progress);
  }

  // Whether this chip may become, or already is, this order's card.
  Issued<void> match() {
    const auto& serial = hand_.chip_serial();
    PATENT_TRY(entry_, lift(ledger_.find(order_id_)));
    PATENT_TRY(const auto last, lift(ledger_.find_by_chip(serial)));
    const bool ours = entry_ && entry_->chip_serial == serial;
    if (hand_.chip().life_cycle == layout::LifeCycle::personalized && !ours)
      return refuse(Refusal::already_personalized, last ? last->order_id : std::string());
    const bool others = last && last->order_id != order_id_ && last->state != OrderState::voided;
    if (others) return refuse(Refusal::chip_of_another_order, last->order_id);
    if (entry_ && !entry_->chip_serial.empty() && !ours)
      return refuse(Refusal::open_on_another_chip, entry_->chip_serial);
    return match_blank(ours);
  }

  // The blank is named by the order, the feed or the stock; once a chip is bound, by what was begun.
  Issued<void> match_blank(bool bound) {
    auto& named = order_.patent.blank_number;
    if (bound && !entry_->blank_number.empty()) named = entry_->blank_number;
    const auto& fed = hand_.blank_number();
    if (named.empty()) named = fed;
    if (named.empty()) return refuse(Refusal::no_blank_number);
    if (!fed.empty() && fed != named) return refuse(Refusal::blank_mismatch, fed);
    return {};
  }

  crypto::unexpected<IssuanceFailure> corrupt() const {
    return crypto::unexpected<IssuanceFailure>(LedgerFailure{LedgerError::corrupt, order_id_, {}});
  }

  // A finished chip, and what was signed for it.
  Issued<void> recall() {
    PATENT_TRY(auto open, lift(ledger_.open_card(order_id_)));
    if (!open.image || fingerprint(*open.image) != entry_->image_sha256) return corrupt();
    image_ = *std::move(open.image);
    can_ = std::move(open.can);
    signed_at_ = entry_->signed_at;
    return judge_again();
  }

  // What the station's trust no longer accepts is found on paper: a missing list is not the card's fault, and neither
  // order nor chip may be lost for it.
  Issued<void> judge_again() const {
    PATENT_TRY(const auto by, lift(issuer_.standing(at_)));
    PATENT_TRY_VOID(lift(issuer_.check_terminal(by, image_, at_)));
    const auto reason = judge_image(image_, *by.trust, policy(), signed_at_);
    if (acceptable(reason, order_.activate_at_handover)) return {};
    return crypto::unexpected<IssuanceFailure>(IssuerFailure{IssuerError::not_acceptable, {}, {}, reason});
  }

  // For the instant of signing, as known today: a list of revocations that is newer than the card is no wrong clock.
  [[nodiscard]] reader::Policy policy() const {
    reader::Policy policy;
    policy.clock_tolerance +=
        std::max(std::chrono::minutes{0}, std::chrono::ceil<std::chrono::minutes>(at_ - signed_at_));
    return policy;
  }

  Issued<void> make() {
    report({Phase::signing});
    PATENT_TRY_VOID(seal_ != nullptr ? enter(*seal_) : prepare());
    const auto script = preparation(issuer_.profile().chip_curve, {hand_.chip().keys, hand_.chip().life_cycle});
    announce(script.front());
    PATENT_TRY_VOID(lift(ledger_.begin_writing(order_id_, hand_.chip_serial())));
    PATENT_TRY(auto open, lift(ledger_.open_card(order_id_)));  // from here on nobody else draws another CAN
    can_ = std::move(open.can);
    PATENT_TRY_VOID(write(script, {}));
    return sign_and_write();
  }

  Issued<void> sign_and_write() {
    report({Phase::signing});
    PATENT_TRY(image_, lift(issuer_.sign(order_, *hand_.runner_.chip_key(), at_)));
    signed_at_ = at_;
    const auto secrets = secrets_of(image_, can_.view());
    if (!secrets) return corrupt();
    const auto script = completion(image_);
    announce(script.front());
    PATENT_TRY_VOID(lift(ledger_.keep_image(order_id_, image_, signed_at_)));
    return write(script, *secrets);
  }

  Issued<void> prepare() {
    PATENT_TRY(const auto prepared, issuance_.prepare({order_, incoming_.sha256}, at_));
    return enter(prepared.seal);
  }

  // The order with its CAN and its seal, as it was begun or is begun now. One that no chip was bound to takes any
  // blank, and keeps its CAN.
  Issued<void> enter(const std::optional<SealPicture>& seal) {
    const auto& blank = order_.patent.blank_number;
    const bool unbound = entry_ && entry_->chip_serial.empty();
    if (entry_ && (!unbound || entry_->blank_number == blank)) return {};
    PATENT_TRY(auto can, entry_ ? kept_can() : lift(issuer_.draw_can()));
    return lift(ledger_.prepare(entry_for(order_, incoming_.sha256), print_form(order_, can, seal)));
  }

  Issued<crypto::Secret> kept_can() {
    PATENT_TRY(auto open, lift(ledger_.open_card(order_id_)));
    return std::move(open.can);
  }

  void announce(const Step& step) { ledger_.announce_step(order_id_, {++announced_, describe(step)}); }

  // Each step's line is durable before the chip sees it, and is written while the chip is busy with the one before.
  // The first one is announced by the caller, ahead of what else must be durable by then.
  Issued<void> write(const PersoScript& script, const CardSecrets& secrets) {
    for (std::size_t i = 0; i < script.size(); ++i) {
      PATENT_TRY_VOID(lift(ledger_.settle_steps(order_id_)));
      if (i + 1 < script.size()) announce(script[i + 1]);
      report({Phase::writing, {i, script.size(), describe(script[i])}});
      auto done = lift(hand_.runner_.run(script[i], secrets));
      if (done) continue;
      static_cast<void>(ledger_.settle_steps(order_id_));  // the next line is this order's, whatever became of the card
      return done;
    }
    return {};
  }

  // Judged for the instant of signing: a card that waited for its read-back is not stale for that.
  Issued<void> prove() {
    report({Phase::reading_back});
    PATENT_TRY(const auto by, lift(issuer_.standing(at_)));
    if (const auto reset = hand_.card_.reset(); !reset) return crypto::unexpected<IssuanceFailure>(reset.error());
    auto result = read_back(issuance_.engine_, hand_.link_, hand_.card_.limits, image_, can_, by.terminal(), *by.trust,
                            policy(), order_.activate_at_handover, signed_at_);
    if (result.link_error) return crypto::unexpected<IssuanceFailure>(*result.link_error);
    if (result.rejection) return reject(*std::move(result.rejection));
    fill_receipt();
    return {};
  }

  // This card, and not one that was put in its place before the read-back. Then the order first: should the card be
  // pulled now, it is still nobody's.
  Issued<void> reject(Rejection rejection) {
    PATENT_TRY_VOID(find_again(hand_));
    PATENT_TRY_VOID(lift(ledger_.void_order(order_id_, "rejected at read-back")));
    rejection.terminated = issuance_.terminate(order_id_, hand_).has_value();
    return crypto::unexpected<IssuanceFailure>(std::move(rejection));
  }

  void fill_receipt() {
    receipt_.order_id = order_id_;
    receipt_.card_number = order_.patent.card_number;
    receipt_.patent_number = order_.patent.series + order_.patent.number;
    receipt_.profile = image_.profile;
    receipt_.image_sha256 = fingerprint(image_);
    receipt_.verdict = order_.activate_at_handover ? "NOT_ACTIVE" : "VALID";
    receipt_.signed_at = signed_at_;
    receipt_.issued_at = at_;
    describe_signature(image_, receipt_);
  }

  Issuance& issuance_;
  Ledger& ledger_;
  const Issuer& issuer_;
  const IncomingOrder& incoming_;
  Order order_;  // with the blank that it becomes
  const std::string& order_id_;
  const std::optional<SealPicture>* seal_;
  CardInHand& hand_;
  Receipt& receipt_;
  crypto::Time at_;
  const Progress& progress_;
  std::optional<LedgerEntry> entry_;  // as it was begun; nothing for a new order
  std::uint32_t announced_ = 0;
  CardImage image_;
  crypto::Secret can_;
  crypto::Time signed_at_{};
};

Issued<Receipt> Issuance::issue(const PreparedOrder& prepared, CardInHand& card, crypto::Time at,
                                const Progress& progress) {
  PATENT_TRY_VOID(check(prepared.incoming));
  return Work(*this, prepared.incoming, &prepared.seal, card, at, progress).run();
}

Issued<void> Issuance::find_again(CardInHand& card) {
  const auto serial = card.chip_serial();
  if (const auto reset = card.card_.reset(); !reset) return crypto::unexpected<IssuanceFailure>(reset.error());
  auto found = card.identify();
  if (!found && (found.error().error == RunError::link || found.error().error == RunError::crypto))
    return lift(std::move(found));
  if (!found || card.chip_serial() != serial) return crypto::unexpected<IssuanceFailure>(wire::LinkError::card_removed);
  return {};
}

Issued<void> Issuance::terminate(const std::string& order_id, CardInHand& card) {
  PATENT_TRY_VOID(find_again(card));
  PATENT_TRY(const auto last, lift(ledger_.find_by_chip(card.chip_serial())));
  if (!last || last->order_id != order_id || last->state != OrderState::voided)
    return refuse(Refusal::chip_of_another_order, last ? last->order_id : std::string());
  std::uint32_t lines = 0;
  const auto enter = [&](std::string step) {
    ledger_.announce_step(order_id, {++lines, std::move(step)});
    return lift(ledger_.settle_steps(order_id));
  };
  if (card.chip().keys != KeySet::transport) {
    const SetLifeCycle step{layout::LifeCycle::terminated};
    PATENT_TRY_VOID(enter(describe(Step(step))));
    PATENT_TRY_VOID(lift(card.runner_.run(step, {})));
  }
  return enter(std::string(kChipEnded));
}

Issued<Receipt> Issuance::finish(const IncomingOrder& incoming, CardInHand& card, crypto::Time at,
                                 const Progress& progress) {
  PATENT_TRY_VOID(check(incoming));
  return Work(*this, incoming, nullptr, card, at, progress).run();
}

Issued<Receipt> Issuance::issue(const IncomingOrder& incoming, reader::PoweredCard& card, crypto::Time at,
                                const Progress& progress) {
  PATENT_TRY_VOID(check(incoming));
  if (progress) progress({Phase::identifying});
  PATENT_TRY(const auto in_hand, identify(card));
  return finish(incoming, *in_hand, at, progress);
}

}  // namespace personalize
