// SPDX-License-Identifier: Apache-2.0
// Owns signed tokens: JWS in its compact form (RFC 7515) with ECDSA (RFC 7518, 3.4), the signer's certificate inside.
#pragma once

#include "crypto/certificate.hpp"

namespace crypto {

enum class TokenError : std::uint8_t {
  malformed,         // not three parts of base64url, or no JSON object in front
  wrong_type,        // `typ` is not the one that was asked for: no token stands in for another
  wrong_algorithm,   // `alg` is none, unknown, or not the one of the signer's key
  unknown_critical,  // a `crit` header: this software understands none (4.1.11)
  no_signer,         // `x5c` is missing or has no usable certificate first
  bad_signature,
};

inline constexpr std::size_t kMaxTokenOctets = 16U << 20;

// Signs the payload and verifies the result. `type` is the header's `typ`, without "application/".
Result<std::string, CryptoError> sign_token(std::string_view type, std::string_view payload, const Certificate& signer,
                                            const SigningKey& key);

struct SignedToken {
  std::string payload;
  Certificate signer;  // its signature holds; its chain, its purpose and its dates are the caller's affair
};
crypto::Result<SignedToken, TokenError> open_token(std::string_view token, std::string_view type);

}  // namespace crypto
