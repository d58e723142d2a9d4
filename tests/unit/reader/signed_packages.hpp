// SPDX-License-Identifier: Apache-2.0
// Owns trust packages that the test's issuing house makes, day after day.
#pragma once

#include "reader/judge/package_store.hpp"
#include "tests/unit/reader/signed_lists.hpp"

namespace testing {

inline constexpr std::chrono::hours kOneDay{24};

inline Bytes sign_package(const patent::TrustPackage& content, const Signer& by = house().status,
                          std::string_view type = patent::kOidTrustPackage) {
  return crypto::sign_object(type, patent::encode_package(content), kHash, *by.certificate, *by.key, content.issued_at)
      .value();
}

// The whole of day `version` in March 2026, with one more month paid each day.
inline patent::TrustPackage day_package(unsigned version, const IssuingHouse& by = house()) {
  const auto issued_at = at("2026-03-01T00:00:00Z") + version * kOneDay;
  patent::TrustPackage out{.version = version,
                           .issued_at = issued_at,
                           .next_update = issued_at + kOneDay,
                           .valid_until = issued_at + 7 * kOneDay,
                           .certificates = {by.csca.certificate->der()},
                           .revocation_lists = {by.revocations->der()}};
  for (const auto kind : {patent::ListKind::states, patent::ListKind::months}) {
    auto list = sample_list(kind);
    list.issued_at = issued_at;
    list.expires = issued_at + 3 * kOneDay;
    if (kind == patent::ListKind::months) list.entries.set(7, static_cast<std::uint8_t>(version % 13));
    out.lists.push_back(std::move(list));
  }
  return out;
}

inline patent::TrustPackage delta_package(unsigned base, unsigned version) {
  const auto from = day_package(base), to = day_package(version);
  patent::TrustPackage out{.version = version,
                           .base_version = base,
                           .issued_at = to.issued_at,
                           .next_update = to.next_update,
                           .valid_until = to.valid_until};
  for (std::size_t i = 0; i < to.lists.size(); ++i)
    out.deltas.push_back(patent::make_delta(from.lists[i], to.lists[i]).value());
  return out;
}

// A handheld on which the package of day 5 is installed; it is noon of that day.
struct Handheld {
  TemporaryFolder home;
  reader::PackageStore store{home.path() / "packages"};
  Time now = at("2026-03-06T12:00:00Z");

  explicit Handheld(bool with_package = true) {
    if (with_package && !install(sign_package(day_package(5)), house().trust())) throw std::runtime_error("day 5");
  }
  crypto::Result<reader::InstalledPackage, reader::PackageFailure> install(
      const Bytes& file, const std::optional<reader::Trust>& anchor = std::nullopt) {
    return store.install(file, anchor, {}, now);
  }
  std::optional<reader::PackageFault> fault(const Bytes& file,
                                            const std::optional<reader::Trust>& anchor = std::nullopt) {
    const auto installed = install(file, anchor);
    return installed ? std::nullopt : std::optional(installed.error().fault);
  }
  // 0: nothing loads.
  [[nodiscard]] std::uint64_t version() const {
    const auto loaded = store.load({});
    return loaded ? loaded->version : 0;
  }
  [[nodiscard]] std::optional<std::uint8_t> months_of_7() const {
    const auto loaded = store.load({});
    const auto months = loaded ? loaded->trust.lists.find(kListUri, 7).months : std::nullopt;
    return months ? std::optional(months->months_paid) : std::nullopt;
  }
};

}  // namespace testing
