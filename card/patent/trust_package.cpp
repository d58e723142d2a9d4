// SPDX-License-Identifier: Apache-2.0
#include "card/patent/trust_package.hpp"

#include "card/patent/list_uri.hpp"
#include "card/patent/tlv_objects.hpp"

namespace patent {
namespace {

constexpr std::uint8_t kForm = 1;  // of this codec

// The objects of a package in this order; those from kCertificate on any number of times.
enum Tag : std::uint8_t {
  kFormVersion = 0x80,
  kVersion = 0x81,
  kBaseVersion = 0x82,  // 0: none
  kIssuedAt = 0x83,
  kNextUpdate = 0x84,
  kValidUntil = 0x85,
  kRegions = 0x86,  // once at most, as kPolicy
  kPolicy = 0x87,
  kCertificate = 0x88,
  kRevocationList = 0x89,
  kCvCertificate = 0x8A,
  kMasterList = 0x8B,
  kList = 0xAC,
  kDelta = 0x8D,
};
// The objects of a list.
enum ListTag : std::uint8_t {
  kKind = 0x80,
  kUri = 0x81,
  kListIssuedAt = 0x82,
  kExpires = 0x83,      // 0: none
  kTimeToLive = 0x84,   // 0: none
  kAggregation = 0x85,  // may be empty
  kBits = 0x86,
  kStream = 0x87,
};

Bytes encode_list(const StatusList& list) {
  ObjectWriter out;
  out.number(kKind, static_cast<std::uint8_t>(list.kind), 1);
  out.text(kUri, list.uri);
  out.instant(kListIssuedAt, list.issued_at);
  out.instant(kExpires, list.expires);
  out.instant(kTimeToLive, std::chrono::sys_seconds(list.time_to_live.value_or(std::chrono::seconds(0))));
  out.text(kAggregation, list.aggregation_uri);
  out.number(kBits, list.entries.bits(), 1);
  out.octets(kStream, list.entries.compress());
  return std::move(out).take();
}

// `room`: how many octets the entries may still take.
crypto::Result<StatusList, PackageError> decode_list(ByteView octets, std::size_t& room) {
  ObjectReader in(octets);
  const auto kind = in.number(kKind, 1);
  auto uri = in.text(kUri);
  const auto issued_at = in.instant(kListIssuedAt);
  const auto expires = in.instant_or_none(kExpires);
  const auto time_to_live = in.instant_or_none(kTimeToLive);
  auto aggregation_uri = in.text(kAggregation);
  const auto bits = static_cast<unsigned>(in.number(kBits, 1));
  const auto stream = in.octets(kStream);
  in.require(kind <= 1 && is_list_uri(uri) && (aggregation_uri.empty() || is_list_uri(aggregation_uri)));
  if (!in.finished()) return crypto::unexpected(PackageError::malformed);
  auto entries = PackedList::expand(bits, stream);
  if (!entries) return crypto::unexpected(PackageError::bad_list);
  if (entries->octets().size() > room) return crypto::unexpected(PackageError::too_large);
  room -= entries->octets().size();
  return StatusList{
      .kind = static_cast<ListKind>(kind),
      .uri = std::move(uri),
      .issued_at = issued_at,
      .expires = expires,
      .time_to_live = time_to_live ? std::optional(time_to_live->time_since_epoch()) : std::nullopt,
      .aggregation_uri = std::move(aggregation_uri),
      .entries = *std::move(entries),
  };
}

void write_all(ObjectWriter& out, std::uint8_t tag, const std::vector<Bytes>& all) {
  for (const auto& one : all) out.octets(tag, one);
}

void read_all(ObjectReader& in, std::uint8_t tag, std::vector<Bytes>& all) {
  while (const auto one = in.accept(tag)) all.emplace_back(one->begin(), one->end());
}

std::optional<std::string> read_text(ObjectReader& in, std::uint8_t tag) {
  const auto octets = in.accept(tag);
  return octets ? std::optional(std::string(octets->begin(), octets->end())) : std::nullopt;
}

StatusList* find_list(TrustPackage& package, ListKind kind, std::string_view uri) {
  const auto found =
      std::ranges::find_if(package.lists, [&](const StatusList& list) { return list.kind == kind && list.uri == uri; });
  return found == package.lists.end() ? nullptr : &*found;
}

crypto::Result<void, PackageError> read_lists(ObjectReader& in, TrustPackage& out) {
  std::size_t room = kMaxPackageListOctets;
  while (const auto octets = in.accept(kList)) {
    PATENT_TRY(auto list, decode_list(*octets, room));
    if (find_list(out, list.kind, list.uri) != nullptr) return crypto::unexpected(PackageError::malformed);
    out.lists.push_back(std::move(list));
  }
  return {};
}

PackageChangeError change_error(DeltaError error) {
  switch (error) {
    case DeltaError::malformed: return PackageChangeError::bad_delta;
    case DeltaError::wrong_base: return PackageChangeError::wrong_base;
    case DeltaError::wrong_result: break;
  }
  return PackageChangeError::wrong_result;
}

template <class Content>
void replace(Content& old, Content&& changed) {
  if (changed != Content{}) old = std::move(changed);
}

}  // namespace

Bytes encode_package(const TrustPackage& package) {
  ObjectWriter out;
  out.number(kFormVersion, kForm, 1);
  out.number(kVersion, package.version);
  out.number(kBaseVersion, package.base_version.value_or(0));
  out.instant(kIssuedAt, package.issued_at);
  out.instant(kNextUpdate, package.next_update);
  out.instant(kValidUntil, package.valid_until);
  if (package.regions) out.text(kRegions, *package.regions);
  if (package.policy) out.text(kPolicy, *package.policy);
  write_all(out, kCertificate, package.certificates);
  write_all(out, kRevocationList, package.revocation_lists);
  write_all(out, kCvCertificate, package.cv_certificates);
  write_all(out, kMasterList, package.master_lists);
  for (const auto& list : package.lists) out.octets(kList, encode_list(list));
  write_all(out, kDelta, package.deltas);
  return std::move(out).take();
}

crypto::Result<TrustPackage, PackageError> decode_package(ByteView octets) {
  if (octets.size() > kMaxPackageOctets) return crypto::unexpected(PackageError::too_large);
  ObjectReader in(octets);
  const auto form = in.octets(kFormVersion, 1);
  if (!form.empty() && form[0] != kForm) return crypto::unexpected(PackageError::unsupported_version);
  TrustPackage out{.version = in.number(kVersion)};
  if (const auto base = in.number(kBaseVersion); base != 0) out.base_version = base;
  out.issued_at = in.instant(kIssuedAt);
  out.next_update = in.instant(kNextUpdate);
  out.valid_until = in.instant(kValidUntil);
  out.regions = read_text(in, kRegions);
  out.policy = read_text(in, kPolicy);
  read_all(in, kCertificate, out.certificates);
  read_all(in, kRevocationList, out.revocation_lists);
  read_all(in, kCvCertificate, out.cv_certificates);
  read_all(in, kMasterList, out.master_lists);
  PATENT_TRY_VOID(read_lists(in, out));
  read_all(in, kDelta, out.deltas);
  const bool is_full = !out.base_version;
  in.require(out.version > out.base_version.value_or(0) && (!is_full || out.deltas.empty()));
  in.require(out.issued_at <= out.next_update && out.next_update <= out.valid_until);
  if (!in.finished()) return crypto::unexpected(PackageError::malformed);
  return out;
}

crypto::Result<void, PackageChangeError> apply_package(TrustPackage& package, TrustPackage delta) {
  if (delta.base_version != package.version) return crypto::unexpected(PackageChangeError::wrong_base);
  for (const auto& octets : delta.deltas) {
    PATENT_TRY(const auto names, delta_names(octets).map_error(change_error));
    auto* const list = find_list(package, names.kind, names.uri);
    if (list == nullptr) return crypto::unexpected(PackageChangeError::wrong_base);
    PATENT_TRY(auto next, apply_delta(*list, octets).map_error(change_error));
    *list = std::move(next);
  }
  for (auto& list : delta.lists) {
    if (auto* const old = find_list(package, list.kind, list.uri))
      *old = std::move(list);
    else
      package.lists.push_back(std::move(list));
  }
  package.version = delta.version;
  package.issued_at = delta.issued_at;
  package.next_update = delta.next_update;
  package.valid_until = delta.valid_until;
  replace(package.certificates, std::move(delta.certificates));
  replace(package.revocation_lists, std::move(delta.revocation_lists));
  replace(package.cv_certificates, std::move(delta.cv_certificates));
  replace(package.master_lists, std::move(delta.master_lists));
  replace(package.regions, std::move(delta.regions));
  replace(package.policy, std::move(delta.policy));
  return {};
}

}  // namespace patent
