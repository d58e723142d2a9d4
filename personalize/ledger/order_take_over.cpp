// SPDX-License-Identifier: Apache-2.0
// How a journal's orders come into the ledger.
#include "personalize/ledger/order_content.hpp"
#include "personalize/ledger/order_ledger.hpp"
#include "personalize/ledger/order_rows.hpp"
#include "personalize/ledger/print_form_text.hpp"

namespace personalize {

Logged<bool> OrderLedger::take_over(const JournalOrder& order) {
  const auto& e = order.entry;
  bool fresh = false;
  const auto taken = database_.transaction([&]() -> Logged<void> {
    PATENT_TRY(const auto known, look(e.order_id));
    if (known && (known->order_sha256 != e.order_sha256 || known->state < e.state))
      return refuse(LedgerError::wrong_state, e.order_id);
    if (known) return {};
    fresh = true;
    if (e.state != OrderState::voided) PATENT_TRY_VOID(check_numbers(e));
    std::optional<std::int64_t> ended;
    if (e.state == OrderState::issued) ended = number_of(e.signed_at);
    if (e.state == OrderState::voided) ended = number_of(clock_());
    database_.run(
        "INSERT INTO orders (order_id, order_sha256, batch, received, state, card_number, patent_number, "
        "previous_card_number, chip_serial, image_sha256, signed_at, activate_at_handover, status_list_uri, "
        "status_index, blank_number, void_reason, ended) VALUES (?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        e.order_id, e.order_sha256, number_of(clock_()), e.state, e.card_number, e.patent_number,
        e.previous_card_number, e.chip_serial, e.image_sha256, number_of(e.signed_at), e.activate_at_handover,
        e.status_list_uri, e.status_index, e.blank_number, e.void_reason, ended);
    OrderContent content(database_, personal_);
    if (order.print)
      PATENT_TRY_VOID(content.put(e.order_id, Content::print_form, crypto::as_bytes(to_text(*order.print))));
    if (order.image) PATENT_TRY_VOID(content.put(e.order_id, Content::image, crypto::as_bytes(to_json(*order.image))));
    if (!order.receipt.empty())
      database_.run("INSERT INTO receipt (orders_id, content) VALUES ((SELECT id FROM orders WHERE order_id = ?), ?)",
                    e.order_id, order.receipt);
    return report("order_taken_over", e, {{"state", std::string(name(e.state))}});
  });
  if (!taken) return crypto::unexpected(taken.error());
  return fresh;
}

}  // namespace personalize
