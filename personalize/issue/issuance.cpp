// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/issuance.hpp"

#include "card/patent/data_groups.hpp"
#include "crypto/openssl_engine.hpp"
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

// Counts what goes over the link.
class Metered final : public wire::Channel {
public:
  Metered(wire::Channel& below, Receipt& receipt) : below_(below), receipt_(receipt) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override {
    ++receipt_.apdus;
    receipt_.octets_sent += wire::encoded_size(command);
    const auto response = below_.transmit(command);
    if (response) receipt_.octets_received += response->data.size() + 2;
    return response;
  }

private:
  wire::Channel& below_;
  Receipt& receipt_;
};

std::string sha256(crypto::ByteView content) {
  const std::array parts{content};
  std::array<crypto::Byte, 32> digest{};
  crypto::OpensslEngine engine;
  return engine.hash(crypto::HashAlgorithm::sha256, parts, digest) ? crypto::to_hex(digest) : std::string();
}

// What the receipt says of the finished card, taken from EF.SOD.
void describe_signature(const CardImage& image, Receipt& receipt) {
  const auto sod = image.files.find(layout::FileId::sod);
  if (sod == image.files.end()) return;
  receipt.sod_sha256 = sha256(sod->second);
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

LedgerEntry entry_for(const IncomingOrder& incoming) {
  const auto& order = incoming.order;
  LedgerEntry entry;
  entry.order_id = order.order_id;
  entry.order_sha256 = incoming.sha256;
  entry.card_number = order.patent.card_number;
  entry.patent_number = order.patent.series + order.patent.number;
  // A reissued patent has a number of its own; a duplicate and an amended one keep theirs.
  if (order.type == OrderType::duplicate || order.type == OrderType::amend)
    entry.previous_card_number = order.previous_card_number;
  entry.activate_at_handover = order.activate_at_handover;
  entry.status_list_uri = order.patent.status_list_uri;
  entry.status_index = order.patent.status_index;
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
  const auto free = ledger_.check_numbers(entry_for(incoming));
  if (free) return {};
  switch (free.error().error) {
    case LedgerError::card_number_used: return refuse(Refusal::card_number_used, free.error().by_order);
    case LedgerError::patent_number_used: return refuse(Refusal::patent_number_used, free.error().by_order);
    default: return lift(free);
  }
}

// One order on one card.
class Issuance::Work {
public:
  Work(Issuance& issuance, const IncomingOrder& incoming, reader::PoweredCard& card, crypto::Time at,
       const std::function<void(const IssuanceProgress&)>& progress)
      : engine_(issuance.engine_),
        ledger_(issuance.ledger_),
        issuer_(issuance.issuer_),
        trust_(issuance.trust_),
        incoming_(incoming),
        order_id_(incoming.order.order_id),
        card_(card),
        at_(at),
        progress_(progress),
        link_(*card.channel, receipt_),
        runner_(engine_, link_, card.limits, issuance.keys_) {
    receipt_.operator_name = issuance.operator_name_;
  }

  Issued<Receipt> run() {
    const auto begin = std::chrono::steady_clock::now();
    report({Phase::identifying});
    PATENT_TRY(const auto chip, lift(runner_.identify()));
    PATENT_TRY_VOID(match(chip));
    PATENT_TRY_VOID(chip.life_cycle == layout::LifeCycle::personalized ? recall() : make(chip));
    PATENT_TRY_VOID(lift(ledger_.mark_personalized(order_id_)));
    PATENT_TRY_VOID(prove());
    receipt_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    PATENT_TRY_VOID(lift(ledger_.mark_issued(incoming_.order, receipt_)));
    return std::move(receipt_);
  }

private:
  void report(const IssuanceProgress& progress) const {
    if (progress_) progress_(progress);
  }

  // Whether this chip may become, or already is, this order's card.
  Issued<void> match(const Chip& chip) {
    receipt_.chip_serial = crypto::to_hex(chip.serial);
    PATENT_TRY(const auto entry, lift(ledger_.find(order_id_)));
    PATENT_TRY(const auto last, lift(ledger_.find_by_chip(receipt_.chip_serial)));
    const bool ours = entry && entry->chip_serial == receipt_.chip_serial;
    if (chip.life_cycle == layout::LifeCycle::personalized && !ours)
      return refuse(Refusal::already_personalized, last ? last->order_id : std::string());
    const bool others = last && last->order_id != order_id_ && last->state != OrderState::voided;
    if (others) return refuse(Refusal::chip_of_another_order, last->order_id);
    if (entry && !entry->chip_serial.empty() && !ours) return refuse(Refusal::open_on_another_chip, entry->chip_serial);
    known_ = entry.has_value();
    return {};
  }

  crypto::unexpected<IssuanceFailure> corrupt() const {
    return crypto::unexpected<IssuanceFailure>(LedgerFailure{LedgerError::corrupt, order_id_, {}});
  }

  // A finished chip, and what was signed for it.
  Issued<void> recall() {
    PATENT_TRY(const auto entry, lift(ledger_.find(order_id_)));
    PATENT_TRY(auto open, lift(ledger_.open_card(order_id_)));
    if (!entry || !open.image || fingerprint(*open.image) != entry->image_sha256) return corrupt();
    image_ = *std::move(open.image);
    can_ = std::move(open.can);
    signed_at_ = entry->signed_at;
    return judge_again();
  }

  // What the station's trust no longer accepts is found on paper: a missing list is not the card's fault, and neither
  // order nor chip may be lost for it.
  Issued<void> judge_again() const {
    PATENT_TRY_VOID(lift(issuer_.check_terminal(image_, at_)));
    const auto reason = judge_image(image_, trust_, policy(), signed_at_);
    if (acceptable(reason, incoming_.order.activate_at_handover)) return {};
    return crypto::unexpected<IssuanceFailure>(IssuerFailure{IssuerError::not_acceptable, {}, {}, reason});
  }

  // For the instant of signing, as known today: a list of revocations that is newer than the card is no wrong clock.
  [[nodiscard]] reader::Policy policy() const {
    reader::Policy policy;
    policy.clock_tolerance +=
        std::max(std::chrono::minutes{0}, std::chrono::ceil<std::chrono::minutes>(at_ - signed_at_));
    return policy;
  }

  Issued<void> make(const Chip& chip) {
    report({Phase::signing});
    PATENT_TRY_VOID(lift(issuer_.rehearse(incoming_.order, at_)));
    PATENT_TRY_VOID(prepare());
    PATENT_TRY_VOID(lift(ledger_.begin_writing(order_id_, receipt_.chip_serial)));
    const auto& profile = issuer_.profile();
    PATENT_TRY_VOID(write(preparation(profile.chip_curve, {chip.keys, chip.life_cycle}), {}));
    report({Phase::signing});
    PATENT_TRY(image_, lift(issuer_.sign(incoming_.order, *runner_.chip_key(), at_)));
    signed_at_ = at_;
    PATENT_TRY_VOID(lift(ledger_.keep_image(order_id_, image_, signed_at_)));
    const auto secrets = secrets_of(image_, can_.view());
    if (!secrets) return corrupt();
    return write(completion(image_), *secrets);
  }

  // The order with its CAN and its seal: made now, or when the order was begun.
  Issued<void> prepare() {
    if (!known_) {
      PATENT_TRY(const auto can, lift(issuer_.draw_can()));
      PATENT_TRY(auto seal, lift(issuer_.draw_seal(incoming_.order, at_)));
      PATENT_TRY_VOID(lift(ledger_.prepare(entry_for(incoming_), print_form(incoming_.order, can, std::move(seal)))));
    }
    PATENT_TRY(auto open, lift(ledger_.open_card(order_id_)));
    can_ = std::move(open.can);
    return {};
  }

  Issued<void> write(const PersoScript& script, const CardSecrets& secrets) {
    return lift(runner_.run(script, secrets, [this](const RunProgress& run) { report({Phase::writing, run}); }));
  }

  // Judged for the instant of signing: a card that waited for its read-back is not stale for that.
  Issued<void> prove() {
    report({Phase::reading_back});
    if (const auto reset = card_.reset(); !reset) return crypto::unexpected<IssuanceFailure>(reset.error());
    const bool at_handover = incoming_.order.activate_at_handover;
    auto result = read_back(engine_, link_, card_.limits, image_, can_, issuer_.terminal(), trust_, policy(),
                            at_handover, signed_at_);
    if (result.link_error) return crypto::unexpected<IssuanceFailure>(*result.link_error);
    if (result.rejection) return reject(*std::move(result.rejection));
    fill_receipt();
    return {};
  }

  // The order first: should the card be pulled now, it is still nobody's.
  Issued<void> reject(Rejection rejection) {
    PATENT_TRY_VOID(lift(ledger_.void_order(order_id_, "rejected at read-back")));
    rejection.terminated = card_.reset().has_value() && runner_.run(termination(), {}).has_value();
    return crypto::unexpected<IssuanceFailure>(std::move(rejection));
  }

  void fill_receipt() {
    const auto& order = incoming_.order;
    receipt_.order_id = order_id_;
    receipt_.card_number = order.patent.card_number;
    receipt_.patent_number = order.patent.series + order.patent.number;
    receipt_.profile = image_.profile;
    receipt_.image_sha256 = fingerprint(image_);
    receipt_.verdict = order.activate_at_handover ? "NOT_ACTIVE" : "VALID";
    receipt_.signed_at = signed_at_;
    receipt_.issued_at = at_;
    describe_signature(image_, receipt_);
  }

  crypto::Engine& engine_;
  Ledger& ledger_;
  const Issuer& issuer_;
  const reader::Trust& trust_;
  const IncomingOrder& incoming_;
  const std::string& order_id_;
  reader::PoweredCard& card_;
  crypto::Time at_;
  const std::function<void(const IssuanceProgress&)>& progress_;
  Receipt receipt_;
  Metered link_;
  Runner runner_;
  bool known_ = false;
  CardImage image_;
  crypto::Secret can_;
  crypto::Time signed_at_{};
};

Issued<Receipt> Issuance::issue(const IncomingOrder& incoming, reader::PoweredCard& card, crypto::Time at,
                                const std::function<void(const IssuanceProgress&)>& progress) {
  PATENT_TRY_VOID(check(incoming));
  return Work(*this, incoming, card, at, progress).run();
}

}  // namespace personalize
