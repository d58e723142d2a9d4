// SPDX-License-Identifier: Apache-2.0
// Owns what of a trust domain ends by itself, and when: certificates, the use of their keys, the revocation list.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/trust_domain.hpp"

namespace personalize {

struct Deadline {
  enum class Kind : std::uint8_t { certificate, signing, revocations, terminal };
  Kind kind{};
  std::string name;                   // "document-signer"; of the list its file's
  std::optional<crypto::Time> end{};  // nothing: it cannot be read
  crypto::Time begin{};               // of certificates and the list
};

// Of what a station works with now; not of certificates that were replaced.
std::vector<Deadline> deadlines_of(const crypto::TrustDomain& domain);

}  // namespace personalize
