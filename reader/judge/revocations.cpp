// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/revocations.hpp"

#include <algorithm>

#include "crypto/certificate_chain.hpp"

namespace reader {

Revocations::Revocations(const Trust& trust, const Policy& policy, crypto::Time at)
    : trust_(trust), latest_issue_(at + policy.clock_tolerance), at_(at), genuine_(trust.revocations.size()) {}

bool Revocations::genuine(std::size_t index) {
  if (genuine_[index] == Genuine::not_asked) {
    const auto& list = trust_.revocations[index];
    const bool yes = crypto::revocation_list_signer(list, trust_.csca).has_value();
    genuine_[index] = yes ? Genuine::yes : Genuine::no;
    if (yes) newest_ = std::max(newest_.value_or(list.this_update()), list.this_update());
  }
  return genuine_[index] == Genuine::yes;
}

Revocation Revocations::of(const crypto::Certificate& certificate) {
  auto answer = Revocation::unknown;
  for (std::size_t i = 0; i < trust_.revocations.size(); ++i) {
    const auto& list = trust_.revocations[i];
    if (list.issuer() != certificate.issuer() || !genuine(i)) continue;
    if (list.revokes(certificate)) return Revocation::revoked;
    const bool in_force = list.this_update() <= latest_issue_ && list.next_update() && at_ <= *list.next_update();
    if (in_force) answer = Revocation::not_revoked;
  }
  return answer;
}

}  // namespace reader
