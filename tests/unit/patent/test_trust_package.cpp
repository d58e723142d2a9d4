// SPDX-License-Identifier: Apache-2.0
#include "card/patent/trust_package.hpp"

#include "crypto/tlv.hpp"
#include "tests/unit/patent/random_list.hpp"

using namespace patent;

namespace {

constexpr std::chrono::sys_seconds kMonday{std::chrono::seconds(1'773'014'400)};
constexpr std::chrono::hours kDay{24};

TrustPackage full_package(std::mt19937& random) {
  return {.version = 7,
          .issued_at = kMonday,
          .next_update = kMonday + kDay,
          .valid_until = kMonday + 7 * kDay,
          .certificates = {{0x30, 0x00}, {0x30, 0x01, 0x00}},
          .revocation_lists = {{0x30, 0x00}},
          .cv_certificates = {{0x7F, 0x21, 0x00}},
          .master_lists = {{0x30, 0x80, 0x00, 0x00}},
          .lists = {random_list(random, ListKind::states, 5000), random_list(random, ListKind::months, 5000)},
          .regions = "[]",
          .policy = "{}"};
}

void refused(ByteView octets, PackageError why) {
  const auto decoded = decode_package(octets);
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error() == why);
}

void cannot_be(const TrustPackage& package, PackageError why) { refused(encode_package(package), why); }

}  // namespace

TEST_CASE("a package is read as it was written") {
  std::mt19937 random(test_seed());
  auto package = full_package(random);
  CHECK(decode_package(encode_package(package)).value() == package);
  package.base_version = 6;
  package.deltas = {{0x7F, 0x70, 0x00}};
  package.lists.pop_back();
  package.lists.front().expires.reset();
  package.lists.front().time_to_live.reset();
  package.lists.front().aggregation_uri.clear();
  package.regions.reset();
  package.policy = "";
  CHECK(decode_package(encode_package(package)).value() == package);
  const TrustPackage least{.version = 1};
  CHECK(decode_package(encode_package(least)).value() == least);
}

TEST_CASE("what ends early, goes on or is of another form is no package") {
  std::mt19937 random(test_seed());
  auto package = full_package(random);
  package.lists.clear();
  auto octets = encode_package(package);
  for (std::size_t size = 0; size < octets.size(); ++size) {
    // Between two objects of its end a shorter package is one too: the signature covers the whole.
    if (const auto shorter = decode_package(ByteView(octets).first(size))) CHECK(shorter->master_lists.empty());
  }
  octets.push_back(0x00);
  refused(octets, PackageError::malformed);
  octets.pop_back();
  octets[2] = 2;
  refused(octets, PackageError::unsupported_version);
  refused(Bytes(kMaxPackageOctets + 1), PackageError::too_large);
}

TEST_CASE("a package that contradicts itself is refused") {
  std::mt19937 random(test_seed());
  const auto good = full_package(random);
  const auto with = [&](auto&& change) {
    auto package = good;
    change(package);
    return package;
  };
  using enum PackageError;
  cannot_be(with([](auto& p) { p.version = 0; }), malformed);
  cannot_be(with([](auto& p) { p.base_version = 7; }), malformed);
  cannot_be(with([](auto& p) { p.base_version = 8; }), malformed);
  cannot_be(with([](auto& p) { p.deltas = {{0x7F, 0x70, 0x00}}; }), malformed);
  cannot_be(with([](auto& p) { p.next_update = p.issued_at - kDay; }), malformed);
  cannot_be(with([](auto& p) { p.valid_until = p.issued_at; }), malformed);
  cannot_be(with([](auto& p) { p.lists.push_back(p.lists.front()); }), malformed);
  cannot_be(with([](auto& p) { p.lists.front().uri.clear(); }), malformed);
  cannot_be(with([](auto& p) { p.lists.front().uri.assign(121, 'u'); }), malformed);
  cannot_be(with([](auto& p) { p.lists.front().uri += '\n'; }), malformed);
  cannot_be(with([](auto& p) { p.lists.front().aggregation_uri = "\xC3\x28"; }), malformed);
}

TEST_CASE("a list inside that does not expand is refused, and so are too many that do") {
  std::mt19937 random(test_seed());
  auto package = full_package(random);
  package.lists.resize(1, package.lists.front());
  auto octets = encode_package(package);
  octets.back() ^= 1;  // of the zlib stream's check sum
  refused(octets, PackageError::bad_list);

  const auto uri = package.lists.front().uri;
  package.lists.front().entries = PackedList::zeros(8, kMaxListOctets).value();
  const auto one = encode_package(package);
  CHECK(one.size() < 10000);
  CHECK(decode_package(one));
  package.lists.clear();
  auto many = encode_package(package);
  const auto list = ByteView(one).subspan(many.size());
  for (int i = 0; i < 11; ++i) {
    many.insert(many.end(), list.begin(), list.end());
    const auto name =
        std::search(many.end() - static_cast<std::ptrdiff_t>(list.size()), many.end(), uri.begin(), uri.end());
    *name = static_cast<std::uint8_t>('a' + i);  // another list
  }
  refused(many, PackageError::too_large);
}

TEST_CASE("a delta makes of its base the package that it says") {
  std::mt19937 random(test_seed());
  const auto base = full_package(random);
  auto next_list = base.lists[1];
  next_list.entries.set(17, next_list.entries[17] ^ 1);
  next_list.issued_at += kDay;
  const auto delta = make_delta(base.lists[1], next_list).value();
  TrustPackage change{.version = 9,
                      .base_version = 7,
                      .issued_at = kMonday + kDay,
                      .next_update = kMonday + 2 * kDay,
                      .valid_until = kMonday + 8 * kDay,
                      .revocation_lists = {{0x30, 0x05}},
                      .deltas = {delta}};
  SECTION("applied") {
    auto expected = base;
    expected.version = 9;
    expected.issued_at = change.issued_at;
    expected.next_update = change.next_update;
    expected.valid_until = change.valid_until;
    expected.revocation_lists = change.revocation_lists;
    expected.lists[1] = next_list;
    auto list = base.lists[0];
    list.uri += "/new";
    change.lists = {list};
    expected.lists.push_back(list);
    auto package = base;
    REQUIRE(apply_package(package, change));
    CHECK(package == expected);
  }
  const auto fails = [&](TrustPackage package, PackageChangeError why) {
    const auto applied = apply_package(package, change);
    REQUIRE_FALSE(applied);
    CHECK(applied.error() == why);
  };
  SECTION("another version") {
    auto package = base;
    package.version = 6;
    fails(package, PackageChangeError::wrong_base);
    change.base_version.reset();
    fails(base, PackageChangeError::wrong_base);
  }
  SECTION("another list") {
    auto package = base;
    package.lists[1].entries.set(0, package.lists[1].entries[0] ^ 1);
    fails(package, PackageChangeError::wrong_base);
    package.lists.pop_back();
    fails(package, PackageChangeError::wrong_base);
  }
  SECTION("a broken delta") {
    change.deltas = {Bytes(delta.begin(), delta.end() - 1)};
    fails(base, PackageChangeError::bad_delta);
  }
}
