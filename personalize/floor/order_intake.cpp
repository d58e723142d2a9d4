// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/order_intake.hpp"

#include <json/value.h>

#include <algorithm>
#include <array>

#include "crypto/strict_json.hpp"

namespace personalize {
namespace {

constexpr std::array<std::string_view, 4> kResults{"entered", "known", "refused", "left"};

// Stands before the name that nobody has signed: it can use up no signer's counter.
constexpr std::string_view kUnsigned = "unsigned/";

bool is_envelope(std::string_view text) {
  const auto value = crypto::parse_strict_json(text, crypto::kMaxJsonDepth + 2);
  return value && value->isObject() && (*value)["schema"] == "patent-order-envelope/1";
}

}  // namespace

std::string_view name_of(IntakeResult result) { return kResults.at(static_cast<std::size_t>(result)); }

Opened<OrderEnvelope> OrderIntake::open(std::string_view octets, std::chrono::sys_seconds now) const {
  if (is_signed_form(octets)) {
    static const OrderSigners kNobody;
    return open_envelope(octets, rules_.signers != nullptr ? *rules_.signers : kNobody, now);
  }
  if (rules_.envelopes_only) return crypto::unexpected(EnvelopeFault::signature_missing);
  PATENT_TRY(auto envelope, read_envelope(octets));
  envelope.signer.insert(0, kUnsigned);
  return envelope;
}

Logged<IntakeReport> OrderIntake::take(std::string_view octets, std::chrono::sys_seconds now) {
  if (is_unfinished(octets)) return IntakeReport{IntakeResult::left, EnvelopeFault::unfinished};
  if (!is_signed_form(octets) && !rules_.envelopes_only && !is_envelope(octets))
    return take_orders(std::array{octets}, nullptr, now);
  const auto envelope = open(octets, now);
  if (!envelope) return IntakeReport{IntakeResult::refused, envelope.error()};
  const std::vector<std::string_view> texts(envelope->orders.begin(), envelope->orders.end());
  return take_orders(texts, &*envelope, now);
}

Logged<IntakeReport> OrderIntake::take_orders(std::span<const std::string_view> texts, const OrderEnvelope* envelope,
                                              std::chrono::sys_seconds now) {
  IntakeReport report;
  // A file's name is none of the ledger's: it may be the holder's.
  const std::string_view batch = envelope != nullptr ? std::string_view(envelope->batch_id) : std::string_view();
  if (envelope != nullptr)
    report.envelope = OrderEnvelope{envelope->batch_id, envelope->counter, envelope->signer, envelope->sha256, {}};
  auto context = rules_.orders;
  context.at = now;
  std::vector<Incoming> incoming;
  for (const auto text : texts) {
    auto parsed = parse_order(text, context);
    report.orders.push_back(
        {parsed.order ? parsed.order->order_id : std::string(), IntakeResult::refused, std::move(parsed.findings)});
    if (parsed.order) incoming.push_back({text, *std::move(parsed.order)});
  }
  if (incoming.size() != texts.size()) return report;
  const auto done = database_.transaction([&]() -> Logged<void> {
    database_.queue_up();
    if (envelope != nullptr) PATENT_TRY_VOID(judge_counter(*envelope, report));
    if (!report.fault && report.result != IntakeResult::known) PATENT_TRY_VOID(enter(incoming, batch, report, now));
    if (report.result == IntakeResult::refused) return database_.failure(LedgerError::wrong_state);  // undo it all
    return report.result == IntakeResult::entered && envelope != nullptr ? remember(*envelope, now) : Logged<void>();
  });
  const bool undone = !done && report.result == IntakeResult::refused && done.error().error == LedgerError::wrong_state;
  if (!done && !undone) return crypto::unexpected(done.error());
  if (undone)
    for (auto& order : report.orders) order.result = IntakeResult::refused;
  return report;
}

Logged<void> OrderIntake::enter(std::span<const Incoming> incoming, std::string_view batch, IntakeReport& report,
                                std::chrono::sys_seconds now) {
  for (std::size_t i = 0; i < incoming.size(); ++i)
    PATENT_TRY_VOID(enter_one(incoming[i], batch, report.orders[i], now));
  const auto all = [&](IntakeResult result) {
    return std::ranges::all_of(report.orders, [&](const auto& one) { return one.result == result; });
  };
  const bool sound =
      std::ranges::none_of(report.orders, [](const auto& one) { return one.result == IntakeResult::refused; });
  if (sound) report.result = report.envelope || !all(IntakeResult::known) ? IntakeResult::entered : IntakeResult::known;
  return {};
}

// Submitted first: what came before is not judged by what its own card has changed since.
Logged<void> OrderIntake::enter_one(const Incoming& incoming, std::string_view batch, OrderReport& report,
                                    std::chrono::sys_seconds now) {
  const auto& order = incoming.order;
  PATENT_TRY(const auto submission,
             queue_.submit({order.order_id, order_digest(incoming.text), std::string(batch), incoming.text}, now));
  if (submission == Submission::changed) {
    report.reason = OrderReport::Changed{};
    return {};
  }
  if (submission == Submission::known) {
    report.result = IntakeResult::known;
    return {};
  }
  PATENT_TRY(const auto fault, succession_fault(statuses_, order));
  const bool elsewhere = fault == SuccessionFault::previous_unknown && rules_.previous_elsewhere;
  if (fault && !elsewhere) {
    report.reason = *fault;
    return {};
  }
  LedgerEntry entry;
  entry.order_id = order.order_id;
  entry.card_number = order.patent.card_number;
  entry.patent_number = order.patent.series + order.patent.number;
  entry.previous_card_number = order.previous_card_number;
  if (const auto free = begun_.check_numbers(entry); !free) {
    const auto error = free.error().error;
    if (error != LedgerError::card_number_used && error != LedgerError::patent_number_used) return free;
    report.reason = free.error();
    return {};
  }
  report.result = IntakeResult::entered;
  if (elsewhere)
    PATENT_TRY_VOID(
        audit("previous_elsewhere", now, {{"order", order.order_id}, {"previous", order.previous_card_number}}));
  std::map<std::string, std::string> facts{{"order", order.order_id}, {"sha256", order_digest(incoming.text)}};
  if (!batch.empty()) facts["batch"] = batch;
  return audit("order_received", now, std::move(facts));
}

// The same envelope once more is no error: the sender did not hear of the first, or this program was killed between
// the ledger and the folder.
Logged<void> OrderIntake::judge_counter(const OrderEnvelope& envelope, IntakeReport& report) {
  {
    const auto row = database_.query("SELECT sha256 FROM intake_envelope WHERE signer = ? AND batch_id = ?",
                                     envelope.signer, envelope.batch_id);
    if (row->next()) {
      if (row->text(0) != envelope.sha256) {
        report.fault = EnvelopeFault::batch_twice;
        return {};
      }
      report.result = IntakeResult::known;
      for (auto& order : report.orders) order.result = IntakeResult::known;
      return {};
    }
  }
  const auto last =
      database_.query("SELECT COALESCE(MAX(counter), 0) FROM intake_envelope WHERE signer = ?", envelope.signer);
  last->next();
  if (envelope.counter <= last->number(0)) report.fault = EnvelopeFault::replayed;
  return {};
}

Logged<void> OrderIntake::remember(const OrderEnvelope& envelope, std::chrono::sys_seconds now) {
  const auto orders = static_cast<std::int64_t>(envelope.orders.size());
  database_.run(
      "INSERT INTO intake_envelope (batch_id, signer, counter, sha256, orders, received) VALUES (?, ?, ?, ?, ?, ?)",
      envelope.batch_id, envelope.signer, envelope.counter, envelope.sha256, orders, now.time_since_epoch().count());
  return audit("envelope_received", now,
               {{"batch", envelope.batch_id},
                {"signer", envelope.signer},
                {"counter", std::to_string(envelope.counter)},
                {"orders", std::to_string(orders)},
                {"sha256", envelope.sha256}});
}

Logged<void> OrderIntake::audit(std::string_view what, std::chrono::sys_seconds now,
                                std::map<std::string, std::string> facts) {
  return audit_.append({what, now, rules_.operator_name, std::move(facts)});
}

}  // namespace personalize
