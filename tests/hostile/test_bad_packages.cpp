// SPDX-License-Identifier: Apache-2.0
// Lists, deltas and packages that are not what they should be: each has its own reason, the reasons differ, and what
// the device says of its cards stays what it was.
#include <catch2/catch.hpp>

#include <set>

#include "crypto/base64.hpp"
#include "tests/unit/reader/signed_packages.hpp"

namespace {

using namespace reader;
using patent::ListKind;
using patent::TrustPackage;
using testing::at;
using testing::day_package;
using testing::delta_package;
using testing::house;
using testing::sign_package;

template <class Change>
Bytes bent(TrustPackage package, const Change& change) {
  change(package);
  return sign_package(package);
}

Bytes cut(Bytes file, std::size_t octets) {
  file.resize(octets);
  return file;
}

struct BadPackage {
  const char* what;
  Bytes file;
  PackageFault reason;
};

// The device has the package of day 5, and it is day 6.
std::vector<BadPackage> bad_packages() {
  using enum PackageFault;
  const auto full = sign_package(day_package(6));
  auto flipped = full;
  flipped.back() ^= 1;
  const testing::IssuingHouse stranger("Other CSCA");
  std::vector<BadPackage> all{
      {"half copied", cut(full, full.size() / 2), incomplete},
      {"not a package", Bytes(64, 0x30), malformed},
      {"signed for something else", sign_package(day_package(6), house().status, "1.2.3.4"), wrong_content},
      {"a wrong signature", flipped, bad_signature},
      {"a key for another purpose", sign_package(day_package(6), house().document), wrong_purpose},
      {"a foreign signer", sign_package(day_package(6), stranger.status), untrusted},
      {"an anchor of its own", sign_package(day_package(6, stranger), stranger.status), foreign_certificate},
      {"a rollback", sign_package(day_package(4)), rollback},
      {"from the future", sign_package(day_package(8)), from_future},
      {"expired", bent(day_package(6), [](auto& p) { p.next_update = p.valid_until = p.issued_at; }), expired},
      {"made before",
       bent(day_package(6),
            [](auto& p) {
              p.issued_at = day_package(3).issued_at;
              for (auto& list : p.lists) list.issued_at = p.issued_at;
            }),
       older},
      {"an older list", bent(day_package(6), [](auto& p) { p.lists[0].issued_at = day_package(3).issued_at; }),
       older_list},
      {"thirteen months", bent(day_package(6), [](auto& p) { p.lists[1].entries.set(9, 13); }), bad_months},
      {"a delta for another package", sign_package(delta_package(3, 6)), wrong_base},
      {"a delta for another list", bent(delta_package(3, 6), [](auto& p) { p.base_version = 5; }), wrong_base},
      {"a delta cut short", bent(delta_package(5, 6), [](auto& p) { p.deltas[1].pop_back(); }), bad_delta},
      {"no JSON for a policy", bent(day_package(6), [](auto& p) { p.policy = "?"; }), bad_policy},
  };
  return all;
}

std::string header(const std::string& algorithm, const std::string& more) {
  return crypto::to_base64url(crypto::as_bytes(R"({"alg":")" + algorithm + R"(","typ":"statuslist+jwt","x5c":[")" +
                                               crypto::to_base64(house().status.certificate->der()) + "\"]" + more +
                                               "}"));
}

struct BadToken {
  const char* what;
  std::string token;
  ListFault reason;
};

std::vector<BadToken> bad_tokens() {
  using enum ListFault;
  const auto list = testing::sample_list(ListKind::states, "2026-03-06T00:00:00Z");
  const auto good = testing::token(list);
  const auto body = good.substr(good.find('.'));
  const auto with = [](const std::string& inside) {
    return testing::token("statuslist+jwt",
                          R"({"sub":"https://status.example/0","iat":1772755200,"status_list":{)" + inside + "}}");
  };
  const auto stream = list.entries.compress();
  const auto lst = [&](std::size_t octets) {
    return "\"lst\":\"" + crypto::to_base64url(crypto::ByteView(stream).first(octets)) + "\"";
  };
  auto flipped = good;
  flipped[good.rfind('.') + 10] = good[good.rfind('.') + 10] == 'A' ? 'B' : 'A';
  auto future = list, past = list, before = list;
  future.issued_at = at("2026-03-09T00:00:00Z");
  past.expires = past.issued_at + std::chrono::hours(1);
  before.issued_at = at("2026-03-02T00:00:00Z");
  const auto longer = crypto::to_base64url([&] {
    auto more = stream;
    more.push_back(0);
    return more;
  }());
  return {{"a wrong signature", flipped, bad_signature},
          {"alg none", header("none", "") + body, wrong_algorithm},
          {"an unknown critical header", header("ES256", R"(,"crit":["b64"])") + body, unknown_critical},
          {"a key for another purpose", testing::token(list, house().document), wrong_purpose},
          {"three bits", with("\"bits\":3," + lst(stream.size())), bad_bits},
          {"a truncated lst", with("\"bits\":4," + lst(stream.size() / 2)), truncated},
          {"an over-long lst", with(R"("bits":4,"lst":")" + longer + '"'), trailing_data},
          {"expired", testing::token(past), expired},
          {"from the future", testing::token(future), from_future},
          {"older than the last seen", testing::token(before), older}};
}

}  // namespace

TEST_CASE("a bad package has its own reason, and changes nothing that the device says") {
  testing::Handheld device;
  device.now += testing::kOneDay;
  const auto before = device.store.load({});
  REQUIRE(before);
  std::set<PackageFault> reasons;
  const auto all = bad_packages();
  for (const auto& bad : all) {
    CAPTURE(bad.what);
    CHECK(device.fault(bad.file) == bad.reason);
    reasons.insert(bad.reason);
    const auto after = device.store.load({});
    REQUIRE(after);
    CHECK(after->version == before->version);
    for (const std::uint32_t index : {0U, 7U, 999U}) {
      const auto was = before->trust.lists.find(testing::kListUri, index);
      const auto is = after->trust.lists.find(testing::kListUri, index);
      CHECK(was.state->state == is.state->state);
      CHECK(was.months->months_paid == is.months->months_paid);
    }
  }
  CHECK(reasons.size() == all.size() - 1);  // two deltas are for another base
  CHECK_FALSE(device.fault(sign_package(day_package(6))));
}

TEST_CASE("a bad list has its own reason, and says nothing of any card") {
  testing::Handheld device;
  const auto loaded = device.store.load({});
  REQUIRE(loaded);
  std::set<ListFault> reasons;
  const auto all = bad_tokens();
  for (const auto& bad : all) {
    CAPTURE(bad.what);
    const auto opened = open_list(bad.token, ListKind::states, testing::kListUri, loaded->trust, {}, device.now);
    REQUIRE_FALSE(opened);
    CHECK(opened.error() == bad.reason);
    reasons.insert(bad.reason);
  }
  CHECK(reasons.size() == all.size());
}

TEST_CASE("a clock that was set back takes no package, and an index out of range is no state") {
  testing::Handheld device;
  device.now = at("2026-03-01T00:00:00Z");
  CHECK(device.fault(sign_package(day_package(6))) == PackageFault::from_future);
  const auto loaded = device.store.load({});
  REQUIRE(loaded);
  const auto found = loaded->trust.lists.find(testing::kListUri, 5'000'000);
  CHECK(found.out_of_range);
  CHECK_FALSE((found.state || found.months));
}
