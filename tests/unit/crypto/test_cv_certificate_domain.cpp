// SPDX-License-Identifier: Apache-2.0
// A trust domain's tree of CV certificates: its roll-over, and a renewal that a power cut interrupted.
#include <catch2/catch.hpp>

#include "crypto/cv_certificate_make.hpp"
#include "crypto/openssl_engine.hpp"
#include "crypto/trust_domain.hpp"
#include "tests/temporary_folder.hpp"

using namespace crypto;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

TEST_CASE("a domain's terminals are under its CVCA, before and after a roll-over and a power cut") {
  constexpr Time kDay = std::chrono::sys_days(2026y / 3 / 10);
  const TemporaryFolder folder;
  DomainPlan plan;
  plan.curve = Curve::secp256r1;
  auto domain =
      TrustDomain::create(folder / "domain", plan, Passphrase(std::string_view("a passphrase of tests")), kDay);
  REQUIRE(domain);
  OpensslEngine engine;
  const auto accepted = [&](const CvHolder& issuer, std::string_view certificate, Time at) {
    const Bytes octets = domain->cv_certificate(certificate).value();
    return accept(engine, issuer, parse_cv_certificate(octets).value(), std::chrono::floor<std::chrono::days>(at));
  };
  const Bytes cvca = domain->cv_certificate(kCvcaKey).value();
  const CvHolder anchor = cv_trust_point(engine, parse_cv_certificate(cvca).value()).value();
  const CvHolder dv = accepted(anchor, kDvKey, kDay).value();
  CHECK(accepted(dv, kInspectionKey, kDay)->rights == CvRights{true, false, false});
  CHECK(accepted(dv, kStatusTerminalKey, kDay)->rights == CvRights{false, false, true});
  CHECK(domain->renew_cv(kDocumentSignerKey, kDay).error().error == CryptoError::not_found);

  const Time later = kDay + std::chrono::days(20);
  REQUIRE(domain->renew_cv(kCvcaKey, later));
  REQUIRE(domain->renew_cv(kDvKey, later));
  const CvHolder next = accepted(anchor, "cvca-link-00002", later).value();
  CHECK(accepted(anchor, kDvKey, later).error() == CryptoError::not_found);
  CHECK(accepted(next, kDvKey, later).has_value());

  // Power fails when the new key is in its place and the new certificate is not.
  const fs::path certificates = domain->folder() / "certificates";
  fs::rename(certificates / "dv.cvcert", certificates / "dv-next.cvcert");
  fs::copy_file(certificates / "dv-00001.cvcert", certificates / "dv.cvcert");
  REQUIRE(domain->renew_cv(kDvKey, later));
  const CvHolder finished = accepted(next, kDvKey, later).value();
  CHECK(std::ranges::equal(finished.reference.view(), as_bytes("RUPATDV00002")));
  CHECK(std::ranges::equal(finished.key.point.view(),
                           cv_key_of(*domain->vault().signing_key(kDvKey).value())->point.view()));
}
