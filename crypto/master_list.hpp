// SPDX-License-Identifier: Apache-2.0
// Owns CSCA master lists (ICAO Doc 9303-12, 9): the certificates of many states under the signature of one of them.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "crypto/signed_object.hpp"

namespace crypto {

inline constexpr std::string_view kOidMasterList = "2.23.136.1.1.2";  // content type

struct MasterList {
  SignedObject object;
  std::vector<Certificate> certificates;  // CSCAs, self-signed and link certificates, as the state listed them
  std::size_t unreadable = 0;  // how many more are listed that are no certificates to us: one state's flaw is not the
                               // others' loss
};

// Takes a list apart; nothing is believed yet. bad_encoding for all but a signed object with this content type and
// version 0; unsupported for algorithms outside engine.hpp.
Result<MasterList, CryptoError> parse_master_list(ByteView der);

enum class MasterListFault : std::uint8_t {
  no_signer,          // the signer's certificate is not in the list's signed object
  not_a_list_signer,  // it is not for master lists (7.1: critical extended key usage 2.23.136.1.1.3 alone)
  untrusted_signer,   // it does not hang under a CSCA of the pool
  bad_signature,
};

// The signer's chain: the signer first, the CSCA of `pool` last. What stands in the list is no anchor for itself. Dates
// and revocations are the caller's judgement, as with every chain.
Result<std::vector<Certificate>, MasterListFault> verify_master_list(const MasterList& list,
                                                                     std::span<const Certificate> pool);

}  // namespace crypto
