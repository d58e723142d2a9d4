// SPDX-License-Identifier: Apache-2.0
// Owns the change of signers while cards are made: one whose days or uses are nearly over gives way to its successor,
// and so does one that somebody else has renewed: another station, or an administrator after a compromise.
#pragma once

#include <deque>
#include <mutex>

#include "personalize/issue/issuer.hpp"

namespace personalize {

// Used by many threads at once.
class SignerWatch {
public:
  // `domain` is renewed through this, and outlives it.
  static crypto::Result<std::unique_ptr<SignerWatch>, crypto::DomainFailure> open(crypto::TrustDomain& domain);

  // Those who sign at this time, after a roll-over where one is due. While a roll-over fails, the present ones go on as
  // long as their certificates let them. Whoever was given stays as long as the watch.
  [[nodiscard]] const Signers& at(crypto::Time at);
  [[nodiscard]] const Signers& present() const;
  // Why the last roll-over that was due did not take place.
  [[nodiscard]] std::optional<crypto::DomainFailure> failure() const;

private:
  SignerWatch(crypto::TrustDomain& domain, Signers first);
  [[nodiscard]] bool due(crypto::Time at);

  crypto::TrustDomain& domain_;
  mutable std::mutex mutex_;
  std::deque<Signers> all_;
  std::optional<crypto::DomainFailure> failure_;
  unsigned asked_ = 0;
};

}  // namespace personalize
