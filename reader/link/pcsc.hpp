// SPDX-License-Identifier: Apache-2.0
// Owns the way to a card in a PC/SC reader.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "card/wire/chaining.hpp"
#include "card/wire/channel.hpp"

namespace reader {

template <class T>
using Linked = crypto::Result<T, wire::LinkError>;

struct PcscReader {
  std::string name;
  bool card_present = false;
};
// In PC/SC's order. no_daemon when no service answers.
Linked<std::vector<PcscReader>> list_pcsc_readers();

// A connected card, held in an exclusive transaction until it ends.
class PcscCard : public wire::Channel {
public:
  // `which`: a reader's name, a part of one that fits one reader only, its number ("0"), or empty for the only reader
  // with a card. Waits for a card up to `wait`. A SCARD_W_RESET_CARD at connection is recovered by reconnecting; later
  // it is card_reset.
  static Linked<std::unique_ptr<PcscCard>> connect(std::string_view which, std::chrono::milliseconds wait,
                                                   std::stop_token stop = {});

  [[nodiscard]] virtual const std::string& reader_name() const = 0;
  [[nodiscard]] virtual crypto::ByteView answer_to_reset() const = 0;
  [[nodiscard]] virtual wire::ApduLimits limits()
      const = 0;  // from dwMaxAPDUDataSize and the ATR's extended-length bit
  // Resets the card and reads its ATR anew.
  virtual Linked<void> reset() = 0;
  // Waits until the card has been taken away.
  virtual Linked<void> wait_for_removal(std::chrono::milliseconds wait, std::stop_token stop = {}) = 0;
};

}  // namespace reader
