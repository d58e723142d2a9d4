// SPDX-License-Identifier: Apache-2.0
// Owns the Ledger port: what is remembered of every order, written ahead of each step that changes a card, so that no
// order and no number is issued twice.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "card/patent/patent.hpp"
#include "crypto/result.hpp"
#include "crypto/secret.hpp"
#include "personalize/issue/card_image.hpp"
#include "personalize/ledger/receipt.hpp"

namespace personalize {

struct Order;

enum class OrderState : std::uint8_t {
  received,      // waits in the queue, and is known to list() only
  prepared,      // the CAN is drawn; no chip was touched
  writing,       // bound to a chip, which may be torn
  personalized,  // the chip is closed; not yet read back
  issued,        // read back; a receipt exists
  voided,        // will never be issued; its card number stays used
};
std::string_view name(OrderState state);

struct LedgerEntry {
  std::string order_id;
  std::string order_sha256;  // of the order's text: the same id with another text is refused
  OrderState state = OrderState::prepared;
  std::string card_number;
  std::string patent_number;         // series and number
  std::string previous_card_number;  // a duplicate may bear the patent number of the card that it replaces
  std::string chip_serial;           // hexadecimal; empty while prepared
  std::string image_sha256;          // empty until signed, as signed_at is zero
  std::chrono::sys_seconds signed_at{};
  bool activate_at_handover = false;
  std::string status_list_uri;  // as the card names it; empty when it names none
  std::uint32_t status_index = 0;
  std::string void_reason;
  std::string blank_number;  // DG13; of the blank that the order was begun with
  std::string held_reason;   // a stable code; empty when nobody holds the order back
};

// What is about to change a chip.
struct StepLine {
  std::uint32_t number = 0;  // counts from 1 within one run of one order
  std::string step;          // as describe() words it; no personal data
};

// The QR code of a card's back (docs/seal.md).
struct SealPicture {
  crypto::Bytes seal;  // the octets that it holds
  crypto::Bytes png;
  std::string svg;
};

// What the printer gets: both faces' fields with the CAN, the photo, and the seal where the domain has a signer for it.
struct PrintForm {
  std::string json;  // its member "can" holds the CAN
  patent::FaceImage photo;
  std::optional<SealPicture> seal{};
};

// A card that is not yet issued.
struct OpenCard {
  std::optional<CardImage> image;  // once it is signed for a chip's key
  crypto::Secret can;
};

enum class LedgerError : std::uint8_t {
  in_use,            // another process works with this ledger
  storage,           // the file system refused
  corrupt,           // an entry that cannot be read: nobody guesses
  not_found,         // no such order
  card_number_used,  // by another order; see `by_order`
  patent_number_used,
  wrong_state,    // the order's state does not allow it
  newer_schema,   // made by a newer version of this software
  unavailable,    // the database server is away, and nothing of this was done; what was committed stays committed
  blank_unknown,  // not in the stock
  blank_used,
  blank_of_another_product,
  blank_of_another_chip,  // the stock knows that blank by another chip serial
  no_key,                 // personal data that this key does not open
  in_doubt,               // the server went away in the moment of a commit, and has not come back to say
};
struct LedgerFailure {
  LedgerError error{};
  std::string where;     // a file
  std::string by_order;  // who has the number
};
template <class T>
using Logged = crypto::Result<T, LedgerFailure>;

class Ledger {
public:
  Ledger() = default;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  virtual ~Ledger() = default;

  virtual Logged<std::optional<LedgerEntry>> find(std::string_view order_id) = 0;
  // The order that last wrote to this chip.
  virtual Logged<std::optional<LedgerEntry>> find_by_chip(std::string_view chip_serial) = 0;
  // Whether prepare() would find the entry's numbers free.
  virtual Logged<void> check_numbers(const LedgerEntry& entry) = 0;

  // Each is durable when it returns. A prepared order is prepared again, under the same text, when it gets another
  // blank than it was to have: `print` has its CAN.
  virtual Logged<void> prepare(const LedgerEntry& entry, const PrintForm& print) = 0;
  virtual Logged<void> begin_writing(std::string_view order_id, std::string_view chip_serial) = 0;
  // What goes onto the chip now, in the place of what was signed for keys that it has no more.
  virtual Logged<void> keep_image(std::string_view order_id, const CardImage& image,
                                  std::chrono::sys_seconds signed_at) = 0;
  // The line of the step that will change the chip next. It need not be durable before settle_steps() has returned, so
  // that it is written while the chip is still busy with the step before.
  virtual void announce_step(std::string_view order_id, const StepLine& line) = 0;
  // All announced lines of the order are durable.
  virtual Logged<void> settle_steps(std::string_view order_id) = 0;
  virtual Logged<void> mark_personalized(std::string_view order_id) = 0;
  // The image is forgotten: what is on the card need not lie here as well. `order`: with the list place and the blank
  // that it was begun with.
  virtual Logged<void> mark_issued(const Order& order, const Receipt& receipt) = 0;
  // wrong_state for an issued order: that card lives, and only a status record can end it.
  virtual Logged<void> void_order(std::string_view order_id, std::string_view reason) = 0;

  // Of an order that is prepared, writing or personalized.
  virtual Logged<OpenCard> open_card(std::string_view order_id) = 0;
  // Where the receipt of an issued order is.
  [[nodiscard]] virtual std::string receipt_place(std::string_view order_id) const = 0;
  // So many after this order (empty: from the first on): there may be millions.
  virtual Logged<std::vector<LedgerEntry>> list(std::string_view after, std::int64_t count) = 0;
};

}  // namespace personalize
