// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/reader/signed_packages.hpp"

using namespace reader;
using enum PackageFault;
using testing::at;
using testing::day_package;
using testing::delta_package;
using testing::Handheld;
using testing::house;
using testing::sign_package;

namespace {

Bytes changed(unsigned version, const std::function<void(patent::TrustPackage&)>& change) {
  auto content = day_package(version);
  change(content);
  return sign_package(content);
}

}  // namespace

TEST_CASE("a package gives a device all that it judges by") {
  Handheld device(false);
  CHECK_FALSE(PackageStore::is_store(device.home.path() / "packages"));
  const auto file = changed(5, [](auto& package) {
    package.policy = R"({"status_hard_limit_hours":48})";
    package.certificates.push_back(house().document.certificate->der());
  });
  REQUIRE(device.install(file, house().trust()));
  CHECK(PackageStore::is_store(device.home.path() / "packages"));
  const auto loaded = device.store.load({});
  REQUIRE(loaded);
  CHECK(loaded->version == 5);
  CHECK(loaded->trust.newest_package == day_package(5).issued_at);
  CHECK(loaded->trust.csca.size() == 2);
  CHECK(loaded->trust.revocations.size() == 2);  // the anchor's, and the package's
  REQUIRE(loaded->policy);
  CHECK(loaded->policy->status_hard_limit == std::chrono::hours(48));
  const auto found = loaded->trust.lists.find(testing::kListUri, 7);
  REQUIRE((found.state && found.months));
  CHECK(found.months->months_paid == 5);
  CHECK(found.months->as_of == day_package(5).issued_at);
}

TEST_CASE("packages replace each other, deltas pile up, and a full one ends the pile") {
  Handheld device;
  device.now += testing::kOneDay;
  REQUIRE(device.install(sign_package(delta_package(5, 6))));
  CHECK(device.months_of_7() == 6);
  device.now += 3 * testing::kOneDay;
  REQUIRE(device.install(sign_package(delta_package(6, 9))));
  CHECK(device.version() == 9);
  CHECK(device.months_of_7() == 9);
  CHECK(device.store.stored().size() == 3);
  device.now += testing::kOneDay;
  REQUIRE(device.install(sign_package(day_package(10))));
  CHECK(device.months_of_7() == 10);
  CHECK(device.store.stored().size() == 1);
  CHECK(std::distance(std::filesystem::directory_iterator(device.home.path() / "packages"), {}) == 3);  // anchor, lock
}

TEST_CASE("after its last day a package still serves, and its lists say that they are over") {
  Handheld device(false);
  const auto file = changed(5, [](auto& package) {
    package.valid_until = package.next_update;
    package.lists[0].expires.reset();
  });
  REQUIRE(device.install(file, house().trust()));
  const auto loaded = device.store.load({});
  REQUIRE(loaded);
  const auto found = loaded->trust.lists.find(testing::kListUri, 7);
  CHECK(found.state->expires == loaded->valid_until);
  CHECK(found.months->expires == loaded->valid_until);
}

TEST_CASE("a file that is no whole package is refused by name, and changes nothing") {
  Handheld device;
  device.now += testing::kOneDay;
  const auto good = sign_package(day_package(6));
  CHECK(device.fault({}) == incomplete);
  CHECK(device.fault(Bytes(good.begin(), good.begin() + 2)) == incomplete);
  CHECK(device.fault(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(good.size() / 2))) == incomplete);
  CHECK(device.fault(Bytes(good.begin(), good.end() - 1)) == incomplete);
  auto longer = good;
  longer.push_back(0);
  CHECK(device.fault(longer) == malformed);
  CHECK(device.fault(Bytes(100, 0x55)) == malformed);
  CHECK(device.fault(Bytes(kMaxSignedPackage + 1)) == too_large);
  CHECK(device.fault(sign_package(day_package(6), house().status, "1.2.3")) == wrong_content);
  const auto other = crypto::sign_object(patent::kOidTrustPackage, Bytes{0x80, 0x01, 0x02}, testing::kHash,
                                         *house().status.certificate, *house().status.key, device.now);
  CHECK(device.fault(*other) == unsupported_version);
  for (std::size_t i = 60; i < good.size(); i += 37) {
    auto bent = good;
    bent[i] ^= 0x10;
    CHECK(device.fault(bent));
  }
  CHECK(device.version() == 5);
  CHECK_FALSE(device.fault(good));
}

