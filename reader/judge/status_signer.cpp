// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/status_signer.hpp"

#include <algorithm>

#include "crypto/certificate_chain.hpp"
#include "reader/judge/issuing_state.hpp"

namespace reader {
namespace {

bool issues_patents(const std::string& country, const Policy& policy) {
  return !country.empty() && std::ranges::any_of(policy.issuing_states,
                                                 [&](const std::string& state) { return alpha2_of(state) == country; });
}

}  // namespace

crypto::Result<Revocation, SignerFault> judge_status_signer(const crypto::Certificate& signer, crypto::Time signed_at,
                                                            const Trust& trust, const Policy& policy,
                                                            Revocations& revocations) {
  if (!signer.is_status_signer()) return crypto::unexpected(SignerFault::wrong_purpose);
  const auto chain = crypto::chain_to(signer, trust.csca);
  if (!chain) return crypto::unexpected(SignerFault::untrusted);
  if (!std::ranges::all_of(*chain, [&](const auto& one) { return issues_patents(one.country(), policy); }))
    return crypto::unexpected(SignerFault::foreign_state);
  const auto until = signer.private_key_not_after();
  const bool in_office = std::ranges::all_of(*chain, [&](const auto& one) { return one.valid_at(signed_at); });
  if (!in_office || (until && signed_at > *until)) return crypto::unexpected(SignerFault::not_in_office);
  const auto revocation = revocations.of(signer);
  if (revocation == Revocation::revoked) return crypto::unexpected(SignerFault::revoked);
  return revocation;
}

}  // namespace reader
