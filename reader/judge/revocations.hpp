// SPDX-License-Identifier: Apache-2.0
// Owns the question whether a signer is revoked (Doc 9303-12, 7.2): each list's signature is verified once a judgement.
#pragma once

#include "reader/judge/trust.hpp"

namespace reader {

enum class Revocation : std::uint8_t {
  not_revoked,  // a genuine list that is in force says so
  revoked,      // a genuine list says so, in force or expired: a revocation is not taken back
  unknown,      // no genuine list of the issuer is in force
};

class Revocations {
public:
  Revocations(const Trust& trust, const Policy& policy, crypto::Time at);
  [[nodiscard]] Revocation of(const crypto::Certificate& certificate);
  // The newest moment that a genuine list names: the device's clock cannot be before it.
  [[nodiscard]] std::optional<crypto::Time> newest_signed_time() const { return newest_; }

private:
  enum class Genuine : std::uint8_t { not_asked, yes, no };
  bool genuine(std::size_t index);

  const Trust& trust_;
  crypto::Time latest_issue_;
  crypto::Time at_;
  std::vector<Genuine> genuine_;
  std::optional<crypto::Time> newest_;
};

}  // namespace reader