TEST_CASE("a package of somebody else is refused by name") {
  Handheld device;
  device.now += testing::kOneDay;
  CHECK(device.fault(sign_package(day_package(6), house().document)) == wrong_purpose);
  const testing::IssuingHouse stranger("Other CSCA");
  CHECK(device.fault(sign_package(day_package(6, stranger), stranger.status)) == foreign_certificate);
  CHECK(device.fault(sign_package(day_package(6), stranger.status)) == untrusted);
  const testing::IssuingHouse abroad("Neighbour CSCA", "KZ", "KAZ");
  Handheld other(false);
  CHECK(other.fault(sign_package(day_package(5, abroad), abroad.status), abroad.trust()) == foreign_state);
  auto signed_data = sign_package(day_package(6));
  signed_data.back() ^= 1;
  CHECK(device.fault(signed_data) == bad_signature);
  CHECK(device.version() == 5);
}

TEST_CASE("a revoked signer's package is refused, whoever says so, and so is one of whom nobody speaks") {
  testing::IssuingHouse own;
  Handheld device(false);
  const auto first = sign_package(day_package(5, own), own.status);
  auto silent = own.trust();
  silent.revocations.clear();
  auto content = day_package(5, own);
  content.revocation_lists.clear();
  CHECK(device.fault(sign_package(content, own.status), silent) == revocation_unknown);
  REQUIRE_FALSE(device.fault(first, own.trust()));
  device.now += testing::kOneDay;
  const auto second = sign_package(day_package(6, own), own.status);
  const auto old_list = *own.revocations;
  own.publish({{own.status.certificate->serial_hex(), at("2026-03-06T00:00:00Z")}});
  CHECK(device.fault(sign_package(day_package(6, own), own.status)) == revoked);  // says it itself
  auto trust = own.trust();
  trust.revocations.push_back(old_list);
  Handheld told(false);
  told.now = device.now;
  CHECK(told.fault(second, trust) == revoked);  // the device knew
  CHECK(device.version() == 5);
}

TEST_CASE("what is in a package is judged before it counts") {
  Handheld device;
  device.now += testing::kOneDay;
  const auto with = [&](const std::function<void(patent::TrustPackage&)>& change) {
    return device.fault(changed(6, change));
  };
  CHECK(with([](auto& p) { p.certificates.push_back({0x30, 0x00}); }) == bad_certificate);
  CHECK(with([](auto& p) { p.revocation_lists.push_back({0x30, 0x00}); }) == bad_revocation_list);
  CHECK(with([](auto& p) { p.cv_certificates.push_back({0x7F, 0x21, 0x00}); }) == bad_cv_certificate);
  CHECK(with([](auto& p) { p.master_lists.push_back({0x30, 0x00}); }) == bad_master_list);
  CHECK(with([](auto& p) { p.policy = "{"; }) == bad_policy);
  CHECK(with([](auto& p) { p.policy = R"({"unheard_of":1})"; }) == bad_policy);
  CHECK(with([](auto& p) { p.regions = "{"; }) == bad_regions);
  CHECK(with([](auto& p) { p.lists[1].entries.set(3, 13); }) == bad_months);
  CHECK(with([](auto& p) { p.lists[1].issued_at += std::chrono::seconds(1); }) == bad_list);
  CHECK(with([](auto& p) { p.lists[1].issued_at -= 2 * testing::kOneDay; }) == older_list);
  const testing::IssuingHouse stranger("Other CSCA");
  CHECK(with([&](auto& p) { p.certificates.push_back(stranger.csca.certificate->der()); }) == foreign_certificate);
  CHECK(with([&](auto& p) { p.certificates.push_back(stranger.status.certificate->der()); }) == foreign_certificate);
  CHECK(with([&](auto& p) { p.revocation_lists.push_back(stranger.revocations->der()); }) == bad_revocation_list);
  CHECK(device.version() == 5);
}

