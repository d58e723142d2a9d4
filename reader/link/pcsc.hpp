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

// A connected card, for this process alone until it ends; then it is reset.
class PcscCard : public wire::Channel {
public:
  // `which`: a reader's name, its number ("0"), a part of a name that fits one reader only, or empty for the only
  // reader with a card. Waits up to `wait` for a card, or for the one who holds it, and for a reader or service that
  // went away meanwhile; one that is not there at all is missed at once. Opened exclusively: a transaction in a shared
  // opening would wait for others without end, and let them reset the card before it begins.
  static Linked<std::unique_ptr<PcscCard>> connect(std::string_view which, std::chrono::milliseconds wait,
                                                   std::stop_token stop = {});

  [[nodiscard]] virtual const std::string& reader_name() const = 0;
  [[nodiscard]] virtual crypto::ByteView answer_to_reset() const = 0;
  // What reader and driver carry (PC/SC part 10, dwMaxAPDUDataSize); what the card takes stands in its EF.ATR/INFO.
  [[nodiscard]] virtual wire::ApduLimits limits() const = 0;
  // Resets the card, as after card_reset, and reads its ATR anew.
  virtual Linked<void> reset() = 0;
  // Waits until the card has been taken away.
  virtual Linked<void> wait_for_removal(std::chrono::milliseconds wait, std::stop_token stop = {}) = 0;
};

}  // namespace reader
