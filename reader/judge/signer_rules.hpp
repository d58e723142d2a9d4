// SPDX-License-Identifier: Apache-2.0
// Owns the rules that a document's signers are judged by, whichever of its objects they signed: chain, algorithms,
// dates, revocation (ICAO Doc 9303-12, 7).
#pragma once

#include <span>

#include "reader/include/patent/verdict.hpp"
#include "reader/inspect/document_kind.hpp"
#include "reader/judge/revocations.hpp"

namespace reader {

struct SignerFault {
  CheckState state{};
  Reason reason{};
};

class SignerRules {
public:
  SignerRules(DocumentKind kind, const Trust& trust, const Policy& policy, Revocations& revocations, crypto::Time at)
      : kind_(kind), trust_(trust), policy_(policy), revocations_(revocations), at_(at) {}

  // Collisions of SHA-1 can be made: it proves nothing, but of old documents whose issuer the policy names. The MRZ's
  // state is held against the signer's later.
  [[nodiscard]] bool accepts(std::optional<crypto::HashAlgorithm> hash, const crypto::Certificate& signer) const;
  // From the signer of documents to a trusted CSCA.
  [[nodiscard]] crypto::Result<std::vector<crypto::Certificate>, SignerFault> chain_of(
      const crypto::Certificate& signer) const;
  // `chain` begins with the signer; all of it must hold now, and the signer must have held then.
  [[nodiscard]] std::optional<SignerFault> fault_of_dates(std::span<const crypto::Certificate> chain,
                                                          std::optional<crypto::Time> signed_at) const;
  [[nodiscard]] std::optional<SignerFault> fault_of_revocation(const crypto::Certificate& signer) const;

private:
  [[nodiscard]] bool names_a_trusted_key(const crypto::Certificate& signer) const;

  DocumentKind kind_;
  const Trust& trust_;
  const Policy& policy_;
  Revocations& revocations_;
  crypto::Time at_;
};

}  // namespace reader
