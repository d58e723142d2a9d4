// SPDX-License-Identifier: Apache-2.0
// Owns a look at how a token's PIN stands: from outside, without a login, so that no try is used.
#pragma once

#include "crypto/pkcs11_key_vault.hpp"

namespace crypto {

struct Pkcs11PinState {
  bool set = false;
  bool was_wrong = false;  // since the last login
  bool last_try = false;
  bool locked = false;
};
// As the token tells; not every one tells of tries. unavailable: module or token are not there.
Result<Pkcs11PinState, CryptoError> pin_state(const Pkcs11Token& token);

}  // namespace crypto
