// SPDX-License-Identifier: Apache-2.0
// Owns the signing of status records, on a new card and later (docs/file-layout.md, 4).
#pragma once

#include "personalize/issue/issuer.hpp"

namespace personalize {

// Object 73 and the signature over it.
struct SignedStatus {
  crypto::Bytes info;
  crypto::Bytes signature;
  std::uint32_t sequence = 0;

  // The record, once it is known which record of EF.Certificates the signer's is.
  [[nodiscard]] crypto::Bytes record(std::uint8_t certificate_record) const {
    return patent::encode_status_record(info, signature, certificate_record, sequence);
  }
};
// not_encodable for a status that has no form.
Signed<SignedStatus> sign_status(crypto::Engine& engine, const Signer& signer, const patent::StatusRecord& status);

// The signer's record of EF.Certificates.
Signed<crypto::Bytes> certificate_record_of(const Signer& signer);

}  // namespace personalize