TEST_CASE("a new CSCA comes under a link certificate of the one before, and not alone") {
  const testing::IssuingHouse old;
  testing::IssuingHouse fresh;  // the same name, a new key
  crypto::CertificateRequest request;
  request.role = crypto::CertificateRole::csca_link;
  request.organization = "Test";
  request.common_name = "Test CSCA";
  request.not_before = at("2026-01-01T00:00:00Z");
  request.not_after = at("2035-01-01T00:00:00Z");
  const auto link =
      crypto::issue_certificate(request, fresh.csca.key->public_key(), &*old.csca.certificate, *old.csca.key).value();
  Handheld device(false);
  REQUIRE_FALSE(device.fault(sign_package(day_package(5, old), old.status), old.trust()));
  device.now += testing::kOneDay;
  auto content = day_package(6, fresh);
  CHECK(device.fault(sign_package(content, fresh.status)) == foreign_certificate);
  content.certificates.push_back(link.der());
  REQUIRE_FALSE(device.fault(sign_package(content, fresh.status)));
  const auto loaded = device.store.load({});
  REQUIRE(loaded);
  CHECK(loaded->trust.csca.size() == 3);
  Handheld other;
  other.now += testing::kOneDay;
  CHECK(other.fault(sign_package(content, fresh.status)) == foreign_certificate);  // not its CSCA's link
}

TEST_CASE("versions and times only grow") {
  Handheld device;
  CHECK(device.fault(sign_package(day_package(6))) == from_future);
  device.now += testing::kOneDay;
  CHECK_FALSE(device.fault(sign_package(day_package(6))));
  CHECK(device.fault(sign_package(day_package(5))) == rollback);
  CHECK(device.fault(sign_package(day_package(6))) == rollback);
  device.now += 30 * testing::kOneDay;
  CHECK(device.fault(sign_package(day_package(7))) == expired);
  const auto made_before = changed(36, [](auto& package) {
    package.issued_at = day_package(5).issued_at;
    for (auto& list : package.lists) list.issued_at = package.issued_at;
  });
  CHECK(device.fault(made_before) == older);
  CHECK(device.version() == 6);
}

TEST_CASE("a delta needs exactly its base") {
  Handheld none(false);
  none.now += testing::kOneDay;
  CHECK(none.fault(sign_package(delta_package(5, 6)), house().trust()) == no_base);
  Handheld device;
  device.now += 5 * testing::kOneDay;
  CHECK(device.fault(sign_package(delta_package(4, 6))) == wrong_base);
  CHECK(device.fault(sign_package(delta_package(6, 7))) == wrong_base);
  auto content = delta_package(4, 6);  // it says that it were for version 5, but its lists are not
  content.base_version = 5;
  CHECK(device.fault(sign_package(content)) == wrong_base);
  content = delta_package(5, 6);
  content.deltas[0].pop_back();
  CHECK(device.fault(sign_package(content)) == bad_delta);
  CHECK(device.version() == 5);
  CHECK(device.months_of_7() == 5);
}

TEST_CASE("the first package decides whom a folder trusts") {
  Handheld device(false);
  CHECK(device.fault(sign_package(day_package(5))) == no_anchor);
  CHECK(device.store.load({}).error().fault == no_store);
  REQUIRE_FALSE(device.fault(sign_package(day_package(5)), house().trust()));
  device.now += testing::kOneDay;
  CHECK_FALSE(device.fault(sign_package(day_package(6)), house().trust()));
  const testing::IssuingHouse stranger("Other CSCA");
  CHECK(device.fault(sign_package(day_package(7, stranger), stranger.status), stranger.trust()) != std::nullopt);
  device.now += testing::kOneDay;
  CHECK(device.fault(sign_package(day_package(7, stranger), stranger.status), stranger.trust()) == other_anchor);
}

TEST_CASE("what was changed in the folder is not believed, and a full package mends it") {
  Handheld device;
  device.now += 2 * testing::kOneDay;
  REQUIRE_FALSE(device.fault(sign_package(delta_package(5, 6))));
  const auto folder = device.home.path() / "packages";
  SECTION("a delta under another name") {
    std::filesystem::rename(folder / "6.delta", folder / "8.delta");
    CHECK(device.store.load({}).error().fault == wrong_base);
  }
  SECTION("the full package is gone") {
    std::filesystem::remove(folder / "5.full");
    CHECK(device.store.load({}).error().fault == empty);
  }
  SECTION("a package cut short") {
    std::filesystem::resize_file(folder / "5.full", 200);
    CHECK(device.store.load({}).error().fault == incomplete);
    CHECK(device.store.load({}).error().file.filename() == "5.full");
    CHECK(device.fault(sign_package(delta_package(6, 7))) == incomplete);
  }
  const auto next = device.fault(sign_package(day_package(7)));
  if (device.store.stored().back().version == 8) {
    CHECK(next == rollback);
  } else {
    CHECK_FALSE(next);
    CHECK(device.months_of_7() == 7);
  }
}
