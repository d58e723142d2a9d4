// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <fstream>
#include <map>

#include "reader/inspect/base64.hpp"
#include "reader/judge/trust.hpp"
#include "tests/unit/reader/issuing_house.hpp"

using namespace reader;
using testing::house;

namespace {

void write(const std::filesystem::path& file, crypto::ByteView octets) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
}
void write(const std::filesystem::path& file, const std::string& text) { write(file, crypto::as_bytes(text)); }

std::optional<PolicyError> fault(const std::string& text) {
  testing::TemporaryFolder folder;
  write(folder.path() / "policy.json", text);
  const auto policy = load_policy(folder.path() / "policy.json");
  return policy ? std::nullopt : std::optional{policy.error()};
}

}  // namespace

TEST_CASE("a trust folder holds certificates and lists, DER or PEM; other files are left alone") {
  testing::TemporaryFolder folder;
  const auto& csca = house().csca.certificate->der();
  write(folder.path() / "csca.cer", csca);
  write(folder.path() / "again.crt",
        "a remark\n-----BEGIN CERTIFICATE-----\n" + to_base64(csca).insert(64, "\n") + "\n-----END CERTIFICATE-----\n");
  write(folder.path() / "csca.crl", house().revocations->der());
  write(folder.path() / "README", std::string("not a certificate"));
  const auto trust = load_trust(folder.path());
  REQUIRE(trust);
  CHECK(trust->csca.size() == 2);
  CHECK(trust->csca[0].der() == trust->csca[1].der());
  CHECK(trust->revocations.size() == 1);
}

TEST_CASE("a trust folder that is wrong is refused, and the file named") {
  testing::TemporaryFolder folder;
  CHECK(load_trust(folder.path() / "none").error().error == TrustError::not_found);
  CHECK(load_trust(folder.path()).error().error == TrustError::empty);
  write(folder.path() / "a.cer", std::string("garbage"));
  const auto failure = load_trust(folder.path());
  CHECK(failure.error().error == TrustError::bad_certificate);
  CHECK(failure.error().file.filename() == "a.cer");
  write(folder.path() / "a.cer", house().csca.certificate->der());
  write(folder.path() / "b.crl", std::string("-----BEGIN X509 CRL-----\n????\n-----END X509 CRL-----\n"));
  CHECK(load_trust(folder.path()).error().error == TrustError::bad_revocation_list);
}

TEST_CASE("a policy is read strictly") {
  testing::TemporaryFolder folder;
  write(folder.path() / "policy.json",
        std::string(R"({"status_soft_limit_hours": 12, "status_hard_limit_hours": 48, "utc_offset_minutes": 300,
                        "clock_tolerance_minutes": 5, "territory_oktmo": "45000000", "issuing_states": ["RUS", "BLR"],
                        "sha1_issuers": ["KAZ"]})"));
  const auto policy = load_policy(folder.path() / "policy.json");
  REQUIRE(policy);
  CHECK(policy->status_soft_limit == std::chrono::hours{12});
  CHECK(policy->status_hard_limit == std::chrono::hours{48});
  CHECK(policy->utc_offset == std::chrono::minutes{300});
  CHECK(policy->issuing_states.size() == 2);
  CHECK(policy->sha1_issuers == std::vector<std::string>{"KAZ"});
  CHECK(Policy{}.sha1_issuers.empty());
  CHECK_FALSE(fault("{}"));

  CHECK(load_policy(folder.path() / "none").error() == PolicyError::not_found);
  CHECK(fault("") == PolicyError::not_json);
  CHECK(fault("[]") == PolicyError::not_json);
  CHECK(fault(R"({"utc_offset_minutes": 1, "utc_offset_minutes": 1})") == PolicyError::not_json);
  CHECK(fault(R"({"status_limit": 1})") == PolicyError::unknown_member);
  for (const auto* text : {R"({"status_soft_limit_hours": "24"})", R"({"status_soft_limit_hours": -1})",
                           R"({"status_soft_limit_hours": 96})", R"({"status_hard_limit_hours": 1000000})",
                           R"({"utc_offset_minutes": 1.5})", R"({"clock_tolerance_minutes": 1e99})",
                           R"({"territory_oktmo": "45"})", R"({"issuing_states": []})", R"({"issuing_states": [7]})",
                           R"({"sha1_issuers": "KAZ"})", R"({"sha1_issuers": [""]})"}) {
    INFO(text);
    CHECK(fault(text) == PolicyError::bad_value);
  }
}
