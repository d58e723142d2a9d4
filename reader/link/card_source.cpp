// SPDX-License-Identifier: Apache-2.0
#include "reader/link/card_source.hpp"

namespace reader {

Linked<PoweredCard> open_card(std::string_view which, std::chrono::milliseconds wait,
                              const VirtualCardFactory& virtual_cards, std::stop_token stop) {
  constexpr std::string_view scheme = "virtual:";
  if (which.starts_with(scheme)) {
    if (!virtual_cards) return crypto::unexpected(wire::LinkError::no_reader);
    return virtual_cards(std::string(which.substr(scheme.size())));
  }
  PATENT_TRY(auto card, PcscCard::connect(which, wait, std::move(stop)));
  const auto atr = card->answer_to_reset();
  PoweredCard powered{.reader_name = card->reader_name(),
                      .answer_to_reset = {atr.begin(), atr.end()},
                      .limits = card->limits(),
                      .channel = nullptr,
                      .reset = [held = card.get()] { return held->reset(); }};
  powered.channel = std::move(card);
  return powered;
}

}  // namespace reader
