// SPDX-License-Identifier: Apache-2.0
// Owns the choice of a card by text: a PC/SC reader, or "virtual:FILE" where main offers an embedded card.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "reader/link/pcsc.hpp"

namespace reader {

// A powered card, whatever it hangs on.
struct PoweredCard {
  std::string reader_name;
  crypto::Bytes answer_to_reset;
  wire::ApduLimits limits;
  std::unique_ptr<wire::Channel> channel;
  std::function<Linked<void>()> reset;
};

// Given by main, so that neither this library nor the engine links the card itself.
using VirtualCardFactory = std::function<Linked<PoweredCard>(const std::string& file)>;

// The factory over a class of embedded cards: Card::open(file), answer_to_reset(), reset(), and a link_error() beside
// its error that says what the failure is to a link. A template, because this library does not know the class.
template <class Card>
VirtualCardFactory virtual_cards() {
  return [](const std::string& file) -> Linked<PoweredCard> {
    auto card = Card::open(file);
    if (!card) return crypto::unexpected(link_error(card.error()));
    Card* const opened = card->get();
    const auto atr = opened->answer_to_reset();
    return PoweredCard{"virtual:" + file, {atr.begin(), atr.end()}, {65535, 65535}, *std::move(card), [opened] {
                         opened->reset();
                         return Linked<void>{};
                       }};
  };
}

Linked<PoweredCard> open_card(std::string_view which, std::chrono::milliseconds wait,
                              const VirtualCardFactory& virtual_cards, std::stop_token stop = {});

}  // namespace reader
