// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <fstream>
#include <map>

#include "crypto/base64.hpp"
#include "crypto/der.hpp"
#include "crypto/master_list.hpp"
#include "reader/judge/trust.hpp"
#include "tests/conformance/reader/document.hpp"
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
  TemporaryFolder folder;
  write(folder.path() / "policy.json", text);
  const auto policy = load_policy(folder.path() / "policy.json");
  return policy ? std::nullopt : std::optional{policy.error()};
}

}  // namespace

TEST_CASE("a trust folder holds certificates and lists, DER or PEM; other files are left alone") {
  TemporaryFolder folder;
  const auto& csca = house().csca.certificate->der();
  write(folder.path() / "csca.cer", csca);
  write(folder.path() / "again.crt", "a remark\n-----BEGIN CERTIFICATE-----\n" +
                                         crypto::to_base64(csca).insert(64, "\n") + "\n-----END CERTIFICATE-----\n");
  write(folder.path() / "csca.crl", house().revocations->der());
  write(folder.path() / "README", std::string("not a certificate"));
  const auto trust = load_trust(folder.path());
  REQUIRE(trust);
  CHECK(trust->csca.size() == 2);
  CHECK(trust->csca[0].der() == trust->csca[1].der());
  CHECK(trust->revocations.size() == 1);
}

TEST_CASE("a trust folder that is wrong is refused, and the file named") {
  TemporaryFolder folder;
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
  TemporaryFolder folder;
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

TEST_CASE("a master list brings other states' CSCAs when a trusted state's list signer made it, and as no patent's") {
  using namespace simulator;
  namespace der = crypto::der;
  const Holder csca{"CSCA of Tajikistan", &ec_key("P-256", 0), "TJ"}, foreign{"CSCA", &ec_key("P-256", 1), "UZ"};
  const Signing by;
  const auto csca_der = csca_recipe(csca, by).sign(*csca.key, by);
  const auto foreign_der = csca_recipe(foreign, by).sign(*foreign.key, by);
  const auto list_of = [&](std::string_view purpose, const Holder& issuer) {
    auto signer = signer_recipe({"List signer", &ec_key("P-256", 2), "TJ"}, issuer, by);
    signer.drop(extension::kDocumentTypeList);
    signer.extensions.push_back(
        {std::string(extension::kExtendedKeyUsage), true, der::sequence({der::object_identifier(purpose)})});
    const auto content = der::sequence({der::integer(std::uint64_t{0}), crypto::tlv(der::kSet, foreign_der)});
    auto object = sod_recipe(
        {crypto::kOidMasterList, content, crypto::HashAlgorithm::sha256, by, testing::at("2026-03-10T06:00:00Z")},
        signer, signer.sign(*issuer.key, by));
    object.sign(ec_key("P-256", 2), by);
    return object.assemble();
  };
  constexpr std::string_view kListSigner = "2.23.136.1.1.3";
  TemporaryFolder folder;
  write(folder.path() / "csca.cer", csca_der);
  write(folder.path() / "a.ml", list_of(kListSigner, csca));
  const auto trust = load_trust(folder.path());
  REQUIRE(trust);
  CHECK(trust->csca.size() == 1);
  REQUIRE(trust->listed.size() == 1);
  CHECK(trust->listed[0].der() == foreign_der);
  CHECK(for_foreign_documents(*trust).csca.size() == 2);

  const auto error = [&] { return load_trust(folder.path()).error().error; };
  write(folder.path() / "a.ml", list_of("2.23.136.1.1.2", csca));
  CHECK(error() == TrustError::untrusted_master_list);  // whose signer is for something else
  write(folder.path() / "a.ml", list_of(kListSigner, foreign));
  CHECK(error() == TrustError::untrusted_master_list);  // which only its own word vouches for
  auto changed = list_of(kListSigner, csca);
  changed.back() ^= 1;
  write(folder.path() / "a.ml", changed);
  CHECK(error() == TrustError::untrusted_master_list);
  write(folder.path() / "a.ml", std::string("garbage"));
  CHECK(error() == TrustError::bad_master_list);
  write(folder.path() / "a.ml", list_of(kListSigner, csca));
  const auto serial = signer_recipe({"List signer", &ec_key("P-256", 2), "TJ"}, csca, by).serial;
  write(folder.path() / "b.crl", revocation_list(csca, by, {serial}));
  CHECK(error() == TrustError::untrusted_master_list);  // whose signer was revoked
}
