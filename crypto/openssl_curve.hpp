// SPDX-License-Identifier: Apache-2.0
// Owns what OpenSSL's public interface lacks for curves: scalars checked against the order, and keys from bare octets.
#pragma once

#include <openssl/bn.h>
#include <openssl/ec.h>

#include "crypto/openssl_handle.hpp"

namespace crypto::openssl {

using Number = Handle<BIGNUM, BN_clear_free>;
using NumberContext = Handle<BN_CTX, BN_CTX_free>;
using Group = Handle<EC_GROUP, EC_GROUP_free>;
using CurvePoint = Handle<EC_POINT, EC_POINT_clear_free>;

// The curve's place in kCurves.
[[nodiscard]] std::optional<std::size_t> index_of(Curve curve);
// Null when OpenSSL was built without it.
[[nodiscard]] Group make_group(std::size_t index);

// A number kept in OpenSSL's guarded memory and marked so that its arithmetic takes no time that depends on it; null
// when memory is short.
[[nodiscard]] Number secret_number(ByteView octets);
// A scalar in [1, n-1], as above.
[[nodiscard]] Result<Number, CryptoError> scalar_below_order(const EC_GROUP* group, ByteView octets);

// Null for what is no key of the curve.
[[nodiscard]] KeyHandle private_key(Curve curve, const BIGNUM* scalar);
[[nodiscard]] KeyHandle public_key(Curve curve, ByteView point);

}  // namespace crypto::openssl
