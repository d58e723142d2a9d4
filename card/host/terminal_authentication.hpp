// SPDX-License-Identifier: Apache-2.0
// Owns how a terminal proves what it may do, as commands: Terminal Authentication version 1 (ICAO Doc 9303-11, 7.1; BSI
// TR-03110-1, 3.5). All that it remembers is the session's.
#pragma once

#include "card/host/emrtd_command.hpp"
#include "card/host/platform.hpp"
#include "card/wire/response.hpp"

namespace host {

class TerminalAuthentication {
public:
  explicit TerminalAuthentication(Platform& platform) : platform_(platform) {}

  // Each only in a session in which the chip has shown that it is no copy, and before EXTERNAL AUTHENTICATE; a refusal
  // ends the chain, which begins again at a trust point. Secure messaging goes on (TR-03110-1, 3.5.2).
  Answer<> set(const SetVerificationKey& command);
  // Opens the command's transaction when the certificate changes what the card knows.
  Answer<> verify(const VerifyCertificate& command);
  Answer<> set(const SetTerminalAuthentication& command);
  Answer<> authenticate(const AuthenticateTerminal& command);

  // Also for whoever wants random octets only.
  Answer<> give_challenge(const GetChallenge& command, wire::Reply& reply);

private:
  [[nodiscard]] TerminalSession& session() { return platform_.security.terminal(); }
  [[nodiscard]] bool open();
  template <class Work>
  Answer<> in_chain(Work work);
  [[nodiscard]] Answer<crypto::CvHolder> key_of(crypto::ByteView reference);
  Answer<> import(crypto::ByteView content);
  Answer<> take_over(const crypto::CvHolder& issuer, const crypto::CvHolder& holder);
  Answer<> judge(crypto::ByteView signature);

  Platform& platform_;
};

}  // namespace host
