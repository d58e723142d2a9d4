// SPDX-License-Identifier: Apache-2.0
// Owns the issuing of one order on one card, exactly once: write ahead, have the chip make its key, sign, write,
// read back, receipt.
#pragma once

#include <functional>
#include <variant>

#include "personalize/issue/issuer.hpp"
#include "personalize/issue/read_back.hpp"
#include "personalize/issue/runner.hpp"
#include "personalize/ledger/ledger.hpp"
#include "reader/link/card_source.hpp"

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
};
struct Refused {
  Refusal refusal{};
  std::string subject;
};
// A card that the reader does not accept. Its order is voided.
using IssuanceFailure = std::variant<Refused, LedgerFailure, IssuerFailure, RunFailure, wire::LinkError, Rejection>;
template <class T>
using Issued = crypto::Result<T, IssuanceFailure>;

enum class Phase : std::uint8_t { identifying, signing, writing, reading_back };
struct IssuanceProgress {
  Phase phase{};
  RunProgress run{};  // while writing
};

// An order with the digest of its text, which tells whether the same order comes again.
struct IncomingOrder {
  Order order;
  std::string sha256;
};

class Issuance {
public:
  // All are used through references and must outlive it.
  Issuance(crypto::Engine& engine, Ledger& ledger, const Issuer& issuer, const ChannelKeys& keys,
           const reader::Trust& trust, std::string operator_name)
      : engine_(engine),
        ledger_(ledger),
        issuer_(issuer),
        keys_(keys),
        trust_(trust),
        operator_name_(std::move(operator_name)) {}

  // Everything that can be known before a card is touched.
  Issued<void> check(const IncomingOrder& incoming);
  // `card` is freshly powered. An order that was torn goes on with the same CAN on the same chip: from new keys and new
  // signatures, or, once the chip is PERSONALIZED, with the image that was signed for it.
  Issued<Receipt> issue(const IncomingOrder& incoming, reader::PoweredCard& card, crypto::Time at,
                        const std::function<void(const IssuanceProgress&)>& progress = {});

private:
  class Work;

  crypto::Engine& engine_;
  Ledger& ledger_;
  const Issuer& issuer_;
  const ChannelKeys& keys_;
  const reader::Trust& trust_;
  std::string operator_name_;
};

}  // namespace personalize
