// SPDX-License-Identifier: Apache-2.0
// Owns a handheld's folder of trust packages: whom it believed first, the newest full package and the deltas above it
// (docs/packages.md). All is verified again whenever it is loaded.
#pragma once

#include <filesystem>

#include "reader/judge/signed_package.hpp"

namespace reader {

struct PackageFailure {
  PackageFault fault{};
  std::filesystem::path file;  // in the folder; empty: the package to install
};

// A file of the folder.
struct StoredPackage {
  std::filesystem::path file;
  std::uint64_t version = 0;
  bool is_delta = false;
};

inline constexpr std::size_t kMaxDeltas = 62;  // above one full package: two months of days

class PackageStore {
public:
  explicit PackageStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] static bool is_store(const std::filesystem::path& folder);

  // Verifies the package against what is installed, and puts it into force at once or not at all. `anchor`: whom to
  // believe, when nothing was installed before.
  crypto::Result<InstalledPackage, PackageFailure> install(crypto::ByteView file, const std::optional<Trust>& anchor,
                                                           const Policy& policy, crypto::Time at) const;
  [[nodiscard]] crypto::Result<InstalledPackage, PackageFailure> load(const Policy& policy) const;
  // What is in force: the newest full package and its deltas, in order.
  [[nodiscard]] std::vector<StoredPackage> stored() const;

private:
  [[nodiscard]] crypto::Result<std::optional<Trust>, PackageFailure> anchor() const;
  [[nodiscard]] crypto::Result<std::vector<SignedPackage>, PackageFailure> chain() const;
  [[nodiscard]] crypto::Result<void, PackageFailure> put(const SignedPackage& package, crypto::ByteView file,
                                                         const std::optional<Trust>& new_anchor) const;
  void tidy() const;

  std::filesystem::path folder_;
};

}  // namespace reader
