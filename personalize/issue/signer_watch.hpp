// SPDX-License-Identifier: Apache-2.0
// Owns the change of signers and of trust while cards are made: a signer whose days or uses are nearly over gives way
// to its successor, and so does one that somebody else has renewed: another station, or an administrator after a
// compromise. What comes into the trust folder, such as a list that revokes a signer, counts from the next card on; a
// folder that cannot be read any more lets nobody sign, for it may hold such a list.
#pragma once

#include <deque>
#include <mutex>

#include "personalize/issue/issuer.hpp"

namespace personalize {

// Used by many threads at once.
class SignerWatch {
public:
  // `domain` is renewed through this, and outlives it. `trust`: as its folder has it.
  static crypto::Result<std::unique_ptr<SignerWatch>, crypto::DomainFailure> open(crypto::TrustDomain& domain,
                                                                                  reader::Trust trust);

  // Those who sign at this time, after a roll-over where one is due, and the trust folder as it is now. While a
  // roll-over fails, the present ones go on as long as their certificates let them. What was given stays as long as the
  // watch.
  [[nodiscard]] crypto::Result<Standing, reader::TrustFailure> at(crypto::Time at);
  // Who signed last.
  [[nodiscard]] const Signers& present() const;
  // Why the last roll-over that was due did not take place.
  [[nodiscard]] std::optional<crypto::DomainFailure> failure() const;

private:
  SignerWatch(crypto::TrustDomain& domain, Signers first, reader::Trust trust);
  crypto::Result<bool, reader::TrustFailure> look_at_trust();
  void renew(crypto::Time at);
  [[nodiscard]] bool due(crypto::Time at, bool new_trust);

  crypto::TrustDomain& domain_;
  mutable std::mutex mutex_;
  std::deque<Signers> all_;
  std::deque<reader::Trust> trusts_;
  std::string trust_files_;  // with their times and sizes
  std::optional<crypto::DomainFailure> failure_;
  unsigned asked_ = 0;
};

}  // namespace personalize
