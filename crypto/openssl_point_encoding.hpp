// SPDX-License-Identifier: Apache-2.0
// Owns the point encoding of PACE's integrated mapping (ICAO Doc 9303-11, appendix B).
#pragma once

#include "crypto/openssl_curve.hpp"

namespace crypto::openssl {

// Simplified Shallue-van de Woestijne-Ulas for p = 3 mod 4: the point that a number, reduced modulo p, encodes.
// bad_point for the few that encode none.
[[nodiscard]] Result<CurvePoint, CryptoError> encode_point(const EC_GROUP* group, const BIGNUM* number,
                                                           BN_CTX* numbers);

}  // namespace crypto::openssl
