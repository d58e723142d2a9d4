// SPDX-License-Identifier: Apache-2.0
// Owns PEM (RFC 7468): the DER inside a text form that people mail to each other.
#pragma once

#include "crypto/engine.hpp"

namespace crypto {

// The first object of a PEM text; the octets themselves when they are no PEM, for a caller that takes either.
Result<Bytes, CryptoError> der_of(ByteView pem_or_der);

}  // namespace crypto
