// SPDX-License-Identifier: Apache-2.0
// Cards, their statuses, and what was published of them.
#include "personalize/ledger/status_book.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "crypto/openssl_engine.hpp"
#include "personalize/ledger/column_values.hpp"
#include "personalize/ledger/ledger_key.hpp"
#include "personalize/status/card_events.hpp"

namespace personalize {
namespace {

LedgerCard card_in(const Rows& row) {
  return {.card_number = row.text(0),
          .patent_number = row.text(1),
          .territory_oktmo = row.text(2),
          .issue_date = date_of(row.number(3)),
          .issuing_unit = row.text(4),
          .policy = static_cast<patent::PaidPeriodPolicy>(row.number(5)),
          .list_uri = row.text(6),
          .list_index = static_cast<std::uint32_t>(row.number(7))};
}

patent::StatusRecord status_in(const Rows& row) {
  return {.card_number = row.text(0),
          .patent_number = row.text(1),
          .sequence = static_cast<std::uint32_t>(row.number(2)),
          .state = static_cast<patent::State>(row.number(3)),
          .reason = static_cast<std::uint8_t>(row.number(4)),
          .months_paid = static_cast<std::uint8_t>(row.number(5)),
          .as_of = moment_of(row.number(6)),
          .issuing_unit = row.text(7),
          .policy = static_cast<patent::PaidPeriodPolicy>(row.number(8))};
}

Publication publication_in(const Rows& row, patent::ListKind kind, std::string_view uri) {
  return {.version = row.number(0),
          .kind = kind,
          .uri = std::string(uri),
          .issued_at = moment_of(row.number(1)),
          .expires = moment_of(row.number(2)),
          .time_to_live = std::chrono::seconds(row.number(3)),
          .aggregation_uri = row.text(4),
          .up_to = row.number(5),
          .fingerprint = row.text(6)};
}

template <class Row, class Read>
std::vector<Row> all(Rows& rows, const Read& read) {
  std::vector<Row> out;
  while (rows.next()) out.push_back(read(rows));
  return out;
}

// Of "<base_uri>/<number>".
std::optional<std::uint32_t> shard_number(std::string_view uri, std::string_view base_uri) {
  if (!uri.starts_with(base_uri) || !uri.substr(base_uri.size()).starts_with('/')) return std::nullopt;
  const auto digits = uri.substr(base_uri.size() + 1);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  return whole ? std::optional(number) : std::nullopt;
}

// Below the limit, each number as likely as the others.
std::optional<std::uint32_t> random_below(std::uint32_t limit) {
  crypto::OpensslEngine engine;
  const std::uint32_t fair = UINT32_MAX - UINT32_MAX % limit;
  for (;;) {
    std::array<crypto::Byte, 4> octets{};
    if (!engine.random(octets)) return std::nullopt;
    const auto drawn = crypto::load_be32(octets);
    if (drawn < fair) return drawn % limit;
  }
}

crypto::unexpected<LedgerFailure> fail(LedgerError error, std::string_view about) {
  return crypto::unexpected<LedgerFailure>({error, std::string(about), {}});
}

std::int64_t id_of_list(Database& database, std::string_view uri) {
  database.run("INSERT INTO list (uri) VALUES (?) ON CONFLICT (uri) DO NOTHING", uri);
  const auto rows = database.query("SELECT id FROM list WHERE uri = ?", uri);
  rows->next();
  return rows->number(0);
}

// False when somebody has it.
bool take_index(Database& database, std::int64_t list, std::uint32_t index, std::string_view order_id) {
  return database.run(
             "INSERT INTO list_entry (list_id, list_index, order_id) VALUES (?, ?, NULLIF(?, '')) "
             "ON CONFLICT (list_id, list_index) DO NOTHING",
             list, index, order_id) == 1;
}

std::optional<ListPlace> place_of_order(Database& database, std::string_view order_id) {
  const auto rows = database.query(
      "SELECT list.uri, list_entry.list_index FROM list_entry "
      "JOIN list ON list.id = list_entry.list_id WHERE list_entry.order_id = ?",
      order_id);
  if (!rows->next()) return std::nullopt;
  return ListPlace{rows->text(0), static_cast<std::uint32_t>(rows->number(1))};
}

void insert_status(Database& database, const patent::StatusRecord& status) {
  database.run(
      "INSERT INTO status (card_id, sequence, state, reason, months_paid, as_of, issuing_unit, policy) "
      "SELECT id, ?, ?, ?, ?, ?, ?, ? FROM card WHERE card_number = ?",
      status.sequence, status.state, status.reason, status.months_paid, number_of(status.as_of), status.issuing_unit,
      status.policy, status.card_number);
}

}  // namespace

Logged<std::unique_ptr<StatusLedger>> StatusBook::open(const std::string& where, MissingDatabase missing,
                                                       PersonalData personal, std::chrono::milliseconds patience) {
  PATENT_TRY(auto database, open_database(where, missing, {patience}));
  if (!personal.is_locked()) PATENT_TRY_VOID(take_ledger_key(*database, personal));
  return std::unique_ptr<StatusLedger>(new StatusBook(Own{std::move(database), std::move(personal)}));
}

Logged<void> StatusBook::transaction(const std::function<Logged<void>()>& work) { return database_.transaction(work); }

Logged<void> StatusBook::in_turn(const std::function<Logged<void>()>& work) {
  return transaction([&]() -> Logged<void> {
    database_.queue_up();
    return work();
  });
}

Logged<std::uint32_t> StatusBook::newest_shard(std::string_view base_uri) {
  PATENT_TRY(const auto uris, list_uris());
  std::uint32_t newest = 0;
  for (const auto& uri : uris) newest = std::max(newest, shard_number(uri, base_uri).value_or(0));
  return newest;
}

// Guesses while guessing is cheap; in a shard that is nearly full, the free one of a random rank. None: it is full.
Logged<std::optional<std::uint32_t>> StatusBook::free_index(std::int64_t list) {
  constexpr int kGuesses = 64;
  for (int i = 0; i < kGuesses; ++i) {
    const auto guess = random_below(kShardCards);
    if (!guess) return database_.failure(LedgerError::storage);
    const auto rows = database_.query("SELECT 1 FROM list_entry WHERE list_id = ? AND list_index = ?", list, *guess);
    if (!rows->next()) return guess;
  }
  const auto count = database_.query("SELECT COUNT(*) FROM list_entry WHERE list_id = ?", list);
  count->next();
  const auto taken = static_cast<std::uint32_t>(count->number(0));
  if (taken >= kShardCards) return std::optional<std::uint32_t>();
  auto candidate = random_below(kShardCards - taken);
  if (!candidate) return database_.failure(LedgerError::storage);
  const auto rows = database_.stream("SELECT list_index FROM list_entry WHERE list_id = ? ORDER BY list_index", list);
  while (rows->next() && rows->number(0) <= *candidate) ++*candidate;  // every taken one up to it pushes it further
  return candidate;
}

Logged<ListPlace> StatusBook::draw_index(std::string_view base_uri, std::string_view order_id) {
  ListPlace place;
  PATENT_TRY_VOID(in_turn([&]() -> Logged<void> {
    if (const auto known = place_of_order(database_, order_id)) {
      place = *known;
      return {};
    }
    PATENT_TRY(auto shard, newest_shard(base_uri));
    for (;; ++shard) {
      place.uri = std::string(base_uri) + '/' + std::to_string(shard);
      const auto list = id_of_list(database_, place.uri);
      PATENT_TRY(const auto index, free_index(list));
      if (!index) continue;
      place.index = *index;
      take_index(database_, list, *index, order_id);
      return {};
    }
  }));
  return place;
}

Logged<void> StatusBook::claim_index(const ListPlace& place, std::string_view order_id) {
  if (place.index >= kShardCards) return fail(LedgerError::wrong_state, place.uri);
  return in_turn([&]() -> Logged<void> {
    if (const auto known = place_of_order(database_, order_id); known == place) return {};
    if (!take_index(database_, id_of_list(database_, place.uri), place.index, order_id))
      return fail(LedgerError::wrong_state, place.uri);
    return {};
  });
}

Logged<void> StatusBook::enter(const LedgerCard& card, std::string_view holder_inn, const patent::StatusRecord& first) {
  if (card.list_uri.empty() || card.list_index >= kShardCards || first.card_number != card.card_number)
    return fail(LedgerError::wrong_state, card.card_number);
  PATENT_TRY(const auto pseudonym, holder(holder_inn));
  return in_turn([&]() -> Logged<void> {
    PATENT_TRY(const auto known, this->card(card.card_number));
    if (known) {
      PATENT_TRY(const auto held, is_held_by(card.card_number, holder_inn));
      PATENT_TRY(const auto life, statuses(card.card_number));
      if (*known == card && held.value_or(true) && !life.empty() && life.front() == first) return {};
      return fail(LedgerError::card_number_used, card.card_number);
    }
    const auto list = id_of_list(database_, card.list_uri);
    take_index(database_, list, card.list_index, {});
    database_.run(
        "INSERT INTO card (card_number, patent_number, holder, territory_oktmo, issue_date, issuing_unit, policy, "
        "list_id, list_index) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        card.card_number, card.patent_number, pseudonym, card.territory_oktmo, number_of(card.issue_date),
        card.issuing_unit, card.policy, list, card.list_index);
    insert_status(database_, first);
    return {};
  });
}

Logged<std::optional<LedgerCard>> StatusBook::card(std::string_view card_number) {
  return database_.guarded([&]() -> Logged<std::optional<LedgerCard>> {
    const auto rows = database_.query(
        "SELECT card_number, patent_number, territory_oktmo, issue_date, issuing_unit, policy, list.uri, list_index "
        "FROM card JOIN list ON list.id = card.list_id WHERE card_number = ?",
        card_number);
    return rows->next() ? std::optional(card_in(*rows)) : std::nullopt;
  });
}

Logged<void> StatusBook::add_status(const patent::StatusRecord& status, std::string_view successor) {
  return in_turn([&]() -> Logged<void> {
    PATENT_TRY(const auto newest, newest_status(status.card_number));
    if (!newest) return fail(LedgerError::not_found, status.card_number);
    if (status.sequence <= newest->sequence) return fail(LedgerError::wrong_state, status.card_number);
    insert_status(database_, status);
    EventOutbox outbox(database_);
    for (const auto& event : events_of(*newest, status, successor)) PATENT_TRY_VOID(outbox.add(event));
    return told_ ? told_(*newest, status) : Logged<void>();
  });
}

Logged<std::optional<patent::StatusRecord>> StatusBook::newest_status(std::string_view card_number) {
  return database_.guarded([&]() -> Logged<std::optional<patent::StatusRecord>> {
    const auto rows = database_.query(
        "SELECT card_number, patent_number, sequence, state, reason, months_paid, as_of, status.issuing_unit, "
        "status.policy FROM status JOIN card ON card.id = status.card_id WHERE card_number = ? "
        "ORDER BY sequence DESC LIMIT 1",
        card_number);
    return rows->next() ? std::optional(status_in(*rows)) : std::nullopt;
  });
}

Logged<std::vector<patent::StatusRecord>> StatusBook::statuses(std::string_view card_number) {
  return database_.guarded([&]() -> Logged<std::vector<patent::StatusRecord>> {
    const auto rows = database_.query(
        "SELECT card_number, patent_number, sequence, state, reason, months_paid, as_of, status.issuing_unit, "
        "status.policy FROM status JOIN card ON card.id = status.card_id WHERE card_number = ? ORDER BY sequence",
        card_number);
    return all<patent::StatusRecord>(*rows, status_in);
  });
}

Logged<void> StatusBook::each_status(
    std::string_view list_uri, std::int64_t up_to,
    const std::function<void(std::uint32_t index, patent::State, std::uint8_t months)>& take) {
  return database_.snapshot([&]() -> Logged<void> {
    // A card's sequence grows with the status's id: the last one up to `up_to` is the one that counts.
    const auto rows = database_.stream(
        "SELECT card.list_index, status.state, status.months_paid FROM card JOIN status ON "
        "status.id = (SELECT id FROM status WHERE card_id = card.id AND id <= ? "
        "ORDER BY sequence DESC LIMIT 1) "
        "WHERE card.list_id = (SELECT id FROM list WHERE uri = ?)",
        up_to, list_uri);
    while (rows->next())
      take(static_cast<std::uint32_t>(rows->number(0)), static_cast<patent::State>(rows->number(1)),
           static_cast<std::uint8_t>(rows->number(2)));
    return {};
  });
}

Logged<std::int64_t> StatusBook::last_status() {
  return database_.guarded([&]() -> Logged<std::int64_t> {
    const auto rows = database_.query("SELECT COALESCE(MAX(id), 0) FROM status");
    rows->next();
    return rows->number(0);
  });
}

Logged<std::vector<std::string>> StatusBook::list_uris() {
  return database_.guarded([&]() -> Logged<std::vector<std::string>> {
    const auto rows = database_.query("SELECT uri FROM list ORDER BY id");
    return all<std::string>(*rows, [](const Rows& row) { return row.text(0); });
  });
}

Logged<void> StatusBook::add_publication(const Publication& publication) {
  return database_.guarded([&]() -> Logged<void> {
    const auto added = database_.run(
        "INSERT INTO publication (kind, list_id, version, issued_at, expires, time_to_live, aggregation_uri, up_to, "
        "fingerprint) SELECT ?, id, ?, ?, ?, ?, ?, ?, ? FROM list WHERE uri = ?",
        publication.kind, publication.version, number_of(publication.issued_at), number_of(publication.expires),
        static_cast<std::int64_t>(publication.time_to_live.count()), publication.aggregation_uri, publication.up_to,
        publication.fingerprint, publication.uri);
    if (added == 0) return fail(LedgerError::not_found, publication.uri);
    return {};
  });
}

Logged<std::vector<Publication>> StatusBook::publications(patent::ListKind kind, std::string_view uri) {
  return database_.guarded([&]() -> Logged<std::vector<Publication>> {
    const auto rows = database_.query(
        "SELECT version, issued_at, expires, time_to_live, aggregation_uri, up_to, fingerprint "
        "FROM publication WHERE kind = ? AND list_id = (SELECT id FROM list WHERE uri = ?) "
        "ORDER BY version",
        kind, uri);
    return all<Publication>(*rows, [&](const Rows& row) { return publication_in(row, kind, uri); });
  });
}

}  // namespace personalize
