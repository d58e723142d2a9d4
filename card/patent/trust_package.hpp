// SPDX-License-Identifier: Apache-2.0
// Owns the trust package's content: all that a handheld needs to judge offline, in one signed file (docs/packages.md).
// What is here is the inside of the CMS SignedData; who may sign it is the reader's affair.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "card/patent/list_delta.hpp"
#include "card/patent/region_profile.hpp"
#include "card/patent/status_list.hpp"

namespace patent {

inline constexpr std::string_view kOidTrustPackage = "2.25.260834097610942937013921904177120013313.1";
inline constexpr std::size_t kMaxPackageOctets = 32U << 20;

struct TrustPackage {
  std::uint64_t version = 0;  // only ever grows
  // A delta: what changes in the package of this version, and of no other.
  std::optional<std::uint64_t> base_version{};
  std::chrono::sys_seconds issued_at{};
  std::chrono::sys_seconds next_update{};  // when to fetch the next one
  std::chrono::sys_seconds valid_until{};  // after next_update: an expired list never blinds a device at midnight
  std::vector<Bytes> certificates;         // DER: CSCA and link certificates, seal signers
  std::vector<Bytes> revocation_lists;     // DER
  std::vector<Bytes> cv_certificates;      // of terminals, DVs, CVCAs and links
  std::vector<Bytes> master_lists;         // CMS
  std::vector<StatusList> lists;           // in full
  std::vector<Bytes> deltas;               // list_delta.hpp
  std::optional<std::string> regions{};    // RegionProfiles as JSON
  std::optional<std::string> policy{};     // the reader's Policy as JSON
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

}  // namespace patent
