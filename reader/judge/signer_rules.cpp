// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/signer_rules.hpp"

#include <algorithm>

#include "crypto/certificate_chain.hpp"
#include "reader/judge/issuing_state.hpp"

namespace reader {

using enum CheckState;
using crypto::unexpected;

bool SignerRules::accepts(std::optional<crypto::HashAlgorithm> hash, const crypto::Certificate& signer) const {
  if (hash != crypto::HashAlgorithm::sha1) return true;
  return kind_ == DocumentKind::passport && std::ranges::any_of(policy_.sha1_issuers, [&](const std::string& state) {
           return alpha2_of(state) == signer.country();
         });
}

crypto::Result<std::vector<crypto::Certificate>, SignerFault> SignerRules::chain_of(
    const crypto::Certificate& signer) const {
  auto chain = crypto::chain_to(signer, trust_.csca);
  if (!chain) {
    const bool forged = chain.error() == crypto::ChainFault::bad_signature && names_a_trusted_key(signer);
    return unexpected(forged ? SignerFault{failed, Reason::forged} : SignerFault{undetermined, Reason::unknown_issuer});
  }
  const bool accepted = std::ranges::all_of(*chain, [&](const crypto::Certificate& certificate) {
    return certificate.self_issued() || accepts(certificate.signature_hash(), signer);
  });
  if (!accepted) return unexpected(SignerFault{undetermined, Reason::algorithm_not_accepted});
  // The state's own certificate, but not one that may sign documents.
  if (!signer.is_document_signer()) return unexpected(SignerFault{failed, Reason::forged});
  return *std::move(chain);
}

// A certificate that names a key which we have, and is not signed by it, is false. One that names another key of the
// same CSCA may be genuine: the key may be newer than our trust.
bool SignerRules::names_a_trusted_key(const crypto::Certificate& signer) const {
  const auto wanted = signer.authority_key_id();
  return !wanted.empty() && std::ranges::any_of(trust_.csca, [&](const crypto::Certificate& csca) {
    return csca.subject() == signer.issuer() && csca.subject_key_id() == wanted;
  });
}

std::optional<SignerFault> SignerRules::fault_of_dates(std::span<const crypto::Certificate> chain,
                                                       std::optional<crypto::Time> signed_at) const {
  const auto& signer = chain.front();
  const auto until = signer.private_key_not_after();
  const bool then = !signed_at || (signer.valid_at(*signed_at) && (!until || *signed_at <= *until));
  const bool now = std::ranges::all_of(chain, [&](const crypto::Certificate& c) { return c.valid_at(at_); });
  if (then && now) return std::nullopt;
  return SignerFault{failed, Reason::signer_expired};
}

std::optional<SignerFault> SignerRules::fault_of_revocation(const crypto::Certificate& signer) const {
  switch (revocations_.of(signer)) {
    case Revocation::not_revoked: return std::nullopt;
    case Revocation::revoked: return SignerFault{failed, Reason::signer_revoked};
    case Revocation::unknown: break;
  }
  return SignerFault{undetermined, Reason::revocation_unknown};
}

}  // namespace reader
