// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/audit_chain.hpp"

#include <json/value.h>

#include <algorithm>

#include "crypto/base64.hpp"
#include "personalize/ledger/audit_line.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/report/chain_line.hpp"

namespace personalize {

std::string to_text(const ChainStatement& statement) {
  Json::Value out;
  out["at"] = reader::to_iso(statement.at);
  out["point"] = reader::point_value(statement.point);
  out["station"] = statement.station;
  return reader::line_of(out);
}

AuditChain::Head AuditChain::lock_head() {
  constexpr reader::ChainHash kNothing{};
  const auto row = database_.query(
      "INSERT INTO audit_head (station, number, hash, signed_number) VALUES (?, 0, ?, 0) "
      "ON CONFLICT (station) DO UPDATE SET station = excluded.station RETURNING number, hash, signed_number",
      station_, crypto::ByteView(kNothing));
  Head head;
  if (!row->next()) throw DatabaseError{LedgerError::corrupt};
  const auto hash = row->octets(1);
  if (hash.size() != head.point.hash.size()) throw DatabaseError{LedgerError::corrupt};
  std::ranges::copy(hash, head.point.hash.begin());
  head.point.number = row->number(0);
  head.signed_number = row->number(2);
  return head;
}

Logged<AuditChain::Head> AuditChain::write(const Head& head, const AuditEvent& event) {
  const auto line =
      to_line({head.point.number + 1, station_, event.at, std::string(event.what), event.operator_name, event.facts});
  if (!read_audit_line(line)) return database_.failure(LedgerError::wrong_state);
  const Head next{reader::chained(head.point, line), head.signed_number};
  const crypto::ByteView hash(next.point.hash);
  database_.run("INSERT INTO audit_line (station, number, line, hash) VALUES (?, ?, ?, ?)", station_, next.point.number,
                line, hash);
  database_.run("UPDATE audit_head SET number = ?, hash = ? WHERE station = ?", next.point.number, hash, station_);
  return next;
}

Logged<void> AuditChain::append(const AuditEvent& event) {
  return database_.transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto head, write(lock_head(), event));
    const auto unsigned_lines = head.point.number - head.signed_number;
    if (unsigned_lines % kSignEvery == 0) PATENT_TRY_VOID(sign_head(head, event.at));
    return {};
  });
}

Logged<std::optional<AuditAnchor>> AuditChain::sign(std::chrono::sys_seconds at) {
  std::optional<AuditAnchor> anchor;
  PATENT_TRY_VOID(database_.transaction([&]() -> Logged<void> {
    PATENT_TRY(anchor, sign_head(lock_head(), at));
    return {};
  }));
  return anchor;
}

Logged<std::optional<AuditAnchor>> AuditChain::sign_head(const Head& head, std::chrono::sys_seconds at) {
  AuditAnchor anchor{{station_, head.point, at}, {}};
  auto signature = sign_ ? sign_(anchor.statement) : std::nullopt;
  if (!signature) return std::nullopt;
  anchor.signature = *std::move(signature);
  PATENT_TRY(const auto behind, write(head, {kSignatureLine, at, {}, {{"cms", crypto::to_base64(anchor.signature)}}}));
  database_.run("UPDATE audit_head SET signed_number = ? WHERE station = ?", behind.point.number, station_);
  return anchor;
}

}  // namespace personalize
