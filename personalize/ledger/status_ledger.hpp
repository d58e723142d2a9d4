// SPDX-License-Identifier: Apache-2.0
// Owns the port of the status authority's ledger: cards, payments, statuses and publications. What is entered stays:
// a status is only ever followed by a newer one, so that every list can be made again (docs/status.md).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "card/patent/status_list.hpp"
#include "card/patent/status_record.hpp"
#include "personalize/ledger/ledger.hpp"
#include "personalize/status/payment_line.hpp"

namespace personalize {

inline constexpr std::uint32_t kShardCards = 1'000'000;  // cards of one list

struct LedgerCard {
  std::string card_number;
  std::string patent_number;  // series and number, 12 digits
  std::string territory_oktmo;
  patent::Date issue_date{};
  std::string issuing_unit;
  patent::PaidPeriodPolicy policy = patent::PaidPeriodPolicy::inclusive_month_end;
  std::string list_uri;  // as the card itself names it
  std::uint32_t list_index = 0;
  friend bool operator==(const LedgerCard&, const LedgerCard&) = default;
};

// What tells whether a payment is for a card.
struct HeldCard {
  std::string card_number;
  std::string territory_oktmo;
  patent::Date issue_date{};
};

// Where a card stands in the lists.
struct ListPlace {
  std::string uri;
  std::uint32_t index = 0;
  friend bool operator==(const ListPlace&, const ListPlace&) = default;
};

struct StoredPayment {
  std::int64_t id = 0;
  PaymentLine line;
  std::string card_number;  // empty: unmatched
  Unmatched reason = Unmatched::none;
};

// One list as it was published. `up_to` is the last status that it knows.
struct Publication {
  std::int64_t version = 0;  // 1, 2, ... within kind and uri
  patent::ListKind kind{};
  std::string uri;
  std::chrono::sys_seconds issued_at{};
  std::chrono::sys_seconds expires{};
  std::chrono::seconds time_to_live{};
  std::string aggregation_uri;  // may be empty
  std::int64_t up_to = 0;
  std::string fingerprint;  // hexadecimal list_fingerprint()
  friend bool operator==(const Publication&, const Publication&) = default;
};

// A trust package as it was built, so that it can be built again, whole or as a delta.
struct PackageEntry {
  std::uint64_t version = 0;       // 1, 2, ...
  crypto::Bytes content;           // encode_package() of all but the lists
  std::vector<Publication> lists;  // as they were published
  friend bool operator==(const PackageEntry&, const PackageEntry&) = default;
};

struct ForgottenInns {
  std::int64_t holders = 0, payers = 0;
};

// INNs lie in it under a key. Without that, what is asked by one, or enters one, is no_key.
class StatusLedger {
public:
  StatusLedger() = default;
  StatusLedger(const StatusLedger&) = delete;
  StatusLedger& operator=(const StatusLedger&) = delete;
  virtual ~StatusLedger() = default;

  // Everything done within `work` is durable when this returns, or undone: when work fails, throws, or the plug is
  // pulled.
  virtual Logged<void> transaction(const std::function<Logged<void>()>& work) = 0;

  // A free index, random in the newest shard; the shard after it once that one is full. `base_uri` names the lists:
  // "<base_uri>/0", "/1", ... The same order always gets the same one, and nobody else gets it, whatever becomes of the
  // order.
  virtual Logged<ListPlace> draw_index(std::string_view base_uri, std::string_view order_id) = 0;
  // The place that an order itself names; wrong_state when it is another order's or card's, or beyond the shard.
  virtual Logged<void> claim_index(const ListPlace& place, std::string_view order_id) = 0;
  // card_number_used; wrong_state when the list index is another card's. A card once entered is not entered again:
  // the same one of the same holder is no error.
  virtual Logged<void> enter(const LedgerCard& card, std::string_view holder_inn,
                             const patent::StatusRecord& first) = 0;
  virtual Logged<std::optional<LedgerCard>> card(std::string_view card_number) = 0;
  virtual Logged<std::vector<HeldCard>> cards_of(std::string_view holder_inn) = 0;
  // Nothing when there is no such card, or it is forgotten whose it was.
  virtual Logged<std::optional<bool>> is_held_by(std::string_view card_number, std::string_view inn) = 0;
  // The holders of cards that were over before then, the payers of their payments, and of those that became known
  // before and are nobody's.
  virtual Logged<ForgottenInns> forget_inns(std::chrono::sys_seconds before) = 0;

  // not_found, or wrong_state when the sequence does not grow. What it changes is told as events in the same
  // transaction. `successor`: the card that takes the place of one that is replaced.
  virtual Logged<void> add_status(const patent::StatusRecord& status, std::string_view successor = {}) = 0;
  // Done with each status that is added, in its transaction: who keeps an audit chain writes it there.
  using Told = std::function<Logged<void>(const patent::StatusRecord& before, const patent::StatusRecord& now)>;
  void tell(Told told) { told_ = std::move(told); }
  virtual Logged<std::optional<patent::StatusRecord>> newest_status(std::string_view card_number) = 0;
  virtual Logged<std::vector<patent::StatusRecord>> statuses(std::string_view card_number) = 0;

  // False when this very line was entered before; wrong_state when the UIN was, with another content. Lines come back
  // without the payer's INN where it is forgotten, and to who has not the key.
  virtual Logged<bool> add_payment(const PaymentLine& line, std::string_view card_number, Unmatched reason) = 0;
  virtual Logged<std::optional<StoredPayment>> payment(std::string_view uin) = 0;
  virtual Logged<std::vector<StoredPayment>> payments_of(std::string_view card_number) = 0;
  virtual Logged<std::vector<StoredPayment>> unmatched() = 0;
  virtual Logged<void> match(std::int64_t payment, std::string_view card_number) = 0;
  virtual Logged<void> release(std::int64_t payment) = 0;  // from its card: Unmatched::released
  // Cards with a payment that settle_accounts() has not seen yet, and the mark that it has seen this one.
  virtual Logged<std::vector<std::string>> unsettled() = 0;
  virtual Logged<void> mark_settled(const StoredPayment& payment) = 0;
  // What was paid for one card, and not settled yet, becomes the other's.
  virtual Logged<void> hand_over_payments(std::string_view from_card, std::string_view to_card) = 0;

  // The status that counts of every card of the list, once each, as of the given last status; in any order.
  virtual Logged<void> each_status(
      std::string_view list_uri, std::int64_t up_to,
      const std::function<void(std::uint32_t index, patent::State, std::uint8_t months)>& take) = 0;
  virtual Logged<std::int64_t> last_status() = 0;
  virtual Logged<std::vector<std::string>> list_uris() = 0;
  virtual Logged<void> add_publication(const Publication& publication) = 0;
  virtual Logged<std::vector<Publication>> publications(patent::ListKind kind, std::string_view uri) = 0;

  // wrong_state when the version is not the last one's successor; not_found when a list was not published so.
  virtual Logged<void> add_package(const PackageEntry& package) = 0;
  virtual Logged<std::optional<PackageEntry>> package(std::uint64_t version) = 0;
  virtual Logged<std::uint64_t> last_package() = 0;  // 0: none yet

protected:
  Told told_;
};

}  // namespace personalize
