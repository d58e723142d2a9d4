// SPDX-License-Identifier: Apache-2.0
#include <zlib.h>

#include <catch2/catch.hpp>

#include "crypto/base64.hpp"
#include "tests/unit/reader/signed_lists.hpp"

using namespace reader;
using patent::ListKind;
using testing::at;
using testing::house;
using testing::sample_list;
using testing::token;

namespace {

const auto kNow = at("2026-03-11T00:00:00Z");

std::optional<ListFault> fault(const std::string& text, const Trust& trust = house().trust(), crypto::Time now = kNow,
                               std::string_view uri = testing::kListUri, ListKind kind = ListKind::states) {
  const auto opened = open_list(text, kind, uri, trust, {}, now);
  return opened ? std::nullopt : std::optional(opened.error());
}

std::string with_header(const std::string& header, const std::string& of) {
  return crypto::to_base64url(crypto::as_bytes(header)) + of.substr(of.find('.'));
}

std::string claims(const std::string& inside) {
  return R"({"sub":"https://status.example/0","iat":1773100000,"status_list":{)" + inside + "}}";
}

std::string claims(unsigned bits, crypto::ByteView lst) {
  return claims("\"bits\":" + std::to_string(bits) + R"(,"lst":")" + crypto::to_base64url(lst) + '"');
}

}  // namespace

TEST_CASE("a list of a trusted status signer opens") {
  for (const auto kind : {ListKind::states, ListKind::months}) {
    const auto list = sample_list(kind);
    const auto opened = open_list(token(list), kind, testing::kListUri, house().trust(), {}, kNow);
    REQUIRE(opened);
    CHECK(opened->list == list);
    CHECK(opened->signer.der() == house().status.certificate->der());
  }
}

TEST_CASE("a token that is no signed list is refused by name") {
  const auto good = token(sample_list(ListKind::states));
  CHECK(fault("") == ListFault::malformed);
  CHECK(fault("a.b") == ListFault::malformed);
  CHECK(fault(good.substr(0, good.rfind('.'))) == ListFault::malformed);
  CHECK(fault(token(sample_list(ListKind::months))) == ListFault::wrong_type);
  const auto der = crypto::to_base64(house().status.certificate->der());
  const auto header = [&](const std::string& alg, const std::string& more) {
    return R"({"alg":")" + alg + R"(","typ":"statuslist+jwt")" + more + "}";
  };
  const auto x5c = R"(,"x5c":[")" + der + "\"]";
  CHECK(fault(with_header(header("none", x5c), good)) == ListFault::wrong_algorithm);
  CHECK(fault(with_header(header("none", x5c), good.substr(0, good.rfind('.') + 1))) == ListFault::wrong_algorithm);
  CHECK(fault(with_header(header("ES384", x5c), good)) == ListFault::wrong_algorithm);
  CHECK(fault(with_header(header("HS256", x5c), good)) == ListFault::wrong_algorithm);
  CHECK(fault(with_header(header("ES256", x5c + R"(,"crit":["exp"])"), good)) == ListFault::unknown_critical);
  CHECK(fault(with_header(header("ES256", ""), good)) == ListFault::no_signer);
  CHECK(fault(with_header(header("ES256", x5c + R"(,"kid":"1")"), good)) == ListFault::bad_signature);
  auto other = good;
  other[good.find('.') + 40] ^= 1;
  CHECK(fault(other) == ListFault::bad_signature);
}

TEST_CASE("a list of somebody else is refused by name") {
  const auto list = sample_list(ListKind::states);
  CHECK(fault(token(list, house().document)) == ListFault::wrong_purpose);
  const testing::IssuingHouse stranger("Other CSCA");
  CHECK(fault(token(list, stranger.status)) == ListFault::untrusted);
  const testing::IssuingHouse namesake;  // the same name, another key
  CHECK(fault(token(list, namesake.status)) == ListFault::untrusted);
  const testing::IssuingHouse abroad("Neighbour CSCA", "KZ", "KAZ");
  CHECK(fault(token(list, abroad.status), abroad.trust()) == ListFault::foreign_state);
  auto early = list;
  early.issued_at = at("2025-12-31T00:00:00Z");
  CHECK(fault(token(early)) == ListFault::not_in_office);
  early.issued_at = at("2027-01-01T00:00:00Z");  // the certificate is valid, the key's use is over
  CHECK(fault(token(early), house().trust(), at("2027-01-02T00:00:00Z")) == ListFault::not_in_office);
}

