// SPDX-License-Identifier: Apache-2.0
// Owns GlobalPlatform Secure Channel Protocol 03 (Card Specification 2.3.1, Amendment D 1.2), S8 and S16, both roles.
#pragma once

#include "card/wire/channel.hpp"
#include "crypto/engine.hpp"
#include "crypto/kdf.hpp"

namespace wire {

// Amendment D, table 5-1: "i". Only pseudo-random card challenges are NOT required; R-MAC and R-ENC always supported.
enum class Scp03Mode : std::uint8_t { s8 = 8, s16 = 16 };
[[nodiscard]] constexpr std::size_t octets(Scp03Mode mode) { return static_cast<std::size_t>(mode); }

// Security level bits (P1 of EXTERNAL AUTHENTICATE).
enum SecurityLevel : crypto::Byte {
  kNoSecurity = 0x00,
  kCMac = 0x01,
  kCDecryption = 0x02,
  kRMac = 0x10,
  kREncryption = 0x20,
  kFullSecurity = 0x33,
};
// 00, 01, 03, 11, 13, 33 are the levels that exist.
[[nodiscard]] bool is_security_level(crypto::Byte level);

// One static key set of a security domain.
struct Scp03Keys {
  crypto::Byte version = 0;
  crypto::Secret enc;
  crypto::Secret mac;
  crypto::Secret dek;
  [[nodiscard]] Scp03Keys clone() const { return {version, enc.clone(), mac.clone(), dek.clone()}; }
};

// The answer to INITIALIZE UPDATE, taken apart (Amendment D, 7.1.1.6).
struct InitializeUpdateAnswer {
  crypto::Buffer<10> diversification;
  crypto::Byte key_version = 0;
  crypto::Byte i_parameter = 0;
  Scp03Mode mode = Scp03Mode::s16;
  crypto::Buffer<16> card_challenge;
  crypto::Buffer<16> card_cryptogram;
  crypto::Buffer<3> sequence_counter;  // present with pseudo-random challenges
};
crypto::Result<InitializeUpdateAnswer, crypto::CryptoError> parse_initialize_update(crypto::ByteView data);

// The session's keys, the MAC chaining value and the counter: the mathematics both roles share.
class Scp03Session {
public:
  Scp03Session(crypto::Engine& engine, Scp03Mode mode) : engine_(engine), mode_(mode) {}

  // Session keys from the static keys and both challenges (4.1.5, 6.2.1).
  crypto::Engine::Outcome derive(const Scp03Keys& keys, crypto::ByteView host_challenge,
                                 crypto::ByteView card_challenge);
  crypto::Engine::Outcome card_cryptogram(crypto::ByteSpan out) const;
  crypto::Engine::Outcome host_cryptogram(crypto::ByteSpan out) const;

  void set_level(crypto::Byte level) { level_ = level; }
  [[nodiscard]] crypto::Byte level() const { return level_; }
  [[nodiscard]] Scp03Mode mode() const { return mode_; }
  [[nodiscard]] bool alive() const { return alive_; }
  void destroy();

  // Terminal: C-ENC and C-MAC as the level says; CLA gets bit 3. Built in `out`.
  crypto::Result<Command, crypto::CryptoError> wrap_command(const Command& plain, crypto::ByteSpan out);
  crypto::Result<Response, crypto::CryptoError> unwrap_response(const Response& wrapped, crypto::ByteSpan out);
  // Card: the reverse. Any failure destroys the session.
  crypto::Result<Command, StatusWord> unwrap_command(const Command& wrapped, crypto::ByteSpan out);
  // Card: R-ENC and R-MAC on `reply`, in place.
  crypto::Result<void, StatusWord> wrap_response(Reply& reply, StatusWord sw);

  // Amendment D: AES-CBC, zero IV, padding 80 00.. done by the caller; under the static DEK given to derive().
  crypto::Engine::Outcome encrypt_sensitive(crypto::ByteView in, crypto::ByteSpan out) const;
  crypto::Engine::Outcome decrypt_sensitive(crypto::ByteView in, crypto::ByteSpan out) const;

private:
  using Block = std::array<crypto::Byte, crypto::kAesBlock>;

  bool count();  // the command encryption counter; false when it would wrap
  crypto::Engine::Outcome cryptogram(crypto::Byte constant, crypto::ByteSpan out) const;
  crypto::Engine::Outcome crypt(crypto::Direction direction, crypto::Byte mark, crypto::ByteSpan data);
  // Makes the next MAC chaining value, whose first octets are the C-MAC.
  crypto::Engine::Outcome command_mac(const Command& command, crypto::ByteView data);
  crypto::Engine::Outcome response_mac(crypto::ByteView data, StatusWord sw, Block& mac);
  // The public forms destroy the session when one of these fails.
  crypto::Result<Command, crypto::CryptoError> wrap(const Command& plain, crypto::ByteSpan out);
  crypto::Result<Command, StatusWord> unwrap(const Command& wrapped, crypto::ByteSpan out);
  crypto::Result<Response, crypto::CryptoError> unwrap(const Response& wrapped, crypto::ByteSpan out);

  crypto::Engine& engine_;
  Scp03Mode mode_;
  crypto::Byte level_ = kNoSecurity;
  bool alive_ = false;
  crypto::Secret s_enc_, s_mac_, s_rmac_, dek_;
  crypto::Buffer<32> challenges_;  // host || card
  Block chaining_{};               // MAC chaining value
  Block counter_{};                // command encryption counter
};

// The key check value of an AES key: the first three octets of AES-ECB(key, 16 x 01) (Amendment D, 4.1.4).
crypto::Result<crypto::Buffer<3>, crypto::CryptoError> key_check_value(crypto::Engine& engine, crypto::ByteView key);

enum class Scp03Error : std::uint8_t {
  link,              // no answer from below
  refused,           // the card answered with an error status word
  malformed,         // the answer to INITIALIZE UPDATE has no known form
  wrong_cryptogram,  // the card does not have these keys; EXTERNAL AUTHENTICATE was not sent, so no try is burnt
};

// The terminal's Channel with an open session.
class Scp03Channel final : public Channel {
public:
  Scp03Channel(Channel& below, Scp03Session session, crypto::ByteSpan command_memory, crypto::ByteSpan response_memory);
  crypto::Result<Response, LinkError> transmit(const Command& command) override;
  // For PUT KEY and sensitive DGIs.
  [[nodiscard]] Scp03Session& session() { return session_; }

private:
  Channel& below_;
  Scp03Session session_;
  crypto::ByteSpan command_memory_;
  crypto::ByteSpan response_memory_;
};

// Terminal: sends INITIALIZE UPDATE for the key version (0: the card's own choice).
crypto::Result<InitializeUpdateAnswer, Scp03Error> initialize_update(Channel& channel, crypto::Byte key_version,
                                                                     crypto::ByteView host_challenge);
// Terminal: checks the card's cryptogram in constant time and, only when it holds, sends EXTERNAL AUTHENTICATE.
crypto::Result<Scp03Session, Scp03Error> external_authenticate(crypto::Engine& engine, Channel& channel,
                                                               const Scp03Keys& keys, crypto::ByteView host_challenge,
                                                               const InitializeUpdateAnswer& answer,
                                                               crypto::Byte level);

}  // namespace wire
