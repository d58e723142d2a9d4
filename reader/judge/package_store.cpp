// SPDX-License-Identifier: Apache-2.0
#include "reader/judge/package_store.hpp"

#include <algorithm>
#include <charconv>

#include "crypto/file_lock.hpp"
#include "crypto/guarded_file.hpp"

namespace reader {
namespace {

namespace fs = std::filesystem;
using crypto::Bytes;
using crypto::ByteView;
using enum PackageFault;

constexpr std::string_view kAnchor = "anchor", kLock = "lock", kFull = ".full", kDelta = ".delta";
constexpr int kTries = 3;

auto in_file(fs::path file) {
  return [file = std::move(file)](PackageFault fault) { return PackageFailure{fault, file}; };
}
PackageFailure of_folder(PackageFault fault, const fs::path& folder) { return {fault, folder}; }

fs::path file_name(const SignedPackage& package) {
  return std::to_string(package.content.version) + std::string(package.content.base_version ? kDelta : kFull);
}

// "17.full" or "18.delta", and nothing else.
std::optional<StoredPackage> parse_name(const fs::path& file) {
  const auto stem = file.stem().string();
  StoredPackage out{.file = file, .is_delta = file.extension() == kDelta};
  if (!out.is_delta && file.extension() != kFull) return std::nullopt;
  const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), out.version);
  if (error != std::errc() || end != stem.data() + stem.size() || std::to_string(out.version) != stem)
    return std::nullopt;
  return out;
}

std::vector<StoredPackage> all_packages(const fs::path& folder) {
  std::vector<StoredPackage> all;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (auto one = parse_name(at->path())) all.push_back(*std::move(one));
  std::ranges::sort(all, {}, &StoredPackage::version);
  return all;
}

// What crypto::write_file leaves when the plug is pulled: a name of ours and six characters more.
bool is_left_over(const fs::path& file) {
  constexpr std::size_t kSuffix = 7;
  const auto name = file.string();
  if (name.size() <= kSuffix || name[name.size() - kSuffix] != '.') return false;
  const fs::path before = name.substr(0, name.size() - kSuffix);
  return before.filename() == kAnchor || parse_name(before);
}

crypto::Result<Bytes, PackageFault> read(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) return crypto::unexpected(unreadable);
  if (size > kMaxSignedPackage) return crypto::unexpected(too_large);
  return crypto::read_file(file, size).map_error([](auto) { return unreadable; });
}

// The anchor has the form of a package that nobody signed: the device's owner put it there.
Bytes encode_anchor(const Trust& trust) {
  patent::TrustPackage out{.version = 1};
  for (const auto& one : trust.csca) out.certificates.push_back(one.der());
  for (const auto& one : trust.revocations) out.revocation_lists.push_back(one.der());
  return patent::encode_package(out);
}

crypto::Result<Trust, PackageFault> decode_anchor(ByteView octets) {
  const auto content = patent::decode_package(octets);
  if (!content) return crypto::unexpected(malformed);
  Trust out;
  for (const auto& der : content->certificates) {
    auto one = crypto::Certificate::parse(der);
    if (!one) return crypto::unexpected(bad_certificate);
    out.csca.push_back(*std::move(one));
  }
  for (const auto& der : content->revocation_lists) {
    auto one = crypto::RevocationList::parse(der);
    if (!one) return crypto::unexpected(bad_revocation_list);
    out.revocations.push_back(*std::move(one));
  }
  return out;
}

crypto::Result<void, PackageFault> judge_time(const patent::TrustPackage& package, const Policy& policy,
                                              crypto::Time at) {
  if (package.issued_at > at + policy.clock_tolerance) return crypto::unexpected(from_future);
  if (package.valid_until <= at) return crypto::unexpected(expired);
  return {};
}

crypto::Result<void, PackageFault> judge_order(const InstalledPackage& next, const InstalledPackage& present) {
  if (next.issued_at < present.issued_at) return crypto::unexpected(older);
  const auto lists = next.trust.lists.all();
  if (!std::ranges::all_of(lists, [&](const auto* list) { return present.trust.lists.admits(*list).has_value(); }))
    return crypto::unexpected(older_list);
  return {};
}

}  // namespace

bool PackageStore::is_store(const fs::path& folder) { return crypto::file_exists(folder / kAnchor); }

std::vector<StoredPackage> PackageStore::stored() const {
  auto all = all_packages(folder_);
  const auto newest_full = std::ranges::find(all.rbegin(), all.rend(), false, &StoredPackage::is_delta);
  all.erase(all.begin(), newest_full == all.rend() ? all.end() : newest_full.base() - 1);
  return all;
}

