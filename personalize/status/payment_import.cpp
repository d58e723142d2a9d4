// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/payment_import.hpp"

#include <algorithm>

#include "card/patent/identifiers.hpp"
#include "card/patent/paid_period.hpp"
#include "card/patent/territory.hpp"
#include "personalize/status/transitions.hpp"

namespace personalize {
namespace {

using patent::Date;
using std::chrono::sys_days;
using Cards = std::vector<const HeldCard*>;

// The first month is paid before the patent is issued; nobody waits longer for it.
constexpr std::chrono::days kAhead{90};

struct ReasonText {
  Unmatched reason;
  std::string_view name;
  UnmatchedText words;
};
constexpr std::array kReasons{
    ReasonText{Unmatched::none, "matched", {"on a card's account", "зачтён"}},
    ReasonText{Unmatched::unknown_inn,
               "unknown_inn",
               {"nobody with this INN has a patent", "ни у кого с этим ИНН нет патента"}},
    ReasonText{Unmatched::wrong_oktmo,
               "wrong_oktmo",
               {"paid for another region than the payer's patent", "оплачен другой регион, чем в патенте"}},
    ReasonText{Unmatched::wrong_kbk,
               "wrong_kbk",
               {"this KBK is not the advance payment for a patent", "этот КБК не относится к платежам за патент"}},
    ReasonText{Unmatched::no_live_patent,
               "no_live_patent",
               {"no patent of this payer was running on that day", "в этот день у плательщика не было патента"}},
    ReasonText{Unmatched::ambiguous,
               "ambiguous",
               {"two patents of this payer run: somebody must say which",
                "у плательщика два патента: укажите, за какой платёж"}},
    ReasonText{Unmatched::released, "released", {"taken from another's account", "снят с чужого счёта"}},
};

const ReasonText& text_of(Unmatched reason) { return kReasons.at(static_cast<std::size_t>(reason)); }

crypto::unexpected<LedgerFailure> undone() {
  return crypto::unexpected<LedgerFailure>({LedgerError::wrong_state, {}, {}});
}

bool is_running(const HeldCard& card, Date day) {
  const auto last = patent::last_possible_day(card.issue_date);
  return last && card.issue_date <= day && day <= *last;
}

bool comes_soon(const HeldCard& card, Date day) {
  return day < card.issue_date && sys_days(card.issue_date) <= sys_days(day) + kAhead;
}

// Those that can still take a month: not replaced by a duplicate, not ended, not paid to the end.
Logged<Cards> takers(StatusLedger& ledger, const Cards& cards) {
  Cards left;
  for (const auto* card : cards) {
    PATENT_TRY(const auto status, ledger.newest_status(card->card_number));
    if (status && is_living(status->state) && status->months_paid < patent::kMaxMonths) left.push_back(card);
  }
  return left;
}

PaymentOwner only_one(const Cards& cards) {
  if (cards.size() == 1) return {cards.front()->card_number, Unmatched::none};
  return {{}, cards.empty() ? Unmatched::no_live_patent : Unmatched::ambiguous};
}

// Whose money it is, not what it buys: one patent alone takes it in any state. Between several, those decide that can
// still take a month, and the running ones come before one that is only coming.
Logged<PaymentOwner> owner_among(StatusLedger& ledger, const std::vector<HeldCard>& cards, Date paid_on) {
  Cards running, coming;
  for (const auto& card : cards) {
    if (is_running(card, paid_on)) running.push_back(&card);
    if (comes_soon(card, paid_on)) coming.push_back(&card);
  }
  if (running.size() + coming.size() < 2) return only_one(running.empty() ? coming : running);
  PATENT_TRY(const auto running_takers, takers(ledger, running));
  if (!running_takers.empty()) return only_one(running_takers);
  PATENT_TRY(const auto coming_takers, takers(ledger, coming));
  return only_one(coming_takers.empty() ? running : coming_takers);
}

// Lines of one file, into one transaction.
class Intake {
public:
  Intake(StatusLedger& ledger, std::istream& file, const ImportOptions& options, Import& import)
      : ledger_(ledger), options_(options), import_(import), file_(file, options.today, import.faults) {}

