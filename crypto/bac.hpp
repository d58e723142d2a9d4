// SPDX-License-Identifier: Apache-2.0
// Owns the mathematics of Basic Access Control (ICAO Doc 9303-11, 4.3), for chip and terminal. No APDU here, no heap.
// Anybody who records a session can search the MRZ's few bits at leisure: for documents without PACE only.
#pragma once

#include <optional>

#include "crypto/key_agreement.hpp"

namespace crypto {

using BacChallenge = std::array<Byte, 8>;  // RND.IC, which GET CHALLENGE gives
using BacCryptogram = Buffer<40>;          // E || M, which EXTERNAL AUTHENTICATE carries in both directions

// A failed step, or one out of order, ends the run. Passwords are mrz_password's (crypto/kdf.hpp).
class BacTerminal {
public:
  explicit BacTerminal(Engine& engine) : engine_(engine) {}

  // RND.IC in, E_IFD || M_IFD out.
  Result<BacCryptogram, CryptoError> authenticate(const Secret& password, ByteView chip_challenge);
  // E_IC || M_IC in. bad_token when it is not from a chip that knows the password and has taken our challenge.
  Result<SessionKeys, CryptoError> finish(ByteView chip_cryptogram);

private:
  struct Run {
    BacChallenge chip_challenge{};
    BacChallenge own_challenge{};  // RND.IFD
    Secret key_part;               // K.IFD
    SessionKeys keys;              // the document's
  };
  Engine& engine_;
  std::optional<Run> run_;
};

// The chip's side of the same run.
class BacChip {
public:
  explicit BacChip(Engine& engine) : engine_(engine) {}

  Result<BacChallenge, CryptoError> challenge();
  // E_IFD || M_IFD in, E_IC || M_IC out; bad_token when the passwords differ. Then take_keys() may be called, once.
  Result<BacCryptogram, CryptoError> answer(const Secret& password, ByteView terminal_cryptogram);
  Result<SessionKeys, CryptoError> take_keys();

private:
  Engine& engine_;
  std::optional<BacChallenge> challenge_;
  std::optional<SessionKeys> keys_;
};

}  // namespace crypto
