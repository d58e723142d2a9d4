// SPDX-License-Identifier: Apache-2.0
// Owns the building of trust packages for handhelds from a trust domain and the lists that were published
// (docs/packages.md): whole, or as what changes since an earlier version.
#pragma once

#include <variant>

#include "crypto/trust_domain.hpp"
#include "personalize/ledger/status_ledger.hpp"
#include "personalize/status/publisher.hpp"
#include "reader/judge/signed_package.hpp"

namespace personalize {

struct PackagePlan {
  std::optional<std::uint64_t> version{};  // one that was built before; else the next one is made
  std::optional<std::uint64_t> base{};     // a delta for those who have this version
  std::chrono::sys_seconds at{};
  std::chrono::seconds until_update = std::chrono::hours(24);
  std::chrono::seconds life = std::chrono::hours(7 * 24);
  std::string regions{};      // RegionProfiles as JSON
  std::string policy = "{}";  // the reader's Policy as JSON
};

struct BuiltPackage {
  patent::TrustPackage content;  // a delta's is what changes
  crypto::Bytes file;
};

struct NoSuchPackage {  // never built, or not older than the one to build
  std::uint64_t version = 0;
};
struct OnlyWhole {};   // a delta cannot say that nothing is left of a kind of content
struct NotPublished {  // a list of the ledger
  std::string uri;
};
struct NotAccepted {  // by the reader's own judgement
  reader::PackageFault fault{};
};
using PackageBuildFailure = std::variant<LedgerFailure, IssuerFailure, crypto::DomainFailure, NotNewer, NoSuchPackage,
                                         OnlyWhole, NotPublished, NotAccepted>;

// The lists are those published last. A new version is in the ledger when this returns.
crypto::Result<BuiltPackage, PackageBuildFailure> build_package(StatusLedger& ledger, const crypto::TrustDomain& domain,
                                                                const Signer& signer, const PackagePlan& plan);

}  // namespace personalize
