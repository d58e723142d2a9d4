// SPDX-License-Identifier: Apache-2.0
// What a trust domain certifies for keys of others, and what it refuses.
#include <catch2/catch.hpp>

#include "crypto/openssl_engine.hpp"
#include "crypto/trust_domain.hpp"
#include "tests/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace crypto;
using namespace std::chrono_literals;

constexpr Time kDay = std::chrono::sys_days(2026y / 3 / 10);
constexpr std::string_view kHolder = "BYHANDHELD00001";
constexpr CvGrant kFingers{CvRole::terminal, {true, false, false}};

// Two neighbours, made once: keys cost time on purpose. Each test asks under a reference of its own.
struct Neighbours {
  TemporaryFolder folder;
  TrustDomain ours = make(folder / "ours", "RU"), theirs = make(folder / "theirs", "BY");

  static TrustDomain make(const fs::path& folder, const std::string& country) {
    DomainPlan plan;
    plan.country = country;
    plan.curve = Curve::secp256r1;
    plan.channel_key = AesKey::aes128;
    plan.sample = true;
    auto made = TrustDomain::create(folder, plan, {}, kDay);
    REQUIRE(made);
    return *std::move(made);
  }
  static Neighbours& get() {
    static Neighbours two;
    return two;
  }
};

Bytes request(std::string_view holder, std::string_view authority = "", std::string_view signer = "") {
  auto made = Neighbours::get().theirs.request_cv(kInspectionKey, holder, authority, signer);
  REQUIRE(made);
  return *std::move(made);
}

CryptoError refusal(const Bytes& request, const CvGrant& grant = kFingers, Time at = kDay) {
  const auto made = Neighbours::get().ours.certify_cv_request(request, grant, at);
  REQUIRE_FALSE(made);
  return made.error().error;
}

std::string text_of(ByteView octets) { return {octets.begin(), octets.end()}; }

}  // namespace

TEST_CASE("A stranger's key gets what was granted, for as long as the issuer holds") {
  const auto& ours = Neighbours::get().ours;
  const auto made = ours.certify_cv_request(request(kHolder, "RUPATDV00001"), kFingers, kDay + 24h * 80);
  REQUIRE(made);
  const auto certificate = parse_cv_certificate(*made);
  REQUIRE(certificate);
  CHECK(text_of(certificate->holder) == kHolder);
  CHECK(text_of(certificate->authority) == "RUPATDV00001");
  CHECK(certificate->rights == kFingers.rights);
  const auto dv = ours.cv_certificate(kDvKey);
  REQUIRE(dv);
  CHECK(certificate->expires == parse_cv_certificate(*dv)->expires);  // sooner than in a month

  OpensslEngine engine;
  const auto cvca = ours.cv_certificate(kCvcaKey);
  REQUIRE(cvca);
  const auto today = std::chrono::floor<std::chrono::days>(kDay + 24h * 80);
  const auto root = cv_trust_point(engine, *parse_cv_certificate(*cvca));
  REQUIRE(root);
  const auto verifier = accept(engine, *root, *parse_cv_certificate(*dv), today);
  REQUIRE(verifier);
  const auto terminal = accept(engine, *verifier, *certificate, today);
  REQUIRE(terminal);
  CHECK(terminal->rights == kFingers.rights);

  CHECK(refusal(request(kHolder)) == CryptoError::already_exists);           // the reference is given once,
  CHECK(refusal(request("RUPATINSP00001")) == CryptoError::already_exists);  // our own terminals' among them
}

TEST_CASE("What the issuer has not, it does not give") {
  const Bytes asked = request("BYHANDHELD00002");
  CHECK(refusal(asked, {CvRole::terminal, {true, true, false}}) == CryptoError::bad_state);  // irises
  CHECK(refusal(asked, {CvRole::cvca, {}}) == CryptoError::bad_state);
  CHECK(refusal(asked, kFingers, kDay - 24h) == CryptoError::bad_state);
  CHECK(refusal(asked, kFingers, kDay + 24h * 100) == CryptoError::bad_state);
  CHECK(refusal(request("BYHANDHELD00002", "RUPATDV00002")) == CryptoError::bad_state);  // meant for another
  CHECK(refusal(request("BYHANDHELD00002", "RUPATDV00001"), {CvRole::dv_foreign, {}}) == CryptoError::bad_state);
}

TEST_CASE("Both signatures of a request are verified") {
  Bytes forged = request("BYHANDHELD00003");
  forged.back() ^= 0x01;
  CHECK(refusal(forged) == CryptoError::bad_signature);
  CHECK(refusal(request("BYHANDHELD00003", "", kStatusTerminalKey)) == CryptoError::not_found);  // unknown to us

  // Their status terminal gets a certificate here; then its key may vouch for another.
  const auto& two = Neighbours::get();
  const auto own = two.theirs.request_cv(kStatusTerminalKey, "BYPATSTAT00001", "", "");
  REQUIRE(own);
  REQUIRE(two.ours.certify_cv_request(*own, {}, kDay));
  Bytes vouched = request("BYHANDHELD00003", "", kStatusTerminalKey);
  Bytes torn = vouched;
  torn.back() ^= 0x01;  // the outer signature
  CHECK(refusal(torn) == CryptoError::bad_signature);
  CHECK(two.ours.certify_cv_request(vouched, kFingers, kDay));
}

TEST_CASE("A holder that is no reference names no file") {
  const auto& theirs = Neighbours::get().theirs;
  for (const auto* holder :
       {"", "BY00001x", "by00001", "BY0001", "BYHANDHELDSX00001", "BY../../00001", "BYHANDHELD0000A"})
    CHECK(theirs.request_cv(kInspectionKey, holder, "", "").error().error == CryptoError::bad_encoding);
  CHECK(refusal(Bytes(100, 0x7F)) == CryptoError::bad_encoding);
}
