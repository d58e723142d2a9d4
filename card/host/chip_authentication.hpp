// SPDX-License-Identifier: Apache-2.0
// Owns how the chip proves by its own keys that it is no copy, as commands: Chip Authentication (ICAO Doc 9303-11, 6.2)
// and Active Authentication (6.1). PACE-CAM is PaceAuthentication's.
#pragma once

#include "card/host/emrtd_command.hpp"
#include "card/host/platform.hpp"
#include "card/wire/response.hpp"

namespace host {

class ChipAuthentication {
public:
  explicit ChipAuthentication(Platform& platform) : platform_(platform) {}

  void reset() { key_length_.reset(); }
  Answer<> set(const SetChipAuthentication& command);
  // A failure ends the session, once its answer has gone out in it.
  Answer<> authenticate(const AuthenticateChip& command, wire::Reply& reply);
  Answer<> answer_challenge(const InternalAuthenticate& command, wire::Reply& reply);

private:
  [[nodiscard]] Answer<> require_session() const;
  Answer<crypto::SessionKeys> agree(crypto::AesKey key_length, crypto::ByteView ephemeral_key);

  Platform& platform_;
  std::optional<crypto::AesKey> key_length_;  // there between MSE:Set AT and GENERAL AUTHENTICATE
};

}  // namespace host
