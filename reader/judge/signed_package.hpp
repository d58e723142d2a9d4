// SPDX-License-Identifier: Apache-2.0
// Owns trust packages as signed files, and what a chain of them gives a device that trusts some CSCAs already. No files
// here: see package_store.hpp.
#pragma once

#include "card/patent/trust_package.hpp"
#include "reader/judge/package_fault.hpp"
#include "reader/judge/trust.hpp"

namespace reader {

inline constexpr std::size_t kMaxSignedPackage = patent::kMaxPackageOctets + crypto::kMaxSecurityObject;

struct SignedPackage {
  patent::TrustPackage content;
  crypto::Certificate signer;  // the signature holds under it; whether it may sign is judged by combine()
  std::size_t octets = 0;
};
crypto::Result<SignedPackage, PackageFault> open_package(crypto::ByteView file);

// What the installed packages say together, as the newest of them has it.
struct InstalledPackage {
  std::uint64_t version = 0;
  crypto::Time issued_at{}, next_update{}, valid_until{};
  Trust trust;
  std::optional<Policy> policy{};
  std::vector<crypto::Bytes> cv_certificates{};
};

// A full package and the deltas above it, in order. `known`: what the device trusts and knows to be revoked without
// them. `at` is given at an installation: then every signer must be one that is known not to be revoked.
crypto::Result<InstalledPackage, PackageFault> combine(const Trust& known, std::vector<SignedPackage> chain,
                                                       const Policy& policy, std::optional<crypto::Time> at);

}  // namespace reader
