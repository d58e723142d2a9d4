// SPDX-License-Identifier: Apache-2.0
// Owns CardInHand: a powered card whose chip is known, before anybody has decided which order it serves.
#pragma once

#include "personalize/issue/runner.hpp"
#include "personalize/ledger/receipt.hpp"
#include "reader/link/card_source.hpp"

namespace personalize {

// Counts what goes over the link, for the receipt.
class Metered final : public wire::Channel {
public:
  Metered(wire::Channel& below, Receipt& receipt) : below_(below), receipt_(receipt) {}
  crypto::Result<wire::Response, wire::LinkError> transmit(const wire::Command& command) override;

private:
  wire::Channel& below_;
  Receipt& receipt_;
};

class CardInHand {
public:
  // `card` is freshly powered, and outlives this. `blank_number`: where the feed or the stock tells it.
  CardInHand(crypto::Engine& engine, reader::PoweredCard& card, const ChannelKeys& keys, std::string blank_number = {})
      : blank_number_(std::move(blank_number)),
        card_(card),
        link_(*card.channel, receipt_),
        runner_(engine, link_, card.limits, keys) {}

  // Changes nothing on the chip.
  Ran<void> identify();
  [[nodiscard]] const Chip& chip() const { return chip_; }
  [[nodiscard]] const std::string& chip_serial() const { return receipt_.chip_serial; }  // hexadecimal
  [[nodiscard]] const std::string& blank_number() const { return blank_number_; }
  void set_blank_number(std::string number) { blank_number_ = std::move(number); }

private:
  friend class Issuance;

  std::string blank_number_;
  reader::PoweredCard& card_;
  Receipt receipt_;  // what is known of it by now
  Metered link_;
  Runner runner_;
  Chip chip_;
};

}  // namespace personalize
