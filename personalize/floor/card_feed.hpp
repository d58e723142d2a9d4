// SPDX-License-Identifier: Apache-2.0
// Owns the CardFeed port: what puts blanks into a reader and takes finished or spoilt cards out of it (docs/floor.md).
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "crypto/result.hpp"
#include "reader/link/card_source.hpp"

namespace personalize {

enum class FeedError : std::uint8_t {
  empty,        // no more blanks: the worker ends
  interrupted,  // the stop token
  link,         // see `link`. A card that is there and mute is in hand: reject() it. Else ask again after a while
  hangs,        // the program did not answer in its time
  lies,         // the program broke the protocol, or says done of what is not there
  failed,       // the program says that it cannot, or ended
};
struct FeedFailure {
  FeedError error{};
  std::string detail;  // what the program said, or where; no personal data
  std::optional<wire::LinkError> link{};
  std::string blank_number{};  // of a card that is mute, where the feed can read it
};
template <class T>
using Fed = crypto::Result<T, FeedFailure>;

// A card in its reader.
struct FedCard {
  reader::PoweredCard card;
  std::string blank_number;  // where the feed can read it; else empty: the stock tells by the chip
};

// One reader's. Used by one thread. A card is given again until done() or reject() was said of it: also after a crash,
// so that one may come that is issued already. Nobody may hold its FedCard when done() or reject() is said.
class CardFeed {
public:
  CardFeed() = default;
  CardFeed(const CardFeed&) = delete;
  CardFeed& operator=(const CardFeed&) = delete;
  virtual ~CardFeed() = default;

  [[nodiscard]] virtual const std::string& reader_name() const = 0;
  virtual Fed<FedCard> get(std::stop_token stop) = 0;
  // Connects the card in hand again, after a lost link, when the FedCard was let go; it must be the same chip, which
  // the caller checks.
  virtual Fed<FedCard> again(std::stop_token stop) = 0;
  // Tells the card in hand from any other, also when it is mute; empty where somebody may have changed it.
  [[nodiscard]] virtual std::string card_in_hand() const { return {}; }
  virtual Fed<void> done() = 0;
  // Into the reject bin. A stable code.
  virtual Fed<void> reject(std::string_view reason) = 0;
};

}  // namespace personalize
