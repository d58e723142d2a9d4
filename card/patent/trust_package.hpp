// SPDX-License-Identifier: Apache-2.0
// Owns the trust package's content: all that a handheld needs to judge offline, in one signed file (docs/packages.md).
// What is here is the inside of the CMS SignedData; who may sign it is the reader's affair.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "card/patent/list_delta.hpp"
#include "card/patent/status_list.hpp"

namespace patent {

// The content type, below the OID of the status signer's purpose (crypto/certificate.hpp).
inline constexpr std::string_view kOidTrustPackage = "2.25.283875176364229658380274073979443945891.1";
inline constexpr std::size_t kMaxPackageOctets = 24U << 20;
// Of all lists together, expanded: eighty million cards, or an attack on memory.
inline constexpr std::size_t kMaxPackageListOctets = 80U << 20;

struct TrustPackage {
  std::uint64_t version = 0;  // only ever grows
  // A delta: what changes in the package of this version, and of no other. A kind of content that is empty here is as
  // it was; one that is not takes the whole place of what was. Lists change one by one.
  std::optional<std::uint64_t> base_version{};
  std::chrono::sys_seconds issued_at{};
  std::chrono::sys_seconds next_update{};  // when to fetch the next one
  std::chrono::sys_seconds valid_until{};  // after next_update: an expired list never blinds a device at midnight
  std::vector<Bytes> certificates{};       // DER: CSCA and link certificates, seal signers
  std::vector<Bytes> revocation_lists{};   // DER
  std::vector<Bytes> cv_certificates{};    // of terminals, DVs, CVCAs and links
  std::vector<Bytes> master_lists{};       // CMS
  std::vector<StatusList> lists{};         // in full
  std::vector<Bytes> deltas{};             // list_delta.hpp
  std::optional<std::string> regions{};    // RegionProfiles as JSON
  std::optional<std::string> policy{};     // the reader's Policy as JSON
  friend bool operator==(const TrustPackage&, const TrustPackage&) = default;
};

enum class PackageError : std::uint8_t {
  malformed,
  unsupported_version,
  bad_list,  // a list inside; see ListError
  too_large,
};

// Lists are kept as zlib streams, not as tokens: base64 in base64 would double them.
Bytes encode_package(const TrustPackage& package);
crypto::Result<TrustPackage, PackageError> decode_package(ByteView octets);

enum class PackageChangeError : std::uint8_t {
  wrong_base,    // made for a package of another version, or for a list that the base has not, or not so
  bad_delta,     // no delta, or its code runs past its end
  wrong_result,  // what comes out is not what its maker had
};
// `package` as its delta makes it: a full package of the delta's version. On an error it is left half changed.
crypto::Result<void, PackageChangeError> apply_package(TrustPackage& package, TrustPackage delta);

}  // namespace patent
