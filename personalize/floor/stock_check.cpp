// SPDX-License-Identifier: Apache-2.0
// The stock counted again, from the ledger's other books.
#include <algorithm>
#include <array>
#include <set>

#include "crypto/sha256_text.hpp"
#include "personalize/audit/chain_review.hpp"
#include "personalize/floor/stock_report.hpp"
#include "personalize/ledger/audit_line.hpp"
#include "personalize/ledger/column_values.hpp"

namespace personalize {
namespace {

struct Finding {
  std::string_view code, en, ru;
};
constexpr std::array<Finding, 14> kFindings{{
    {"sums_differ", "received is not issued + rejected + destroyed + remaining, or the deliveries have other sums",
     "получено не равно сумме выпущенных, брака, уничтоженных и остатка, или у поставок другие суммы"},
    {"issued_without_order", "the stock calls this blank issued, and no issued order has it with its chip",
     "в учёте бланк выпущен, а выпущенного заказа с ним и его чипом нет"},
    {"order_without_blank", "this order is issued, and the stock has no issued blank for it",
     "заказ выпущен, а выпущенного бланка для него в учёте нет"},
    {"taken_without_order", "this blank is taken, and no open order is bound to its chip",
     "бланк взят в работу, а открытого заказа на его чип нет"},
    {"order_voided_blank_not_rejected", "this order was voided after it was begun, and its blank is not rejected",
     "начатый заказ отменён, а его бланк не в браке"},
    {"receipt_missing", "this order is issued, and it has no receipt", "заказ выпущен, а квитанции нет"},
    {"receipt_changed", "this order's receipt is not the one that the audit chain knows",
     "квитанция заказа - не та, которую знает журнал аудита"},
    {"audit_missing", "the audit chain says nothing of what happened to this blank or order",
     "журнал аудита молчит о том, что было с этим бланком или заказом"},
    {"audit_unknown", "the audit chain tells of something that the stock or the orders do not have",
     "журнал аудита говорит о том, чего нет ни в учёте бланков, ни в заказах"},
    {"chain_broken", "this station's audit chain is not whole: see patent-personalize audit verify",
     "журнал аудита этой станции не цел: см. patent-personalize audit verify"},
    {"shift_unsigned", "this shift is closed, and not by two good signatures over its sums",
     "смена закрыта без двух верных подписей под её остатками"},
    {"shift_changed", "this shift's sums are not those that the audit chain knows",
     "остатки смены - не те, которые знает журнал аудита"},
    {"destruction_unsigned", "this blank is destroyed, and not by two good signatures",
     "бланк уничтожен без двух верных подписей"},
    {"signatory_unvouched", "this name may sign, and those who had to vouch for it did not sign its enrolment",
     "имеет право подписи без подписей тех, кто должен был за него поручиться"},
}};

// What an audit line tells, as one text: "blank_received AB1234567".
std::string fact(std::string_view what, std::string_view subject) {
  return std::string(what) + ' ' + std::string(subject);
}

class StockCheck {
public:
  StockCheck(Database& database, const StockReport& report) : database_(database), report_(report) {}

  Logged<std::vector<StockDiscrepancy>> run() {
    check_sums();
    PATENT_TRY_VOID(database_.snapshot([&]() -> Logged<void> {
      return database_.guarded([&]() -> Logged<void> {
        check_orders();
        read_audit();
        check_audit();
        check_shifts();
        return check_destroyed();
      });
    }));
    PATENT_TRY(const auto review, review_chains(database_, {}));
    for (const auto& station : review.stations)
      if (station.problem) found("chain_broken", station.station);
    return std::move(out_);
  }

private:
  void found(std::string_view code, std::string subject) { out_.push_back({std::string(code), std::move(subject)}); }
  // A subject each.
  void found_by(std::string_view code, std::string_view sql) {
    const auto rows = database_.stream(sql);
    while (rows->next()) found(code, rows->text(0));
  }

  void check_sums() {
    StockSums sums;
    for (const auto& delivery : report_.deliveries) {
      sums.received += delivery.sums.received;
      sums.issued += delivery.sums.issued;
      sums.rejected += delivery.sums.rejected;
      sums.destroyed += delivery.sums.destroyed;
      sums.remaining += delivery.sums.remaining;
    }
    const auto& said = report_.sums;
    if (sums != said || said.received != said.issued + said.rejected + said.destroyed + said.remaining)
      found("sums_differ", report_.station);
  }

  // States as in schema/004-orders.sql, places as in 005-stock.sql.
  void check_orders() {
    found_by("issued_without_order",
             "SELECT number FROM blank_now AS b WHERE place = 1 AND NOT EXISTS (SELECT 1 FROM orders AS o WHERE"
             " o.order_id = b.order_id AND o.state = 4 AND o.blank_number = b.number AND o.chip_serial ="
             " b.chip_serial) ORDER BY number");
    if (report_.sums.received > 0)  // else no stock is kept in this ledger
      found_by("order_without_blank",
               "SELECT order_id FROM orders AS o WHERE state = 4 AND NOT EXISTS (SELECT 1 FROM blank_now AS b WHERE"
               " b.order_id = o.order_id AND b.place = 1 AND b.number = o.blank_number) ORDER BY order_id");
    found_by("taken_without_order",
             "SELECT number FROM blank_now AS b WHERE place = 0 AND order_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
             " orders AS o WHERE o.order_id = b.order_id AND o.state IN (2, 3) AND o.chip_serial = b.chip_serial)"
             " ORDER BY number");
    found_by("order_voided_blank_not_rejected",
             "SELECT o.order_id FROM orders AS o JOIN blank_now AS b ON b.order_id = o.order_id WHERE o.state = 5 AND"
             " b.place NOT IN (2, 3) ORDER BY o.order_id");
    found_by("receipt_missing",
             "SELECT order_id FROM orders AS o WHERE state = 4 AND NOT EXISTS (SELECT 1 FROM receipt AS r WHERE"
             " r.orders_id = o.id) ORDER BY order_id");
  }