  Logged<void> run() {
    constexpr std::uint64_t kBetweenLooks = 1000;
    PaymentLine payment;
    for (std::uint64_t count = 1; file_.next(payment); ++count) {
      PATENT_TRY_VOID(enter(payment));
      if (count % kBetweenLooks == 0 && !options_.go_on(file_.octets())) return stop(ImportEnd::stopped);
    }
    if (!options_.go_on(file_.octets())) return stop(ImportEnd::stopped);
    if (import_.faults.count() > 0 && !options_.skip_bad) return stop(ImportEnd::refused);
    return {};
  }

private:
  Logged<void> enter(const PaymentLine& payment) {
    PATENT_TRY(const auto owner, owner_of(ledger_, payment, payment.payer_inn));
    const auto fresh = ledger_.add_payment(payment, owner.card_number, owner.reason);
    if (!fresh && fresh.error().error == LedgerError::wrong_state) {
      import_.faults.add(PaymentFault::uin_twice, file_.line_number(), "uin");
    } else if (!fresh) {
      return crypto::unexpected(fresh.error());
    } else if (!*fresh) {
      ++import_.repeated;
    } else if (owner.reason == Unmatched::none) {
      ++import_.matched;
    } else {
      ++import_.unmatched.at(static_cast<std::size_t>(owner.reason));
    }
    return {};
  }

  // The failure undoes the transaction; how it ended stands in the import.
  Logged<void> stop(ImportEnd end) {
    import_.end = end;
    return undone();
  }

  StatusLedger& ledger_;
  const ImportOptions& options_;
  Import& import_;
  PaymentFile file_;
};

crypto::unexpected<CorrectionFailure> refuse(CorrectionRefused refused) {
  return crypto::unexpected<CorrectionFailure>(std::move(refused));
}

crypto::Result<StoredPayment, CorrectionFailure> correctable(StatusLedger& ledger, std::string_view uin, Date today) {
  PATENT_TRY(auto payment, ledger.payment(uin));
  if (!payment) return refuse({.why = CorrectionRefusal::unknown_payment});
  const Date last_day(sys_days(payment->line.known_on) + kCorrectionDays);
  if (today > last_day) return refuse({.why = CorrectionRefusal::too_late, .last_day = last_day});
  return *std::move(payment);
}

}  // namespace

std::string_view name_of(Unmatched reason) { return text_of(reason).name; }
UnmatchedText words_of(Unmatched reason) { return text_of(reason).words; }

Logged<PaymentOwner> owner_of(StatusLedger& ledger, const PaymentLine& payment, std::string_view inn,
                              std::string_view card) {
  if (payment.kbk != kPatentKbk) return PaymentOwner{{}, Unmatched::wrong_kbk};
  PATENT_TRY(auto cards, ledger.cards_of(inn));
  if (!card.empty()) std::erase_if(cards, [card](const auto& other) { return other.card_number != card; });
  if (cards.empty()) return PaymentOwner{{}, Unmatched::unknown_inn};
  std::erase_if(cards, [&payment](const auto& other) {
    return other.territory_oktmo != payment.oktmo && !patent::same_territory(other.territory_oktmo, payment.oktmo);
  });
  if (cards.empty()) return PaymentOwner{{}, Unmatched::wrong_oktmo};
  return owner_among(ledger, cards, payment.paid_on);
}

Logged<Import> import_payments(StatusLedger& ledger, std::istream& file, const ImportOptions& options) {
  Import import;
  const auto done = ledger.transaction([&]() -> Logged<void> {
    PATENT_TRY_VOID(Intake(ledger, file, options, import).run());
    if (!file.bad()) return options.entered(import);
    import.end = ImportEnd::refused;  // its last line may be half a line, with half a sum
    return undone();
  });
  if (!done && import.end == ImportEnd::entered) return crypto::unexpected(done.error());
  return import;
}

crypto::Result<std::string, CorrectionFailure> correct_payment(StatusLedger& ledger, std::string_view uin,
                                                               std::string_view inn, std::string_view card,
                                                               Date today) {
  using enum CorrectionRefusal;
  if (!patent::is_inn(inn)) return refuse({.why = bad_inn});
  PATENT_TRY(const auto payment, correctable(ledger, uin, today));
  if (!payment.card_number.empty()) return refuse({.why = matched_already, .card_number = payment.card_number});
  PATENT_TRY(const auto owner, owner_of(ledger, payment.line, inn, card));
  if (owner.card_number.empty()) return refuse({.why = unmatched_still, .reason = owner.reason});
  PATENT_TRY_VOID(ledger.match(payment.id, owner.card_number));
  return owner.card_number;
}

crypto::Result<std::string, CorrectionFailure> release_payment(StatusLedger& ledger, std::string_view uin, Date today) {
  PATENT_TRY(auto payment, correctable(ledger, uin, today));
  if (payment.card_number.empty()) return refuse({.why = CorrectionRefusal::nobodys});
  PATENT_TRY_VOID(ledger.release(payment.id));
  return std::move(payment.card_number);
}

}  // namespace personalize
