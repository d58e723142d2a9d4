// SPDX-License-Identifier: Apache-2.0
// Owns one exchange of the terminal over a protected session, whichever protocol protects it. No heap.
#pragma once

#include "card/wire/channel.hpp"

namespace wire {

// `protect()` makes the command that goes over `below`, `open(response)` the plain answer; each destroys the session
// when it fails. A session that is gone, or goes, says LinkError::secure_messaging.
template <class Session, class Protect, class Open>
crypto::Result<Response, LinkError> exchange_protected(Channel& below, Session& session, Protect protect, Open open) {
  const auto broken = crypto::unexpected<LinkError>(LinkError::secure_messaging);
  if (!session.alive()) return broken;
  const auto wrapped = protect();
  if (!wrapped) return broken;
  const auto answer = below.transmit(*wrapped);
  if (!answer) {
    session.destroy();  // nobody knows whether the card has counted this command
    return crypto::unexpected<LinkError>(answer.error());
  }
  const auto plain = open(*answer);
  if (!plain) return broken;
  return *plain;
}

}  // namespace wire