  void read_audit() {
    const auto rows = database_.stream("SELECT line FROM audit_line");
    while (rows->next()) {
      const auto line = read_audit_line(rows->text(0));
      if (!line) continue;  // the review of the chain says so
      const auto of = [&](const char* name) {
        const auto entry = line->facts.find(name);
        return entry == line->facts.end() ? std::string() : entry->second;
      };
      if (line->what.starts_with("blank_")) told_.insert(fact(line->what, of("blank")));
      if (line->what == "shift_closed") shifts_.emplace(of("shift"), line->facts);
      if (line->what != "card_issued") continue;
      told_.insert(fact("card_issued", of("order")));
      receipts_.emplace(of("order"), of("receipt_sha256"));
    }
  }

  // Both ways: what happened was told, and what was told happened.
  void check_audit() {
    constexpr std::array<std::string_view, 4> kWords{"blank_received", "", "blank_rejected", "blank_destroyed"};
    const auto happened = [&](std::string_view what, const std::string& subject) {
      if (told_.erase(fact(what, subject)) == 0) found("audit_missing", subject);
    };
    {
      const auto rows = database_.stream("SELECT blank, place FROM blank_movement WHERE place <> 1");
      while (rows->next()) happened(kWords.at(static_cast<std::size_t>(rows->number(1))), rows->text(0));
    }
    const auto rows = database_.stream(
        "SELECT o.order_id, r.content FROM orders AS o JOIN receipt AS r ON r.orders_id = o.id WHERE o.state = 4");
    while (rows->next()) {
      const auto order = rows->text(0);
      happened("card_issued", order);
      const auto known = receipts_.find(order);
      if (known != receipts_.end() && known->second != crypto::sha256_text(crypto::as_bytes(rows->text(1))))
        found("receipt_changed", order);
    }
    for (const auto& left : told_) found("audit_unknown", left);
  }

  void check_shifts() {
    for (const auto& each : report_.shifts) {
      const auto number = std::to_string(each.shift.number);
      if (each.shift.closed == std::chrono::sys_seconds{}) continue;
      if (!each.well_signed()) found("shift_unsigned", number);
      const auto told = shifts_.find(number);
      if (told == shifts_.end()) {
        found("audit_missing", shift_subject(each.shift.number));
        continue;
      }
      const auto says = [&](const char* name, const std::string& value) {
        const auto entry = told->second.find(name);
        return entry != told->second.end() && entry->second == value;
      };
      const auto& sums = each.shift.after;
      if (!says("received", std::to_string(sums.received)) || !says("issued", std::to_string(sums.issued)) ||
          !says("rejected", std::to_string(sums.rejected)) || !says("destroyed", std::to_string(sums.destroyed)) ||
          !says("remaining", std::to_string(sums.remaining)) || !says("witness", each.shift.witnessed_by))
        found("shift_changed", number);
    }
  }

  Logged<void> check_destroyed() {
    struct Destruction {
      std::string blank, by, witness, statement;
    };
    std::vector<Destruction> all;
    {
      const auto rows =
          database_.stream("SELECT blank, operator_name, witness, moment FROM blank_movement WHERE place = 3");
      while (rows->next()) {
        Destruction one{rows->text(0), rows->text(1), rows->text(2), {}};
        one.statement = destruction_statement(one.blank, one.by, one.witness, moment_of(rows->number(3)));
        all.push_back(std::move(one));
      }
    }
    AuditChain audit(database_, report_.station);
    Signatories signatories(database_, audit);
    for (const auto& one : all) {
      PATENT_TRY(const auto signatures, signatories.signatures(blank_subject(one.blank)));
      if (!signed_by_two(signatures, one.statement, one.by, one.witness)) found("destruction_unsigned", one.blank);
    }
    PATENT_TRY(const auto unvouched, signatories.unvouched());
    for (const auto& name : unvouched) found("signatory_unvouched", name);
    return {};
  }

  Database& database_;
  const StockReport& report_;
  std::vector<StockDiscrepancy> out_;
  std::multiset<std::string> told_;
  std::map<std::string, std::string> receipts_;
  std::map<std::string, std::map<std::string, std::string>> shifts_;
};

}  // namespace

std::string_view words_for(const StockDiscrepancy& discrepancy, reader::Language language) {
  const auto& finding = *std::ranges::find(kFindings, discrepancy.code, &Finding::code);
  return language == reader::Language::russian ? finding.ru : finding.en;
}

Logged<std::vector<StockDiscrepancy>> check_stock(Database& database, const StockReport& report) {
  return StockCheck(database, report).run();
}

}  // namespace personalize
