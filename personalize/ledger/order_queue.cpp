// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/order_queue.hpp"

#include "personalize/ledger/order_content.hpp"
#include "personalize/ledger/order_rows.hpp"

namespace personalize {
namespace {

using std::chrono::sys_seconds;

// Of many stations, none waits for a row that another works with.
struct Words {
  std::string_view claim, look, catch_up;
};
constexpr Words kAlone{
    "UPDATE orders SET claimed_by = ?, lease = ?, claimed_until = ? WHERE id = (SELECT id FROM orders "
    "WHERE state <= 1 AND held_reason = '' AND claimed_until <= ? "
    "AND EXISTS (SELECT 1 FROM order_content WHERE orders_id = orders.id AND kind = 0) ORDER BY id LIMIT 1) "
    "RETURNING order_id",
    "SELECT state, held_reason, claimed_by, claimed_until FROM orders WHERE order_id = ?",
    "UPDATE orders SET claimed_until = ? + lease WHERE id IN (SELECT id FROM orders WHERE claimed_by <> '' "
    "AND claimed_until > ? + lease)"};
constexpr Words kAmongStations{
    "UPDATE orders SET claimed_by = ?, lease = ?, claimed_until = ? WHERE id = (SELECT id FROM orders "
    "WHERE state <= 1 AND held_reason = '' AND claimed_until <= ? "
    "AND EXISTS (SELECT 1 FROM order_content WHERE orders_id = orders.id AND kind = 0) ORDER BY id LIMIT 1 "
    "FOR UPDATE SKIP LOCKED) RETURNING order_id",
    "SELECT state, held_reason, claimed_by, claimed_until FROM orders WHERE order_id = ? FOR UPDATE",
    "UPDATE orders SET claimed_until = ? + lease WHERE id IN (SELECT id FROM orders WHERE claimed_by <> '' "
    "AND claimed_until > ? + lease FOR UPDATE SKIP LOCKED)"};

const Words& words_for(const Database& database) { return database.is_shared() ? kAmongStations : kAlone; }

std::string text_of(const crypto::Bytes& octets) { return {octets.begin(), octets.end()}; }

// `row`: of Words::look.
ClaimOutcome outcome_for(std::string_view station, const Rows& row, std::int64_t time) {
  const auto state = static_cast<OrderState>(row.number(0));
  if (state == OrderState::issued) return ClaimOutcome::issued;
  if (state == OrderState::voided) return ClaimOutcome::voided;
  if (!row.text(1).empty()) return ClaimOutcome::held;
  const auto holder = row.text(2);
  const bool free = holder.empty() || holder == station || row.number(3) <= time;
  return free ? ClaimOutcome::claimed : ClaimOutcome::taken;
}

// What to say of an order that a change was not for.
crypto::unexpected<LedgerFailure> refusal(Database& database, std::string_view order_id) {
  const bool known = database.query("SELECT 1 FROM orders WHERE order_id = ?", order_id)->next();
  return crypto::unexpected<LedgerFailure>(
      {known ? LedgerError::wrong_state : LedgerError::not_found, std::string(order_id), {}});
}

}  // namespace

Logged<Submission> OrderQueue::submit(const SubmittedOrder& order, sys_seconds now) {
  auto outcome = Submission::entered;
  PATENT_TRY_VOID(database_.transaction([&]() -> Logged<void> {
    const bool fresh = database_.run(
                           "INSERT INTO orders (order_id, order_sha256, batch, received, state) VALUES (?, ?, ?, ?, 0) "
                           "ON CONFLICT (order_id) DO NOTHING",
                           order.order_id, order.sha256, order.batch, number_of(now)) == 1;
    OrderContent content(database_, personal_);
    if (!fresh) {
      const auto row = database_.query(
          "SELECT order_sha256, state, (SELECT COUNT(*) FROM order_content WHERE orders_id = id AND kind = 0) "
          "FROM orders WHERE order_id = ?",
          order.order_id);
      row->next();
      outcome = row->text(0) == order.sha256 ? Submission::known : Submission::changed;
      // One that was begun without the queue comes into it.
      const bool wanted = outcome == Submission::known && row->number(1) < 4 && row->number(2) == 0;
      if (!wanted) return {};
    }
    return content.put(order.order_id, Content::document, crypto::as_bytes(order.document));
  }));
  return outcome;
}

Logged<std::optional<ClaimedOrder>> OrderQueue::claim(std::string_view station, std::chrono::seconds lease,
                                                      sys_seconds now) {
  std::optional<ClaimedOrder> claimed;
  PATENT_TRY_VOID(database_.transaction([&]() -> Logged<void> {
    const auto& words = words_for(database_);
    const auto time = lease_time(database_, now);
    std::optional<std::string> order_id;
    if (const auto row = database_.query(words.claim, station, lease.count(), time + lease.count(), time); row->next())
      order_id = row->text(0);
    if (!order_id) {  // perhaps because the clock was set back
      database_.run(words.catch_up, time, time);
      return {};
    }
    PATENT_TRY(claimed, document(*order_id));
    return {};
  }));
  return claimed;
}

Logged<ClaimOutcome> OrderQueue::claim_order(std::string_view order_id, std::string_view station,
                                             std::chrono::seconds lease, sys_seconds now) {
  auto outcome = ClaimOutcome::claimed;
  PATENT_TRY_VOID(database_.transaction([&]() -> Logged<void> {
    const auto time = lease_time(database_, now);
    {
      const auto row = database_.query(words_for(database_).look, order_id);
      if (!row->next()) return refusal(database_, order_id);
      outcome = outcome_for(station, *row, time);
    }
    if (outcome == ClaimOutcome::taken) database_.run(words_for(database_).catch_up, time, time);
    if (outcome == ClaimOutcome::claimed)
      database_.run("UPDATE orders SET claimed_by = ?, lease = ?, claimed_until = ? WHERE order_id = ?", station,
                    lease.count(), time + lease.count(), order_id);
    return {};
  }));
  return outcome;
}

Logged<std::optional<ClaimedOrder>> OrderQueue::document(std::string_view order_id) {
  return database_.guarded([&]() -> Logged<std::optional<ClaimedOrder>> {
    std::optional<ClaimedOrder> found;
    if (const auto row = database_.query("SELECT order_sha256, batch FROM orders WHERE order_id = ?", order_id);
        row->next())
      found = ClaimedOrder{std::string(order_id), row->text(0), row->text(1), {}};
    if (!found) return found;
    PATENT_TRY(const auto document, OrderContent(database_, personal_).get(order_id, Content::document));
    if (!document) return std::optional<ClaimedOrder>();
    found->document = text_of(*document);
    return found;
  });
}

Logged<void> OrderQueue::renew(std::string_view station, sys_seconds until) {
  return database_.guarded([&]() -> Logged<void> {
    if (database_.is_shared())
      database_.run("UPDATE orders SET claimed_until = ? + lease WHERE claimed_by = ? AND state <= 3",
                    lease_time(database_, until), station);
    else
      database_.run("UPDATE orders SET claimed_until = ? WHERE claimed_by = ? AND state <= 3", number_of(until),
                    station);
    return {};
  });
}

Logged<std::int64_t> OrderQueue::release_all(std::string_view station) {
  return database_.guarded([&]() -> Logged<std::int64_t> {
    return database_.run("UPDATE orders SET claimed_by = '', claimed_until = 0, lease = 0 WHERE claimed_by = ?",
                         station);
  });
}

Logged<void> OrderQueue::release(std::string_view order_id, std::string_view station) {
  return database_.guarded([&]() -> Logged<void> {
    const auto released = database_.run(
        "UPDATE orders SET claimed_by = '', claimed_until = 0, lease = 0 WHERE order_id = ? AND claimed_by = ?",
        order_id, station);
    if (released == 0) return refusal(database_, order_id);
    return {};
  });
}

Logged<void> OrderQueue::hold(std::string_view order_id, std::string_view reason) {
  return database_.guarded([&]() -> Logged<void> {
    const auto held = database_.run(
        "UPDATE orders SET held_reason = ?, claimed_by = '', claimed_until = 0, lease = 0 "
        "WHERE order_id = ? AND state <= 3",
        reason, order_id);
    if (held == 0) return refusal(database_, order_id);
    return {};
  });
}

Logged<void> OrderQueue::release_held(std::string_view order_id) {
  return database_.guarded([&]() -> Logged<void> {
    const auto released =
        database_.run("UPDATE orders SET held_reason = '' WHERE order_id = ? AND held_reason <> ''", order_id);
    if (released == 0) return refusal(database_, order_id);
    return {};
  });
}

Logged<QueueCounts> OrderQueue::counts() {
  return database_.guarded([&]() -> Logged<QueueCounts> {
    const auto rows = database_.query(
        "SELECT CASE WHEN state = 4 THEN 3 WHEN state = 5 THEN 4 WHEN held_reason <> '' THEN 5 WHEN state >= 2 THEN 2 "
        "WHEN claimed_by <> '' THEN 1 ELSE 0 END AS place, COUNT(*) FROM orders GROUP BY place");
    QueueCounts counts;
    const std::array<std::int64_t*, 6> places{&counts.waiting, &counts.claimed, &counts.begun,
                                              &counts.issued,  &counts.voided,  &counts.held};
    while (rows->next()) *places.at(static_cast<std::size_t>(rows->number(0))) = rows->number(1);
    return counts;
  });
}

}  // namespace personalize
