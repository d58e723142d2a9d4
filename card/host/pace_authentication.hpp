// SPDX-License-Identifier: Apache-2.0
// Owns the chip's side of PACE as commands (ICAO Doc 9303-11, 4.4.4): which password and parameters, the four steps,
// the price of a wrong try.
#pragma once

#include "card/host/emrtd_command.hpp"
#include "card/host/platform.hpp"
#include "card/wire/response.hpp"
#include "crypto/pace.hpp"

namespace host {

class PaceAuthentication {
public:
  explicit PaceAuthentication(Platform& platform) : platform_(platform) {}

  void reset();
  Answer<> set(const SetPace& command);
  // The answer's 7C is appended to `reply`. A failure ends the session that it was begun in, if any.
  Answer<> authenticate(const AuthenticatePace& command, wire::Reply& reply);

private:
  Answer<> give_chip_key();
  Answer<crypto::Secret> password_key();
  Answer<> send_nonce(wire::Reply& reply);
  Answer<> map(crypto::ByteView value, wire::Reply& reply);
  Answer<> agree(crypto::ByteView value, wire::Reply& reply);
  Answer<> check_token(crypto::ByteView value, wire::Reply& reply);
  Answer<> put_proof(crypto::ByteView token, wire::Reply& reply);
  Answer<> stage(crypto::SessionKeys keys);

  Platform& platform_;
  std::optional<crypto::PaceChip> chip_;  // there from MSE:Set AT until the run ends
  crypto::PaceParameters parameters_;
  crypto::PasswordKind password_ = crypto::PasswordKind::can;
};

// How long the next try is held back after so many failures in a row: nothing before the first, then 100 ms doubling up
// to 10 s. The passwords are non-blocking: they never stop working.
[[nodiscard]] std::chrono::milliseconds pace_delay(std::uint8_t failures);

// The parameters that a card's EF.CardAccess offers for this protocol and, if given, this parameter id: the first such
// PACEInfo with generic or chip authentication mapping.
[[nodiscard]] std::optional<crypto::PaceParameters> find_pace_info(crypto::ByteView card_access, crypto::ByteView oid,
                                                                   std::optional<crypto::Byte> parameter_id);

}  // namespace host
