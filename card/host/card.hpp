// SPDX-License-Identifier: Apache-2.0
// Owns the card as a reader meets it: power, answer to reset, one command APDU in, one response APDU out.
#pragma once

#include "card/host/delay.hpp"
#include "card/host/object_store.hpp"
#include "card/layout/files.hpp"
#include "crypto/engine.hpp"

namespace host {

class Card {
public:
  // Room for the largest response.
  static constexpr std::size_t kMaxResponse = layout::kMaxResponseApdu;

  Card(crypto::Engine& engine, ObjectStore& store, Delay& delay);
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

  // Mounts the store and forgets everything that was in RAM. When it fails the card is mute.
  ObjectStore::Outcome power_on();
  // A warm reset is a power cut that hurts nobody.
  ObjectStore::Outcome reset() { return power_on(); }
  [[nodiscard]] crypto::ByteView answer_to_reset() const;

  // One exchange. `out` takes at least two octets; kMaxResponse are always enough. The answer is a view into `out`.
  crypto::ByteView process(crypto::ByteView apdu, crypto::ByteSpan out);
};

}  // namespace host
