// SPDX-License-Identifier: Apache-2.0
// Owns the proof that a document passed passive authentication: only passive authentication makes one, and nothing that
// the document says of its chip is used without one.
#pragma once

#include <algorithm>
#include <vector>

#include "crypto/certificate.hpp"
#include "reader/inspect/evidence.hpp"

namespace reader {

struct PassiveAuthentication;
class Revocations;
class Judgement;
struct Trust;
struct Policy;

class AuthenticDocument {
public:
  // A data group whose hash was signed; nullptr when it was not read, or is none.
  [[nodiscard]] const Bytes* data_group(std::uint8_t number) const {
    const auto file = layout::find_data_group(number);
    return file && names(number) ? evidence_->content(file->id) : nullptr;
  }
  // Whether the signed object names this data group, read or not.
  [[nodiscard]] bool names(std::uint8_t number) const { return std::ranges::find(numbers_, number) != numbers_.end(); }
  // The document signer, whose chain to a trusted CSCA holds.
  [[nodiscard]] const crypto::Certificate& signer() const { return signer_; }

private:
  friend PassiveAuthentication authenticate(const Evidence& evidence, const Trust& trust, const Policy& policy,
                                            Revocations& revocations, crypto::Time at, Judgement& judgement);
  AuthenticDocument(const Evidence& evidence, std::vector<std::uint8_t> numbers, crypto::Certificate signer)
      : evidence_(&evidence), numbers_(std::move(numbers)), signer_(std::move(signer)) {}

  const Evidence* evidence_;
  std::vector<std::uint8_t> numbers_;
  crypto::Certificate signer_;
};

}  // namespace reader
