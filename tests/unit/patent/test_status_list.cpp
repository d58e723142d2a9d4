// SPDX-License-Identifier: Apache-2.0
#include "card/patent/status_list.hpp"

#include "crypto/base64.hpp"
#include "tests/unit/patent/random_list.hpp"

using namespace patent;

namespace {

void refused(const std::string& claims, ListError why) {
  const auto list = status_list_from_claims(ListKind::states, claims);
  INFO(claims);
  REQUIRE_FALSE(list);
  CHECK(list.error() == why);
}

}  // namespace

TEST_CASE("a status list comes back from its claims") {
  std::mt19937 random(test_seed());
  for (const auto kind : {ListKind::states, ListKind::months}) {
    auto list = random_list(random, kind, 5000);
    CHECK(status_list_from_claims(kind, to_claims(list)).value() == list);
    CHECK(to_claims(list) == to_claims(status_list_from_claims(kind, to_claims(list)).value()));
    list.expires.reset();
    list.time_to_live.reset();
    list.aggregation_uri.clear();
    CHECK(status_list_from_claims(kind, to_claims(list)).value() == list);
    const auto other = kind == ListKind::states ? ListKind::months : ListKind::states;
    CHECK_FALSE(status_list_from_claims(other, to_claims(list)));
  }
}

TEST_CASE("claims that are no status list are refused by name") {
  const auto lst = crypto::to_base64url(PackedList::zeros(4, 8).value().compress());
  const auto claims = [&](const std::string& list, const std::string& more = R"(,"iat":1700000000)") {
    return R"({"sub":"https://a/1")" + more + R"(,"status_list":)" + list + '}';
  };
  const auto good = R"({"bits":4,"lst":")" + lst + "\"}";
  REQUIRE(status_list_from_claims(ListKind::states, claims(good, R"(,"iat":1,"unknown":[1])")));

  for (const auto* text : {"", "[]", "{}", "{\"sub\":", "null"}) refused(text, ListError::malformed);
  refused(std::string(1000, '['), ListError::malformed);
  refused(claims(good) + "x", ListError::malformed);
  for (const auto* bits : {"0", "3", "16"})
    refused(claims(R"({"bits":)" + std::string(bits) + R"(,"lst":")" + lst + "\"}"), ListError::bad_bits);
  for (const auto* list : {"[]", "{}", R"({"bits":4})", R"({"bits":"4","lst":""})", R"({"bits":-4,"lst":""})",
                           R"({"bits":4,"lst":"="})", R"({"bits":4,"lst":7})"})
    refused(claims(list), ListError::malformed);
  refused(claims(R"({"bits":4,"lst":""})"), ListError::truncated);
  for (const auto* more : {"", R"(,"iat":"1")", R"(,"iat":-1)", R"(,"iat":253402300800)", R"(,"iat":1.5)",
                           R"(,"iat":1,"exp":null)", R"(,"iat":1,"ttl":0)", R"(,"iat":1,"iat":2)"})
    refused(claims(good, more), ListError::malformed);
  refused(R"({"iat":1,"status_list":)" + good + '}', ListError::malformed);
  refused(R"({"sub":"","iat":1,"status_list":)" + good + '}', ListError::malformed);
}
