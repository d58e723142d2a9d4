// SPDX-License-Identifier: Apache-2.0
// Owns the issuing of one order on one card, exactly once: write ahead, have the chip make its key, sign, write,
// read back, receipt. What needs no card is prepared apart, so that it runs ahead of the readers.
#pragma once

#include <functional>
#include <variant>

#include "personalize/issue/card_in_hand.hpp"
#include "personalize/issue/issuer.hpp"
#include "personalize/issue/read_back.hpp"
#include "personalize/ledger/ledger.hpp"

namespace personalize {

enum class Refusal : std::uint8_t {
  issued_already,         // subject: where the receipt is
  voided_already,         // subject: why
  order_changed,          // the id was prepared with another text
  card_number_used,       // subject: the order that has it
  patent_number_used,     // subject: the order that has it
  open_on_another_chip,   // subject: that chip's serial; bring it, or void the order
  chip_of_another_order,  // subject: that order, which is not finished
  already_personalized,   // the chip is a finished card; subject: its order, where known
  blank_mismatch,         // the order names another blank; subject: the one in the reader
  no_blank_number,        // neither the order nor the feed nor the stock names the blank
  of_another_station,     // which has claimed the order, or begun it on this chip
  held_back,              // until somebody releases the order
  clock_set_back,         // the order came in before the date that it is now
  clock_ahead,            // the order's days are over, by a clock that nothing in the ledger comes near
};
struct Refused {
  Refusal refusal{};
  std::string subject;
};
// An exception: no memory, no thread, or a mistake in the program.
struct ProgramFault {
  std::string what;
};
// Rejection: a card that the reader does not accept. Its order is voided.
using IssuanceFailure =
    std::variant<Refused, LedgerFailure, IssuerFailure, RunFailure, wire::LinkError, Rejection, ProgramFault>;
template <class T>
using Issued = crypto::Result<T, IssuanceFailure>;

enum class Phase : std::uint8_t { identifying, signing, writing, reading_back };
struct RunProgress {
  std::size_t done = 0;
  std::size_t total = 0;
  std::string step;  // what begins now
};
struct IssuanceProgress {
  Phase phase{};
  RunProgress run{};  // while writing
};

// An order with the digest of its text, which tells whether the same order comes again.
struct IncomingOrder {
  Order order;
  std::string sha256;
};

// In the place of a blank that is not known yet. As wide as the layout allows: what can be encoded with it can be with
// the one that the feed gives.
inline constexpr std::string_view kWidestBlank = "000000000000";

// Stands among an order's steps once its chip can do no harm; without it, a voided order's chip may be alive.
inline constexpr std::string_view kChipEnded = "the chip has ended";

// An order that needs nothing but a card: it can be encoded and signed, as far as that can be known without the chip.
struct PreparedOrder {
  IncomingOrder incoming;
  std::optional<SealPicture> seal{};
};

// Used by many threads at once where engine and ledger may be (crypto::ThreadedEngine, SharedLedger).
class Issuance {
public:
  using Progress = std::function<void(const IssuanceProgress&)>;

  // All are used through references and must outlive it.
  Issuance(crypto::Engine& engine, Ledger& ledger, const Issuer& issuer, const ChannelKeys& keys,
           std::string operator_name)
      : engine_(engine), ledger_(ledger), issuer_(issuer), keys_(keys), operator_name_(std::move(operator_name)) {}

  // Everything that can be known before a card is touched.
  Issued<void> check(const IncomingOrder& incoming);
  // Off the card, and without the ledger.
  [[nodiscard]] Issued<PreparedOrder> prepare(IncomingOrder incoming, crypto::Time at) const;
  // `card` is freshly powered, and outlives what is given. Changes nothing on it.
  [[nodiscard]] Issued<std::unique_ptr<CardInHand>> identify(reader::PoweredCard& card,
                                                             std::string blank_number = {}) const;

  // On a card identified in this powering. An order that was torn goes on with the same CAN on the same chip: from new
  // keys and new signatures, or, once the chip is PERSONALIZED, with the image that was signed for it.
  Issued<Receipt> issue(const PreparedOrder& prepared, CardInHand& card, crypto::Time at,
                        const Progress& progress = {});
  // The same for an order that is open on this chip: what is still to be prepared is prepared now.
  Issued<Receipt> finish(const IncomingOrder& incoming, CardInHand& card, crypto::Time at,
                         const Progress& progress = {});
  // Of an order that was voided when a part of it was on the chip, or all of it: this one will never answer a reader.
  // A chip that still has the transport keys bears nothing, and stays as it is. Refused for any other order.
  Issued<void> terminate(const std::string& order_id, CardInHand& card);
  // All of it, one after the other.
  Issued<Receipt> issue(const IncomingOrder& incoming, reader::PoweredCard& card, crypto::Time at,
                        const Progress& progress = {});

private:
  class Work;
  // The same chip, powered anew. A reset takes whatever card is in the reader by then: another one is a card removed.
  static Issued<void> find_again(CardInHand& card);

  crypto::Engine& engine_;
  Ledger& ledger_;
  const Issuer& issuer_;
  const ChannelKeys& keys_;
  std::string operator_name_;
};

}  // namespace personalize
