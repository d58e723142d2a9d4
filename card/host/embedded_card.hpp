// SPDX-License-Identifier: Apache-2.0
// Owns the embedded card: a whole applet host over an NVM file, reached in this process through a Channel. The
// machine's side: heap allowed.
#pragma once

#include <array>
#include <filesystem>
#include <memory>

#include "card/host/card_file_error.hpp"
#include "card/wire/channel.hpp"
#include "crypto/secret.hpp"

namespace host {

// What a blank carries when it leaves the factory.
struct Blank {
  std::array<crypto::Byte, 8>
      chip_serial{};  // unique; ends up in CPLC (IC serial number, batch) and in the key diversification data
  crypto::Byte transport_key_version = 0x01;
  crypto::Bytes transport_enc;  // AES, 16, 24 or 32 octets; already diversified for this chip
  crypto::Bytes transport_mac;
  crypto::Bytes transport_dek;
  ~Blank() {
    for (auto* key : {&transport_enc, &transport_mac, &transport_dek}) crypto::wipe(*key);
  }
};

// Makes a blank card in the life cycle state OP_READY. `exists` when the file is there. The file appears under its name
// only when the blank is whole.
crypto::Result<void, CardFileError> make_blank(const std::filesystem::path& file, const Blank& blank);

class EmbeddedCard : public wire::Channel {
public:
  // Powers the card on. One process at a time (the file is locked).
  static crypto::Result<std::unique_ptr<EmbeddedCard>, CardFileError> open(const std::filesystem::path& file);

  [[nodiscard]] virtual crypto::ByteView answer_to_reset() const = 0;
  virtual void reset() = 0;
  // One raw exchange, as a reader's firmware sees it; the view lasts until the next call. Empty when the card is mute:
  // its memory has failed, or the power is off.
  virtual crypto::ByteView exchange(crypto::ByteView command_apdu) = 0;
  // For good, and from any thread: a delay under way ends at once, unanswered.
  virtual void power_off() = 0;
};

}  // namespace host
