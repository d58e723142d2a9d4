// SPDX-License-Identifier: Apache-2.0
#include "personalize/issue/card_in_hand.hpp"

namespace personalize {

crypto::Result<wire::Response, wire::LinkError> Metered::transmit(const wire::Command& command) {
  ++receipt_.apdus;
  receipt_.octets_sent += wire::encoded_size(command);
  const auto response = below_.transmit(command);
  if (response) receipt_.octets_received += response->data.size() + 2;
  return response;
}

Ran<void> CardInHand::identify() {
  const auto begin = std::chrono::steady_clock::now();
  PATENT_TRY(chip_, runner_.identify());
  receipt_.chip_serial = crypto::to_hex(chip_.serial);
  receipt_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  return {};
}

}  // namespace personalize
