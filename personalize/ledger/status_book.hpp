// SPDX-License-Identifier: Apache-2.0
// Owns the status ledger as tables of a database (docs/status.md, "The ledger").
#pragma once

#include <memory>

#include "personalize/ledger/database.hpp"
#include "personalize/ledger/personal_data.hpp"
#include "personalize/ledger/status_ledger.hpp"

namespace personalize {

class StatusBook final : public StatusLedger {
public:
  StatusBook(Database& database, const PersonalData& personal) : database_(database), personal_(personal) {}
  // With a database and a key of its own: open_database(), take_ledger_key().
  static Logged<std::unique_ptr<StatusLedger>> open(const std::string& where, MissingDatabase missing,
                                                    PersonalData personal = PersonalData::locked(),
                                                    std::chrono::milliseconds patience = std::chrono::seconds(5));

  Logged<void> transaction(const std::function<Logged<void>()>& work) override;
  Logged<ListPlace> draw_index(std::string_view base_uri, std::string_view order_id) override;
  Logged<void> claim_index(const ListPlace& place, std::string_view order_id) override;
  Logged<void> enter(const LedgerCard& card, std::string_view holder_inn, const patent::StatusRecord& first) override;
  Logged<std::optional<LedgerCard>> card(std::string_view card_number) override;
  Logged<std::vector<HeldCard>> cards_of(std::string_view holder_inn) override;
  Logged<std::optional<bool>> is_held_by(std::string_view card_number, std::string_view inn) override;
  Logged<ForgottenInns> forget_inns(std::chrono::sys_seconds before) override;
  Logged<void> add_status(const patent::StatusRecord& status, std::string_view successor = {}) override;
  Logged<std::optional<patent::StatusRecord>> newest_status(std::string_view card_number) override;
  Logged<std::vector<patent::StatusRecord>> statuses(std::string_view card_number) override;
  Logged<bool> add_payment(const PaymentLine& line, std::string_view card_number, Unmatched reason) override;
  Logged<std::optional<StoredPayment>> payment(std::string_view uin) override;
  Logged<std::vector<StoredPayment>> payments_of(std::string_view card_number) override;
  Logged<std::vector<StoredPayment>> unmatched() override;
  Logged<void> match(std::int64_t payment, std::string_view card_number) override;
  Logged<void> release(std::int64_t payment) override;
  Logged<std::vector<std::string>> unsettled() override;
  Logged<void> mark_settled(const StoredPayment& payment) override;
  Logged<void> hand_over_payments(std::string_view from_card, std::string_view to_card) override;
  Logged<void> each_status(
      std::string_view list_uri, std::int64_t up_to,
      const std::function<void(std::uint32_t index, patent::State, std::uint8_t months)>& take) override;
  Logged<std::int64_t> last_status() override;
  Logged<std::vector<std::string>> list_uris() override;
  Logged<void> add_publication(const Publication& publication) override;
  Logged<std::vector<Publication>> publications(patent::ListKind kind, std::string_view uri) override;
  Logged<void> add_package(const PackageEntry& package) override;
  Logged<std::optional<PackageEntry>> package(std::uint64_t version) override;
  Logged<std::uint64_t> last_package() override;

private:
  struct Own {
    std::unique_ptr<Database> database;
    PersonalData personal;
  };
  explicit StatusBook(Own own) : own_(std::move(own)), database_(*own_->database), personal_(own_->personal) {}
  // What stations change one after another: numbers and places, and statuses, of which a later one has a higher id.
  Logged<void> in_turn(const std::function<Logged<void>()>& work);
  Logged<std::uint32_t> newest_shard(std::string_view base_uri);
  Logged<std::optional<std::uint32_t>> free_index(std::int64_t list);
  std::optional<std::int64_t> id_of(std::string_view card_number);
  Logged<std::string> holder(std::string_view inn);
  Logged<PaymentLine> line_in(const Rows& row);
  Logged<std::vector<StoredPayment>> payments_in(Rows& rows);

  std::optional<Own> own_;  // none when it shares another's
  Database& database_;
  const PersonalData& personal_;
  std::pair<std::string, std::int64_t> found_;  // the card found last and its id: who looks for one then pays into it
};

}  // namespace personalize
