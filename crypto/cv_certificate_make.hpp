// SPDX-License-Identifier: Apache-2.0
// Owns the making of card-verifiable certificates and of requests for them (BSI TR-03110-3, C and D).
#pragma once

#include "crypto/cv_certificate.hpp"
#include "crypto/key_vault.hpp"

namespace crypto {

struct CvPlan {
  std::string authority, holder;  // references: country (2), mnemonic (0 to 9), sequence number (5)
  CvRole role = CvRole::terminal;
  CvRights rights;
  CvDate effective, expires;
};

// The public half as certificates name it, with the hash of hash_for(curve).
Result<CvKey, CryptoError> cv_key_of(const SigningKey& key);
// An inspection system's chain: a CVCA's certificate has its domain parameters in, the others inherit them. What was
// made is read and verified before it is handed out; bad_encoding for a plan that gives no readable certificate.
Result<Bytes, CryptoError> make_cv_certificate(Engine& engine, const CvPlan& plan, const CvKey& subject,
                                               const SigningKey& issuer);
// A request, signed by its own key; `authority` may be empty. Made and verified as above.
Result<Bytes, CryptoError> make_cv_request(Engine& engine, std::string_view holder, std::string_view authority,
                                           const SigningKey& key);
// The request, signed once more by `signer`, whose reference is `authority`.
Result<Bytes, CryptoError> authenticate_cv_request(Engine& engine, ByteView request, std::string_view authority,
                                                   const SigningKey& signer);

}  // namespace crypto
