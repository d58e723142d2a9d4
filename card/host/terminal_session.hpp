// SPDX-License-Identifier: Apache-2.0
// Owns what the card knows of the terminal in one session of secure messaging; it ends with that session's keys.
#pragma once

#include "crypto/cv_certificate.hpp"
#include "crypto/terminal_authentication.hpp"

namespace host {

using Coordinate = crypto::Buffer<crypto::kMaxFieldSize>;

struct TerminalSession {
  // Of PACE's chip key and of the terminal's newest key (BSI TR-03110-1, 3.5). Without the latter the chip has not
  // shown yet that it is no copy, and there is no terminal authentication.
  Coordinate chip_id;
  Coordinate terminal_key;

  // The chain as far as it came. Only its newest key may be used (TR-03110-3, A.7.2.2).
  std::optional<crypto::CvReference> issuer;  // MSE:Set DST
  std::optional<crypto::CvHolder> imported;   // PSO: Verify Certificate
  bool terminal_set = false;                  // MSE:Set AT: it is the imported one
  std::optional<std::array<crypto::Byte, crypto::kTerminalChallengeSize>> challenge;

  bool judged = false;      // EXTERNAL AUTHENTICATE, right or wrong: there is no second one (TR-03110-1, 3.5.2)
  crypto::CvRights rights;  // in force

  void forget_chain() {
    issuer.reset();
    imported.reset();
    terminal_set = false;
    challenge.reset();
  }
};

}  // namespace host
