// SPDX-License-Identifier: Apache-2.0
// Owns the reading of an elliptic curve key from a SubjectPublicKeyInfo (RFC 5480; BSI TR-03111, 4.3), as foreign
// documents carry their chips' keys: the curve by name, or spelt out.
#pragma once

#include <optional>

#include "crypto/engine.hpp"

namespace crypto {

struct EcPublicKey {
  Curve curve{};
  Point point;
};
// Nothing for what is no key, and for curves that are none of kCurves; parameters that are spelt out count when they
// are those of a named curve.
std::optional<EcPublicKey> read_ec_public_key(ByteView subject_public_key_info);

}  // namespace crypto
