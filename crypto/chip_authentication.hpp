// SPDX-License-Identifier: Apache-2.0
// Owns the mathematics of Chip Authentication (ICAO Doc 9303-11, 6.2) over elliptic curves for chip and terminal, and
// whether a PACE-CAM run fits a chip's static key (4.4.3.5). No APDU here, no heap.
#pragma once

#include "crypto/pace.hpp"

namespace crypto {

// id-CA-ECDH-AES-CBC-CMAC-{128,192,256}: the OID's value octets (no tag, no length), 10 octets.
[[nodiscard]] ByteView ca_oid(AesKey key);
// id-CA-ECDH-3DES-CBC-CBC, which is also meant where DG14 has a key and no ChipAuthenticationInfo (TR-03110-3,
// A.1.1.2). Runs with AesKey::aes128, whose length 3DES's two keys have.
[[nodiscard]] ByteView triple_des_ca_oid();

// What MSE:Set KAT (00 22 41 A6; Doc 9303-11, 6.2.4.1) carries in place of MSE:Set AT and GENERAL AUTHENTICATE, in
// chips that have 3DES only: 91 the terminal's ephemeral key, 84 the static key's id when there are several.
using KeyAgreementTemplate = Buffer<3 + kMaxPointSize + 3>;
[[nodiscard]] Result<KeyAgreementTemplate, CryptoError> key_agreement_template(ByteView terminal_ephemeral_key,
                                                                               std::optional<Byte> key_id);

// The terminal's side: an ephemeral key for the chip, then the keys that only the owner of the static key can derive.
// The proof is that the chip goes on under these keys: finish() alone proves nothing. A failed step, or one out of
// order, ends the run.
class ChipAuthenticationTerminal {
public:
  ChipAuthenticationTerminal(Engine& engine, Curve curve, AesKey key, SmCipher cipher = SmCipher::aes)
      : engine_(engine), curve_(curve), key_(key), cipher_(cipher) {}

  // Gives the terminal's ephemeral key (80). bad_point for a static key that is no point of the curve.
  Result<Point, CryptoError> start(ByteView static_public_key);
  // Once the chip has taken it.
  Result<SessionKeys, CryptoError> finish();
  // The ephemeral key that start() gave.
  [[nodiscard]] ByteView terminal_key() const { return terminal_key_; }

private:
  Engine& engine_;
  Curve curve_;
  AesKey key_;
  SmCipher cipher_;
  Point terminal_key_;
  std::optional<SessionKeys> keys_;  // there between start() and finish()
};

// The chip's side of the same run.
Result<SessionKeys, CryptoError> chip_agree(Engine& engine, Curve curve, AesKey key, const Secret& static_private_key,
                                            ByteView terminal_ephemeral_key, SmCipher cipher = SmCipher::aes);

// Whether the chip of a PACE-CAM run owns this static key: bad_token when it does not. Says something of the chip only
// when the key stands under a trusted security object.
Engine::Outcome check_chip_mapping(Engine& engine, const ChipMapping& mapping, ByteView static_public_key);

}  // namespace crypto
