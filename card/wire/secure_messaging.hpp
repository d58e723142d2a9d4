// SPDX-License-Identifier: Apache-2.0
// Owns secure messaging (ICAO Doc 9303-11, 9.8; BSI TR-03110-3, F) with AES, and with the 3DES of old documents: both
// roles, and the terminal's Channel.
// Data objects 87 (encrypted data), 85 (encrypted data of odd INS), 97 (Le), 99 (status), 8E (MAC).
#pragma once

#include "card/wire/channel.hpp"
#include "crypto/engine.hpp"
#include "crypto/pace.hpp"

namespace wire {

// One end of a protected session. Any failure wipes the keys: every later call is refused. The counter is never
// repaired.
class SecureMessaging {
public:
  SecureMessaging(crypto::Engine& engine, crypto::SessionKeys keys);

  [[nodiscard]] bool alive() const { return !keys_.mac.empty(); }
  void destroy();

  // Terminal: the protected form of `plain`, built in `out` (a view into it is in the result's data).
  crypto::Result<Command, crypto::CryptoError> protect(const Command& plain, crypto::ByteSpan out);
  // Terminal: checks and opens a protected response; the plain data are decrypted into `out`.
  crypto::Result<Response, crypto::CryptoError> open(const Response& wrapped, crypto::ByteSpan out);

  // Card: checks and opens a protected command; sm_objects_missing or sm_objects_incorrect, and the keys are gone.
  crypto::Result<Command, StatusWord> open(const Command& wrapped, crypto::ByteSpan out);
  // Card: the largest plain response that fits protected with AES into a whole response of `capacity` octets.
  [[nodiscard]] static std::size_t plain_capacity(std::size_t capacity);
  // Card: the protected response for `data` and `sw`, in `out`. `data` may lie inside `out` anywhere.
  crypto::Result<crypto::ByteView, StatusWord> protect(crypto::ByteView data, StatusWord sw, bool odd_ins,
                                                       crypto::ByteSpan out);

private:
  using Mac = crypto::SessionMac;

  [[nodiscard]] std::size_t block() const { return crypto::block_size(keys_.cipher); }
  // The send sequence counter: one block.
  [[nodiscard]] crypto::ByteSpan counter() { return crypto::ByteSpan(counter_).first(block()); }
  bool advance();  // increments the counter; false when it would wrap
  crypto::Result<Mac, crypto::CryptoError> authenticate(crypto::ByteView header, crypto::ByteView objects);
  crypto::Engine::Outcome crypt(crypto::Direction direction, crypto::ByteView in, crypto::ByteSpan out);
  crypto::Result<std::size_t, crypto::CryptoError> put_cryptogram(crypto::ByteView data, bool odd_ins,
                                                                  crypto::ByteSpan out);
  crypto::Result<crypto::ByteView, crypto::CryptoError> decrypt(crypto::ByteView cryptogram, crypto::ByteSpan out);
  // The four directions; the public forms destroy the keys when one of these fails.
  crypto::Result<Command, crypto::CryptoError> protect_command(const Command& plain, crypto::ByteSpan out);
  crypto::Result<Response, crypto::CryptoError> open_response(const Response& wrapped, crypto::ByteSpan out);
  crypto::Result<Command, StatusWord> open_command(const Command& wrapped, crypto::ByteSpan out);
  crypto::Result<crypto::ByteView, crypto::CryptoError> protect_response(crypto::ByteView data, StatusWord sw,
                                                                         bool odd_ins, crypto::ByteSpan out);

  crypto::Engine& engine_;
  crypto::SessionKeys keys_;
  std::array<crypto::Byte, crypto::kAesBlock> counter_{};
};

// Octets of a whole response (objects and status word) that carries `plain` octets of data protected with AES; 3DES
// never takes more.
[[nodiscard]] std::size_t protected_response_size(std::size_t plain);

// The terminal's Channel over a session. After any failure every transmit says LinkError::secure_messaging.
class SecureChannel final : public Channel {
public:
  SecureChannel(Channel& below, SecureMessaging session, crypto::ByteSpan command_memory,
                crypto::ByteSpan response_memory);
  crypto::Result<Response, LinkError> transmit(const Command& command) override;
  [[nodiscard]] bool alive() const { return session_.alive(); }

private:
  Channel& below_;
  SecureMessaging session_;
  crypto::ByteSpan command_memory_;
  crypto::ByteSpan response_memory_;
};

}  // namespace wire
