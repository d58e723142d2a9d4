// SPDX-License-Identifier: Apache-2.0
// Owns the judgement of a chip's answer in Active Authentication (ICAO Doc 9303-11, 6.1): plain ECDSA, and RSA with
// message recovery (ISO/IEC 9796-2, scheme 1).
#pragma once

#include <optional>

#include "crypto/engine.hpp"

namespace crypto {

inline constexpr std::size_t kActiveChallengeSize = 8;  // RND.IFD

// ecdsa-plain-{SHA224,SHA256,SHA384,SHA512}, which ActiveAuthenticationInfo names (TR-03111, 5.2.1; SHA-1 is not
// allowed, 6.1.2.3): the OID's value octets; empty for SHA-1.
[[nodiscard]] ByteView plain_ecdsa_oid(HashAlgorithm hash);
// Nothing for any other OID.
[[nodiscard]] std::optional<HashAlgorithm> plain_ecdsa_hash(ByteView oid);

// Whether the owner of the key answered this challenge: bad_signature when it did not. The key is a DER
// SubjectPublicKeyInfo as in DG15; `ecdsa_hash` is the one DG14 names, which RSA does not need (its trailer names the
// hash). Says something of the chip only when DG15 stands under a trusted security object, and only when the challenge
// was this session's own.
Engine::Outcome check_active_authentication(ByteView public_key, std::optional<HashAlgorithm> ecdsa_hash,
                                            ByteView challenge, ByteView signature);

}  // namespace crypto