TEST_CASE("a list of a signer who is revoked, or of whom nobody knows, is refused by name") {
  testing::IssuingHouse own;
  const auto text = token(sample_list(ListKind::states), own.status);
  CHECK_FALSE(fault(text, own.trust()));
  auto unknown = own.trust();
  unknown.revocations.clear();
  CHECK(fault(text, unknown) == ListFault::revocation_unknown);
  own.publish({{own.status.certificate->serial_hex(), at("2026-03-09T00:00:00Z")}});
  CHECK(fault(text, own.trust()) == ListFault::revoked);
}

TEST_CASE("claims that are no list are refused by name") {
  const auto with = [](const std::string& text) { return fault(token("statuslist+jwt", text)); };
  const auto entries = patent::PackedList::zeros(4, 100)->compress();
  CHECK_FALSE(with(claims(4, entries)));
  CHECK(with("[]") == ListFault::bad_claims);
  CHECK(with(claims("\"bits\":4")) == ListFault::bad_claims);
  CHECK(with(claims(R"("bits":4,"lst":"=")")) == ListFault::bad_claims);
  for (const unsigned bits : {0U, 3U, 5U, 16U, 4294967295U}) CHECK(with(claims(bits, entries)) == ListFault::bad_bits);
  CHECK(with(claims(4, {})) == ListFault::truncated);
  CHECK(with(claims(4, crypto::ByteView(entries).first(entries.size() - 1))) == ListFault::truncated);
  auto longer = entries;
  longer.push_back(0);
  CHECK(with(claims(4, longer)) == ListFault::trailing_data);
  auto broken = entries;
  broken.back() ^= 1;
  CHECK(with(claims(4, broken)) == ListFault::corrupt);
  CHECK(with(claims(4, crypto::as_bytes("PK"))) == ListFault::corrupt);
}

TEST_CASE("a bomb is refused by name") {
  const crypto::Bytes zeros(patent::kMaxListOctets + 1);
  crypto::Bytes bomb(compressBound(zeros.size()));
  uLongf size = bomb.size();
  REQUIRE(compress(bomb.data(), &size, zeros.data(), zeros.size()) == Z_OK);
  bomb.resize(size);
  CHECK(bomb.size() < 10000);
  CHECK(fault(token("statuslist+jwt", claims(8, bomb))) == ListFault::too_large);
}

TEST_CASE("a list for another time or of another name is refused by name") {
  const auto list = sample_list(ListKind::states);
  const auto text = token(list);
  CHECK(fault(text, house().trust(), kNow, "https://status.example/1") == ListFault::wrong_name);
  CHECK(fault(text, house().trust(), list.issued_at - std::chrono::minutes(11)) == ListFault::from_future);
  CHECK_FALSE(fault(text, house().trust(), list.issued_at - std::chrono::minutes(9)));
  CHECK(fault(text, house().trust(), *list.expires) == ListFault::expired);
  CHECK_FALSE(fault(text, house().trust(), *list.expires - std::chrono::seconds(1)));
  auto trust = house().trust();
  REQUIRE(trust.lists.put(sample_list(ListKind::states, "2026-03-10T00:00:01Z")));
  CHECK(fault(text, trust) == ListFault::older);
  CHECK_FALSE(fault(token(sample_list(ListKind::months)), trust, kNow, "", ListKind::months));
}

TEST_CASE("a paid list with thirteen months is refused by name") {
  auto list = sample_list(ListKind::months);
  list.entries.set(5, 13);
  CHECK(fault(token(list), house().trust(), kNow, "", ListKind::months) == ListFault::bad_months);
}