crypto::Result<std::optional<Trust>, PackageFailure> PackageStore::anchor() const {
  const auto file = folder_ / kAnchor;
  if (!crypto::file_exists(file)) return std::nullopt;
  PATENT_TRY(const Bytes octets, read(file).map_error(in_file(file)));
  PATENT_TRY(auto trust, decode_anchor(octets).map_error(in_file(file)));
  return std::optional(std::move(trust));
}

crypto::Result<std::vector<SignedPackage>, PackageFailure> PackageStore::chain() const {
  std::vector<SignedPackage> out;
  for (const auto& stored : stored()) {
    PATENT_TRY(const Bytes octets, read(stored.file).map_error(in_file(stored.file)));
    PATENT_TRY(auto package, open_package(octets).map_error(in_file(stored.file)));
    const bool named_so = stored.file.filename() == file_name(package);
    if (!named_so) return crypto::unexpected(PackageFailure{wrong_base, stored.file});
    out.push_back(std::move(package));
  }
  return out;
}

crypto::Result<InstalledPackage, PackageFailure> PackageStore::load(const Policy& policy) const {
  PATENT_TRY(const auto known, anchor());
  if (!known) return crypto::unexpected(of_folder(no_store, folder_));
  auto packages = chain();
  // An installation at the same time may take away what was listed a moment ago.
  for (int i = 1; i < kTries && !packages && packages.error().fault == unreadable; ++i) packages = chain();
  if (!packages) return crypto::unexpected(packages.error());
  if (packages->empty()) return crypto::unexpected(of_folder(empty, folder_));
  return combine(*known, *std::move(packages), policy, std::nullopt).map_error(in_file(folder_));
}

crypto::Result<InstalledPackage, PackageFailure> PackageStore::install(ByteView file,
                                                                       const std::optional<Trust>& new_anchor,
                                                                       const Policy& policy, crypto::Time at) const {
  const auto of_package = in_file({});
  PATENT_TRY(auto package, open_package(file).map_error(of_package));
  PATENT_TRY_VOID(judge_time(package.content, policy, at).map_error(of_package));
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return crypto::unexpected(of_folder(not_written, folder_));
  const auto lock = crypto::FileLock::take(folder_ / kLock);
  if (!lock) return crypto::unexpected(of_folder(busy, folder_));

  PATENT_TRY(const auto old_anchor, anchor());
  if (!old_anchor && !new_anchor) return crypto::unexpected(of_folder(no_anchor, folder_));
  if (old_anchor && new_anchor && encode_anchor(*old_anchor) != encode_anchor(*new_anchor))
    return crypto::unexpected(of_folder(other_anchor, folder_));
  auto known = old_anchor ? *old_anchor : *new_anchor;

  const auto all = all_packages(folder_);
  const auto is_full = !package.content.base_version;
  if (!all.empty() && package.content.version <= all.back().version)
    return crypto::unexpected(PackageFailure{rollback, {}});
  if (!is_full && all.empty()) return crypto::unexpected(PackageFailure{no_base, {}});
  if (!is_full && stored().size() > kMaxDeltas) return crypto::unexpected(PackageFailure{too_many_deltas, {}});

  // A full package also mends a folder that no longer loads.
  const auto present = load(policy);
  if (!present && !is_full) return crypto::unexpected(present.error());
  std::vector<SignedPackage> next;
  if (is_full && present) known.revocations = present->trust.revocations;  // a revocation is not taken back
  if (!is_full) {
    PATENT_TRY(next, chain());
  }
  next.push_back(package);
  PATENT_TRY(auto installed, combine(known, std::move(next), policy, at).map_error(of_package));
  if (present) PATENT_TRY_VOID(judge_order(installed, *present).map_error(of_package));
  PATENT_TRY_VOID(put(package, file, old_anchor ? std::nullopt : new_anchor));
  return installed;
}

crypto::Result<void, PackageFailure> PackageStore::put(const SignedPackage& package, ByteView file,
                                                       const std::optional<Trust>& new_anchor) const {
  const auto write = [&](const fs::path& name, ByteView octets) {
    return crypto::write_file(folder_ / name, octets, crypto::Readers::everybody, crypto::Overwrite::yes)
        .map_error([&](auto) {
          return PackageFailure{not_written, folder_ / name};
        });
  };
  if (new_anchor) PATENT_TRY_VOID(write(kAnchor, encode_anchor(*new_anchor)));
  PATENT_TRY_VOID(write(file_name(package), file));
  tidy();
  return {};
}

// What the newest full package replaces, and what a cut left: not needed any longer, so that whatever cannot be removed
// now is removed the next time.
void PackageStore::tidy() const {
  const auto in_force = stored();
  std::error_code error;
  std::vector<fs::path> gone;
  for (const auto& one : all_packages(folder_))
    if (one.version < in_force.front().version) gone.push_back(one.file);
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error))
    if (is_left_over(at->path())) gone.push_back(at->path());
  for (const auto& file : gone) fs::remove(file, error);
}

}  // namespace reader
