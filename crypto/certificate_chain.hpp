// SPDX-License-Identifier: Apache-2.0
// Owns the path from a signer to a country signing CA (ICAO Doc 9303-12, 7.1): names, keys and CA flags are checked
// here; dates, revocation and what the signer may sign are the caller's judgement.
#pragma once

#include <span>
#include <vector>

#include "crypto/certificate.hpp"

namespace crypto {

enum class ChainFault : std::uint8_t {
  unknown_issuer,  // nobody in the pool bears the issuer's name: an unknown issuer, not a forgery
  bad_signature,   // the issuer's name is in the pool, but none of its keys made the signature
  not_a_ca,        // the key fits, but its certificate may not sign certificates
  no_anchor,       // link certificates were followed to an issuer that is not in the pool
  too_deep,        // more than kMaxChain certificates
};

// Certificates of a chain: the signer, its CSCA, and the link certificates behind it.
inline constexpr std::size_t kMaxChain = 6;

// The shortest chain from `signer` (first) to a self-signed CSCA of `pool` (last), over link certificates if need be.
// Every certificate of the issuer's name is tried, those with the matching subject key identifier first: the
// authority key identifier is a hint, not evidence (CSCAs of one state share a name, and some carry wrong ids).
// `pool` is what a reader trusts: self-signed CSCAs and link certificates. A link certificate alone is no anchor.
// The caller asks each certificate of the result for valid_at(t).
Result<std::vector<Certificate>, ChainFault> chain_to(const Certificate& signer, std::span<const Certificate> pool);

// The CSCA of `pool` that signed `list`: same name, a CA, key usage cRLSign, signature verified. After a roll-over the
// new key's list also covers what the old key issued, so it need not be the CSCA of the chain.
Result<Certificate, ChainFault> revocation_list_signer(const RevocationList& list, std::span<const Certificate> pool);

}  // namespace crypto
