// SPDX-License-Identifier: Apache-2.0
#include "crypto/pkcs11_pin_state.hpp"

#include "crypto/pkcs11_token.hpp"

namespace crypto {

Result<Pkcs11PinState, CryptoError> pin_state(const Pkcs11Token& token) {
  PATENT_TRY(const auto module, pkcs11::Module::load(token.module));
  PATENT_TRY(const CK_SLOT_ID slot, pkcs11::find_slot(*module, token.label));
  CK_TOKEN_INFO info{};
  PATENT_TRY_VOID(pkcs11::outcome((*module)->C_GetTokenInfo(slot, &info)));
  const auto has = [&info](CK_FLAGS flag) { return (info.flags & flag) != 0; };
  return Pkcs11PinState{has(CKF_USER_PIN_INITIALIZED), has(CKF_USER_PIN_COUNT_LOW), has(CKF_USER_PIN_FINAL_TRY),
                        has(CKF_USER_PIN_LOCKED)};
}

}  // namespace crypto
