// SPDX-License-Identifier: Apache-2.0
// Owns the signature over a station's audit chain, in the chain and as an anchor that is kept elsewhere: CMS by the
// domain's status signer (docs/audit.md).
#pragma once

#include "personalize/issue/signer_watch.hpp"
#include "personalize/ledger/audit_chain.hpp"
#include "reader/judge/status_signer.hpp"

namespace personalize {

inline constexpr std::string_view kOidChainStatement = "2.25.283875176364229658380274073979443945891.2";

// Signs while the signer is in office.
AuditChain::Sign signs_chain(const Signer& signer);
// By whoever is the status signer at each time: for what runs longer than a signer is in office.
AuditChain::Sign signs_chain(const SignerWatch& watch);

enum class SignatureFault : std::uint8_t {
  not_signed,  // no CMS over this statement
  stranger,    // by nobody who was a status signer in office then, under a trusted CSCA and not revoked
};
// Judges by one trust folder; each revocation list is verified once.
class SignatureJudge {
public:
  SignatureJudge(const reader::Trust& trust, crypto::Time now) : trust_(trust), revocations_(trust_, policy_, now) {}
  [[nodiscard]] std::optional<SignatureFault> fault_of(const AuditAnchor& anchor);

private:
  const reader::Trust& trust_;
  reader::Policy policy_;
  reader::Revocations revocations_;
};

// One line of JSON.
std::string to_json(const AuditAnchor& anchor);
std::optional<AuditAnchor> read_anchor(std::string_view text);

}  // namespace personalize
