// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/status_signer.hpp"

#include <algorithm>

#include "crypto/certificate_chain.hpp"
#include "reader/judge/issuing_state.hpp"

namespace reader {
namespace {

bool has(std::span<const std::string> countries, const std::string& country) {
  return !country.empty() && std::ranges::find(countries, country) != countries.end();
}

}  // namespace

crypto::Result<Revocation, StatusSignerFault> judge_status_signer(const crypto::Certificate& signer,
                                                                  crypto::Time signed_at,
                                                                  std::span<const std::string> countries,
                                                                  const Trust& trust, Revocations& revocations) {
  if (!signer.is_status_signer()) return crypto::unexpected(StatusSignerFault::wrong_purpose);
  const auto chain = crypto::chain_to(signer, trust.csca);
  if (!chain) return crypto::unexpected(StatusSignerFault::untrusted);
  if (!std::ranges::all_of(*chain, [&](const auto& one) { return has(countries, one.country()); }))
    return crypto::unexpected(StatusSignerFault::foreign_state);
  const auto until = signer.private_key_not_after();
  const bool in_office = std::ranges::all_of(*chain, [&](const auto& one) { return one.valid_at(signed_at); });
  if (!in_office || (until && signed_at > *until)) return crypto::unexpected(StatusSignerFault::not_in_office);
  const auto revocation = revocations.of(signer);
  if (revocation == Revocation::revoked) return crypto::unexpected(StatusSignerFault::revoked);
  return revocation;
}

crypto::Result<Revocation, StatusSignerFault> judge_status_signer(const crypto::Certificate& signer,
                                                                  crypto::Time signed_at, const Trust& trust,
                                                                  const Policy& policy, Revocations& revocations) {
  std::vector<std::string> countries;
  for (const auto& state : policy.issuing_states) countries.emplace_back(alpha2_of(state));
  return judge_status_signer(signer, signed_at, countries, trust, revocations);
}

}  // namespace reader
