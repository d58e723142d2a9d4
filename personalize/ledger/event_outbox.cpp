// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/event_outbox.hpp"

#include <fmt/format.h>
#include <json/value.h>

#include <algorithm>
#include <charconv>

#include "crypto/openssl_engine.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/report/chain_line.hpp"

namespace personalize {
namespace {

constexpr std::array<std::string_view, 10> kNames{"issued",   "activated", "replaced",  "lost",        "annulled",
                                                  "returned", "extended",  "suspended", "invalidated", "restored"};

std::optional<EventKind> kind_named(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<EventKind>(found - kNames.begin());
}

// RFC 9562, 5.4.
std::optional<std::string> random_uuid() {
  crypto::OpensslEngine engine;
  std::array<crypto::Byte, 16> octets{};
  if (!engine.random(octets)) return std::nullopt;
  octets[6] = static_cast<crypto::Byte>((octets[6] & 0x0FU) | 0x40U);
  octets[8] = static_cast<crypto::Byte>((octets[8] & 0x3FU) | 0x80U);
  auto hex = crypto::to_hex(octets);
  for (auto& digit : hex) digit = digit >= 'A' ? static_cast<char>(digit - 'A' + 'a') : digit;
  const std::string_view text = hex;
  return fmt::format("{}-{}-{}-{}-{}", text.substr(0, 8), text.substr(8, 4), text.substr(12, 4), text.substr(16, 4),
                     text.substr(20));
}

std::int64_t number_in(Database& database, const char* sql) {
  const auto row = database.query(sql);
  return row->next() && !row->is_null(0) ? row->number(0) : 0;
}

}  // namespace

std::string_view name(EventKind kind) { return kNames.at(static_cast<std::size_t>(kind)); }

std::string to_json(const StoredEvent& stored) {
  const auto& event = stored.event;
  Json::Value out;
  out["schema"] = "patent-event/1";
  out["id"] = stored.id;
  out["sequence"] = Json::Int64{stored.sequence};
  out["kind"] = std::string(name(event.kind));
  out["card_number"] = event.card_number;
  out["patent_number"] = event.patent_number;
  if (!event.order_id.empty()) out["order_id"] = event.order_id;
  out["at"] = reader::to_iso(event.at);
  if (event.kind == EventKind::extended) {
    int months = 0;
    std::from_chars(event.detail.data(), event.detail.data() + event.detail.size(), months);
    out["months_paid"] = months;
  }
  if (event.kind == EventKind::replaced && !event.detail.empty()) out["successor"] = event.detail;
  return reader::line_of(out);
}

// The counter's row is locked until the transaction ends, so that events become visible in their order.
Logged<void> EventOutbox::add(const CardEvent& event) {
  const auto id = random_uuid();
  if (!id) return database_.failure(LedgerError::storage);
  return database_.guarded([&]() -> Logged<void> {
    const auto sequence = number_in(database_,
                                    "INSERT INTO event_counter (name, last) VALUES ('event', 1) "
                                    "ON CONFLICT (name) DO UPDATE SET last = event_counter.last + 1 RETURNING last");
    database_.run(
        "INSERT INTO event (sequence, event_id, kind, card_number, patent_number, order_id, happened_at, detail) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        sequence, *id, name(event.kind), event.card_number, event.patent_number, event.order_id,
        event.at.time_since_epoch().count(), event.detail);
    return {};
  });
}

Logged<std::vector<StoredEvent>> EventOutbox::after(std::int64_t sequence, std::int64_t most) {
  return database_.guarded([&]() -> Logged<std::vector<StoredEvent>> {
    std::vector<StoredEvent> out;
    const auto rows = database_.query(
        "SELECT sequence, event_id, kind, card_number, patent_number, order_id, happened_at, detail FROM event "
        "WHERE sequence > ? ORDER BY sequence LIMIT ?",
        sequence, most);
    while (rows->next()) {
      const auto kind = kind_named(rows->text(2));
      if (!kind) return database_.failure(LedgerError::corrupt);
      out.push_back({rows->number(0),
                     rows->text(1),
                     {*kind, rows->text(3), rows->text(4), rows->text(5),
                      std::chrono::sys_seconds(std::chrono::seconds(rows->number(6))), rows->text(7)}});
    }
    return out;
  });
}

Logged<std::int64_t> EventOutbox::position(std::string_view receiver) {
  return database_.guarded([&]() -> Logged<std::int64_t> {
    const auto row = database_.query("SELECT position FROM event_receiver WHERE name = ?", receiver);
    return row->next() ? row->number(0) : 0;
  });
}

Logged<std::vector<StoredEvent>> EventOutbox::next(std::string_view receiver, std::int64_t most) {
  PATENT_TRY(const auto from, position(receiver));
  return after(from, most);
}

Logged<void> EventOutbox::acknowledge(std::string_view receiver, std::int64_t sequence) {
  return database_.transaction([&]() -> Logged<void> {
    const auto last = number_in(database_, "SELECT MAX(sequence) FROM event");
    if (sequence < 0 || sequence > last) return database_.failure(LedgerError::wrong_state);
    database_.run(
        "INSERT INTO event_receiver (name, position) VALUES (?, ?) ON CONFLICT (name) DO UPDATE "
        "SET position = excluded.position WHERE excluded.position > event_receiver.position",
        receiver, sequence);
    return {};
  });
}

Logged<std::vector<EventReceiver>> EventOutbox::receivers() {
  return database_.guarded([&]() -> Logged<std::vector<EventReceiver>> {
    const auto last = number_in(database_, "SELECT MAX(sequence) FROM event");
    std::vector<EventReceiver> out;
    const auto rows = database_.query("SELECT name, position FROM event_receiver ORDER BY name");
    while (rows->next()) out.push_back({rows->text(0), rows->number(1), last - rows->number(1)});
    return out;
  });
}

}  // namespace personalize
