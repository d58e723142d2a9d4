// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/floor_metrics.hpp"

#include <cmath>

namespace personalize {

using Type = MetricsText::Type;

void add_metrics(const FloorFacts& facts, MetricsText& out) {
  const auto& orders = facts.orders;
  out.family("patent_orders", Type::gauge, "Orders in the ledger, by where they stand.", "state",
             std::map<std::string, std::int64_t>{{"waiting", orders.waiting},
                                                 {"claimed", orders.claimed},
                                                 {"begun", orders.begun},
                                                 {"issued", orders.issued},
                                                 {"voided", orders.voided},
                                                 {"held", orders.held}});
  out.family("patent_leases_expired", Type::gauge, "Claims of stations that went silent.");
  out.sample(static_cast<double>(facts.expired_leases));
  const auto& stock = facts.stock;
  out.family("patent_blanks_received_total", Type::counter, "Blanks that ever came into the stock.");
  out.sample(static_cast<double>(stock.received));
  out.family("patent_blanks", Type::gauge, "Blanks, by what became of them.", "state",
             std::map<std::string, std::int64_t>{{"issued", stock.issued},
                                                 {"rejected", stock.rejected},
                                                 {"destroyed", stock.destroyed},
                                                 {"remaining", stock.remaining}});
  std::map<std::string, std::int64_t> waiting;
  for (const auto& receiver : facts.receivers) waiting[receiver.name] = receiver.waiting;
  out.family("patent_events_waiting", Type::gauge, "Events that a receiver has not acknowledged.", "receiver", waiting);
}

void add_metrics(const crypto::SignerUse& use, MetricsText& out) {
  out.family("patent_signer_uses", Type::gauge, "Signatures of the document signer's present key.");
  out.sample(static_cast<double>(use.used));
  out.family("patent_signer_uses_limit", Type::gauge, "How many it may make.");
  out.sample(static_cast<double>(use.limit));
}

void add_metrics(std::span<const Deadline> deadlines, crypto::Time now, MetricsText& out) {
  std::map<Deadline::Kind, std::map<std::string, double>> days;
  for (const auto& deadline : deadlines)
    if (deadline.end) {
      const std::chrono::duration<double, std::chrono::days::period> left = *deadline.end - now;
      days[deadline.kind][deadline.name] = std::floor(left.count() * 100) / 100;
    }
  using enum Deadline::Kind;
  out.family("patent_certificate_days_left", Type::gauge, "Days until a certificate ends.", "name", days[certificate]);
  out.family("patent_signing_days_left", Type::gauge, "Days for which a key may sign.", "name", days[signing]);
  out.family("patent_terminal_days_left", Type::gauge, "Days until a CV certificate ends.", "name", days[terminal]);
  out.family("patent_revocations_days_left", Type::gauge, "Days until a new revocation list is due.", "name",
             days[revocations]);
}

}  // namespace personalize
