// SPDX-License-Identifier: Apache-2.0
#include "personalize/ledger/order_content.hpp"

#include <array>

namespace personalize {
namespace {

std::string row(std::string_view order_id, Content kind) {
  constexpr std::array<std::string_view, 3> kNames{"document", "print form", "image"};
  return "order/" + std::string(order_id) + '/' + std::string(kNames.at(static_cast<std::size_t>(kind)));
}

}  // namespace

Logged<void> OrderContent::put(std::string_view order_id, Content kind, crypto::ByteView plain) {
  const auto sealed = personal_.seal(row(order_id, kind), plain);
  if (!sealed) return database_.failure(LedgerError::no_key);
  database_.run(
      "INSERT INTO order_content (orders_id, kind, content) VALUES ((SELECT id FROM orders WHERE order_id = ?), ?, ?) "
      "ON CONFLICT (orders_id, kind) DO UPDATE SET content = excluded.content",
      order_id, kind, *sealed);
  return {};
}

Logged<std::optional<crypto::Bytes>> OrderContent::get(std::string_view order_id, Content kind) {
  const auto rows = database_.query(
      "SELECT content FROM order_content JOIN orders ON orders.id = orders_id WHERE order_id = ? AND kind = ?",
      order_id, kind);
  if (!rows->next()) return std::nullopt;
  auto plain = personal_.open(row(order_id, kind), rows->octets(0));
  if (!plain) return database_.failure(LedgerError::no_key);
  return std::optional(*std::move(plain));
}

void OrderContent::remove(std::string_view order_id, Content kind) {
  database_.run("DELETE FROM order_content WHERE orders_id = (SELECT id FROM orders WHERE order_id = ?) AND kind = ?",
                order_id, kind);
}

}  // namespace personalize
