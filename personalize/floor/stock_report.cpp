// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/stock_report.hpp"

#include <algorithm>
#include <map>

#include "personalize/issue/issuance.hpp"

namespace personalize {
namespace {

constexpr std::int64_t kPage = 1000;

class ReportReader {
public:
  ReportReader(Database& database, AuditChain& audit)
      : database_(database), stock_(database, audit), signatories_(database, audit) {}

  Logged<void> read(StockReport& out) {
    PATENT_TRY(out.sums, stock_.sums());
    PATENT_TRY(out.chains, read_chains());
    PATENT_TRY_VOID(read_blanks(out));
    PATENT_TRY(out.alive, read_alive());
    PATENT_TRY(const auto counts, stock_.movement_counts());
    PATENT_TRY(const auto shifts, stock_.shifts());
    const auto of_shift = [&](std::int64_t number) {
      std::vector<MovementCount> those;
      std::ranges::copy_if(counts, std::back_inserter(those), [&](const auto& each) { return each.shift == number; });
      return those;
    };
    out.outside_shifts = of_shift(0);
    for (const auto& shift : shifts) {
      PATENT_TRY(auto signatures, signatories_.signatures(shift_subject(shift.number)));
      out.shifts.push_back({shift, of_shift(shift.number), std::move(signatures)});
    }
    return {};
  }

private:
  Logged<std::map<std::string, reader::ChainPoint>> read_chains() {
    return database_.guarded([&]() -> Logged<std::map<std::string, reader::ChainPoint>> {
      std::map<std::string, reader::ChainPoint> out;
      const auto rows = database_.query("SELECT station, number, hash FROM audit_head");
      while (rows->next()) {
        auto& head = out[rows->text(0)];
        head.number = rows->number(1);
        const auto hash = rows->octets(2);
        if (hash.size() == head.hash.size()) std::ranges::copy(hash, head.hash.begin());
      }
      return out;
    });
  }

  Logged<void> read_blanks(StockReport& out) {
    std::map<std::pair<std::string, std::string>, StockSums> deliveries;
    std::string after;
    while (true) {
      PATENT_TRY(auto page, stock_.list(after, kPage));
      if (page.empty()) break;
      after = page.back().number;
      for (auto& blank : page) {
        count(deliveries[{blank.delivery, blank.product}], blank.state);
        if (blank.state == BlankState::taken)
          out.taken.push_back(std::move(blank));
        else if (blank.state == BlankState::rejected)
          out.rejected.push_back(std::move(blank));
        else if (blank.state == BlankState::destroyed)
          out.destroyed.push_back(std::move(blank));
      }
    }
    for (const auto& [which, sums] : deliveries) out.deliveries.push_back({which.first, which.second, sums});
    return {};
  }

  // Where no step was announced, the chip has seen none.
  Logged<std::set<std::string>> read_alive() {
    return database_.guarded([&]() -> Logged<std::set<std::string>> {
      std::set<std::string> out;
      const auto rows = database_.query(
          "SELECT b.number FROM blank_now AS b JOIN orders AS o ON o.order_id = b.order_id WHERE b.place = 2 AND EXISTS"
          " (SELECT 1 FROM order_step AS s WHERE s.orders_id = o.id) AND NOT EXISTS (SELECT 1 FROM order_step AS s"
          " WHERE s.orders_id = o.id AND s.step = ?)",
          kChipEnded);
      while (rows->next()) out.insert(rows->text(0));
      return out;
    });
  }

  static void count(StockSums& sums, BlankState state) {
    ++sums.received;
    switch (state) {
      case BlankState::issued: ++sums.issued; break;
      case BlankState::rejected: ++sums.rejected; break;
      case BlankState::destroyed: ++sums.destroyed; break;
      default: ++sums.remaining;
    }
  }

  Database& database_;
  Stock stock_;
  Signatories signatories_;
};

}  // namespace

bool ShiftReport::well_signed() const {
  return signed_by_two(signatures, closing_statement(shift), shift.closed_by, shift.witnessed_by);
}

std::map<std::string, Hand> hands_of(const std::vector<MovementCount>& counts) {
  std::map<std::string, Hand> by_name;
  for (const auto& [shift, name, place, count] : counts) {
    auto& hand = by_name[name];
    switch (place) {
      case BlankState::issued: hand.issued += count; break;
      case BlankState::rejected: hand.rejected += count; break;
      case BlankState::destroyed: hand.destroyed += count; break;
      default: hand.received += count;
    }
  }
  return by_name;
}

std::string shift_subject(std::int64_t number) { return "shift/" + std::to_string(number); }
std::string blank_subject(std::string_view number) { return "blank/" + std::string(number); }

Logged<StockReport> read_stock_report(Database& database, AuditChain& audit, std::chrono::sys_seconds now) {
  StockReport out;
  out.station = audit.station();
  out.made = now;
  ReportReader reader(database, audit);
  PATENT_TRY_VOID(database.snapshot([&] { return reader.read(out); }));
  return out;
}

}  // namespace personalize
