// SPDX-License-Identifier: Apache-2.0
// Owns what the card lends to its applets.
#pragma once

#include "card/host/delay.hpp"
#include "card/host/object_store.hpp"
#include "card/host/security_status.hpp"
#include "crypto/engine.hpp"

namespace host {

struct Platform {
  crypto::Engine& engine;
  ObjectStore& store;
  Delay& delay;
  SecurityStatus& security;
};

}  // namespace host
