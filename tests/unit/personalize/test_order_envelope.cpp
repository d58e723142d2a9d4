// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>

#include "crypto/signature.hpp"
#include "crypto/signed_object.hpp"
#include "personalize/order/order_envelope.hpp"
#include "tests/seed.hpp"
#include "tests/unit/personalize/station.hpp"

using namespace personalize;
using sample::kAt;

namespace {

constexpr std::string_view kEnvelope =
    R"({"schema": "patent-order-envelope/1", "batch_id": "day-1", "counter": 7, "signer": "mmc-1",
        "orders": [{"order_id": "a{\"b"}, {"order_id":  "c"}]})";

std::string signed_text(std::string_view content, std::string_view oid = kOidOrderEnvelope) {
  const auto& signer = sample::domain().signers.document;
  const auto cms = crypto::sign_object(oid, crypto::as_bytes(content), crypto::hash_for(signer.key->curve()),
                                       signer.certificate, *signer.key, kAt);
  REQUIRE(cms);
  return {cms->begin(), cms->end()};
}

OrderSigners signers() {
  OrderSigners out;
  out.emplace("mmc-1", sample::domain().signers.document.certificate);
  return out;
}

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(kEnvelope);
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("an envelope's orders stand in it to the octet", "[intake]") {
  const auto envelope = read_envelope(kEnvelope);
  REQUIRE(envelope);
  CHECK(envelope->batch_id == "day-1");
  CHECK(envelope->counter == 7);
  CHECK(envelope->signer == "mmc-1");
  CHECK(envelope->orders == std::vector<std::string>{R"({"order_id": "a{\"b"})", R"({"order_id":  "c"})"});
}

TEST_CASE("what is not of an envelope's form is refused", "[intake]") {
  using enum EnvelopeFault;
  const auto fault = [](std::string_view text) {
    const auto read = read_envelope(text);
    return read ? std::optional<EnvelopeFault>() : read.error();
  };
  CHECK(fault(replaced("\"counter\": 7", "\"counter\": 0")) == malformed);
  CHECK(fault(replaced("\"counter\": 7", "\"counter\": \"7\"")) == malformed);
  CHECK(fault(replaced("\"counter\": 7", "\"counter\": 7, \"critical\": []")) == malformed);
  CHECK(fault(replaced("\"counter\": 7", "\"counter\": 7, \"counter\": 8")) == not_json);
  CHECK(fault(replaced("day-1", "")) == malformed);
  CHECK(fault(replaced("day-1", "day 1")) == malformed);
  CHECK(fault(replaced("envelope/1", "envelope/2")) == malformed);
  CHECK(fault(replaced("{\"order_id\":  \"c\"}", "7")) == malformed);
  CHECK(fault("\xEF\xBB\xBF" + std::string(kEnvelope)) == byte_order_mark);
  CHECK(fault(std::string(kMaxEnvelope + 1, ' ')) == too_large);
  CHECK(fault("[]") == malformed);
}

TEST_CASE("whatever is left of a torn text is unfinished", "[intake]") {
  for (std::size_t size = 0; size < kEnvelope.size(); ++size) {
    INFO(size);
    CHECK(is_unfinished(kEnvelope.substr(0, size)));
  }
  CHECK_FALSE(is_unfinished(kEnvelope));
  const auto cms = signed_text(kEnvelope);
  for (std::size_t size = 0; size < cms.size(); ++size) CHECK(is_unfinished(std::string_view(cms).substr(0, size)));
  CHECK_FALSE(is_unfinished(cms));
}

TEST_CASE("a signed envelope is its signer's, or nobody's", "[intake]") {
  using enum EnvelopeFault;
  const auto fault = [](const std::string& cms, const OrderSigners& trusted, crypto::Time now = kAt) {
    const auto opened = open_envelope(cms, trusted, now);
    return opened ? std::optional<EnvelopeFault>() : opened.error();
  };
  const auto cms = signed_text(kEnvelope);
  CHECK_FALSE(fault(cms, signers()));
  CHECK(fault(cms, {}) == unknown_signer);
  CHECK(fault(cms, signers(), kAt + std::chrono::years{30}) == signer_expired);
  OrderSigners other;
  other.emplace("mmc-2", sample::domain().signers.document.certificate);
  CHECK(fault(cms, other) == other_signer);
  CHECK(fault(signed_text(kEnvelope, crypto::kOidLdsSecurityObject), signers()) == not_signed);
  CHECK(fault(signed_text("{}"), signers()) == malformed);
}

TEST_CASE("no octet of a signed envelope can be changed", "[intake]") {
  const auto cms = signed_text(kEnvelope);
  std::mt19937 random(test_seed());
  const auto whole = open_envelope(cms, signers(), kAt);
  REQUIRE(whole);
  for (int i = 0; i < 500; ++i) {
    auto changed = cms;
    const auto at = random() % changed.size();
    changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << random() % 8));
    INFO("octet " << at);
    const auto opened = open_envelope(changed, signers(), kAt);
    if (opened) CHECK(opened->sha256 == whole->sha256);  // BER has more than one form for the frame around it
  }
}
