// SPDX-License-Identifier: Apache-2.0
// Owns the contract between the card and its applets.
#pragma once

#include "card/wire/command.hpp"
#include "card/wire/response.hpp"

namespace host {

// An applet keeps no state of its own but what select(), deselect() and reset() may drop. Lasting changes go into the
// object store's transaction, which the card commits when the applet answers 9000 and aborts otherwise.
class Applet {
public:
  Applet() = default;
  Applet(const Applet&) = delete;
  Applet& operator=(const Applet&) = delete;
  virtual ~Applet() = default;

  // It becomes the current applet; also when it was that already (deselect() comes first then).
  virtual void select() = 0;
  // Another applet takes over. Only the current applet ever hears it.
  virtual void deselect() = 0;
  // Power or reset: everything in RAM is forgotten. Every applet hears it, and no deselect() before it.
  virtual void reset() = 0;
  // One whole command, taken out of its chain and its secure messaging.
  virtual wire::StatusWord process(const wire::Command& command, wire::Reply& reply) = 0;
};

}  // namespace host
