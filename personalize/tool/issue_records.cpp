// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/issue_records.hpp"

#include <fmt/format.h>

#include <iostream>

#include "personalize/issue/words.hpp"
#include "personalize/ledger/shared_ledger.hpp"
#include "personalize/ledger/status_book.hpp"
#include "personalize/status/enrolment.hpp"
#include "personalize/status/succession.hpp"

namespace personalize::tool {
namespace {

// A folder for the orders and, where one is given, a ledger for the statuses.
class JournalRecords final : public Records {
public:
  JournalRecords(std::unique_ptr<Journal> journal, std::unique_ptr<StatusLedger> statuses)
      : journal_(std::move(journal)), statuses_(std::move(statuses)) {}
  Ledger& orders() override { return *journal_; }
  [[nodiscard]] bool has_lists() const override { return statuses_ != nullptr; }
  Logged<void> place(std::string_view base_uri, Order& order) override {
    return give_place(*statuses_, base_uri, order);
  }
  Logged<void> enter(const Order& order, crypto::Time signed_at, crypto::Time now) override {
    return enter_issued(*statuses_, order, signed_at, now);
  }
  Logged<ClaimOutcome> claim(const Order&) override { return ClaimOutcome::claimed; }  // the folder is locked

private:
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<StatusLedger> statuses_;
};

// One ledger for all. A step's line is written while the chip is busy with the step before.
class LedgerRecords final : public Records {
public:
  LedgerRecords(std::unique_ptr<Floor> floor, const Arguments& arguments)
      : floor_(std::move(floor)), arguments_(arguments), queue_(*floor_->database), orders_(floor_->orders, queue_) {}
  Ledger& orders() override { return orders_; }
  [[nodiscard]] bool has_lists() const override { return true; }
  Logged<void> place(std::string_view base_uri, Order& order) override {
    return queue_.run<void>([&, before = order.patent] {
      order.patent = before;
      return give_place(*floor_->statuses, base_uri, order);
    });
  }
  // mark_issued() did.
  Logged<void> enter(const Order&, crypto::Time, crypto::Time) override { return {}; }
  Logged<ClaimOutcome> claim(const Order& order) override {
    constexpr std::chrono::minutes kLease{15};
    auto claimed = queue_.run<ClaimOutcome>(
        [&] { return floor_->queue.claim_order(order.order_id, floor_->workplace.station, kLease, arguments_.at()); });
    const bool is_new = !claimed && claimed.error().error == LedgerError::not_found;
    if (!is_new) return claimed;
    PATENT_TRY(const auto fault, queue_.run<std::optional<SuccessionFault>>([&] { return succession(order); }));
    if (fault)
      throw Stop{Exit::bad_input, fmt::format("order {}: {} [{}]", order.order_id, words_for(*fault), name_of(*fault))};
    return ClaimOutcome::claimed;
  }

private:
  Logged<std::optional<SuccessionFault>> succession(const Order& order) {
    PATENT_TRY(const auto fault, succession_fault(*floor_->statuses, order));
    if (fault != SuccessionFault::previous_unknown || !arguments_.given("previous-elsewhere")) return fault;
    PATENT_TRY_VOID(floor_->audit.append({"previous_elsewhere",
                                          arguments_.at(),
                                          floor_->workplace.operator_name,
                                          {{"order", order.order_id}, {"previous", order.previous_card_number}}}));
    return std::optional<SuccessionFault>();
  }

  std::unique_ptr<Floor> floor_;
  const Arguments& arguments_;
  CommitQueue queue_;
  SharedLedger orders_;
};

crypto::Result<std::unique_ptr<Records>, Exit> open_journal_records(const Arguments& arguments,
                                                                    const crypto::TrustDomain& domain) {
  PATENT_TRY(auto journal, open_journal(arguments));
  std::unique_ptr<StatusLedger> statuses;
  if (arguments.given("ledger")) {
    PATENT_TRY(auto personal, open_personal_data(domain));
    auto opened = StatusBook::open(arguments.text("ledger"), MissingDatabase::make, std::move(personal));
    if (!opened)
      return crypto::unexpected<Exit>(complain(words_for(opened.error()), exit_of(IssuanceFailure(opened.error()))));
    statuses = *std::move(opened);
  }
  return std::make_unique<JournalRecords>(std::move(journal), std::move(statuses));
}

// A journal that was kept before there was a ledger would not be asked.
crypto::Result<void, Exit> check_no_journal(const Arguments& arguments) {
  const auto folder = std::filesystem::path(arguments.text("domain")) / "issued";
  if (!Journal::has_orders(folder)) return {};
  return crypto::unexpected<Exit>(
      complain(fmt::format("the ledger does not know the orders of the journal {0}: give --journal {0} to go on with "
                           "it, or move it into the ledger with patent-personalize ledger take-journal {0}",
                           folder.string()),
               Exit::bad_input));
}

}  // namespace

crypto::Result<std::unique_ptr<Records>, Exit> open_records(const Arguments& arguments,
                                                            const crypto::TrustDomain& domain) {
  if (arguments.given("journal") || !arguments.given("ledger")) return open_journal_records(arguments, domain);
  PATENT_TRY_VOID(check_no_journal(arguments));
  PATENT_TRY(auto floor, open_floor(arguments, MissingDatabase::make, domain));
  const auto sums = floor->stock.sums();
  if (!sums) return crypto::unexpected<Exit>(complain(words_for(sums.error()), Exit::bad_input));
  if (sums->received == 0) {
    std::cerr << "patent-personalize: this ledger has no stock: blanks are not counted (patent-personalize stock)\n";
    floor->orders.work_without_stock();
  }
  return std::make_unique<LedgerRecords>(std::move(floor), arguments);
}

}  // namespace personalize::tool
