// SPDX-License-Identifier: Apache-2.0
// A card from keys that are in an HSM: nothing of issuance knows the difference, and no private key is ever a file.
#include "tests/softhsm.hpp"
#include "tests/unit/personalize/station.hpp"

namespace {

sample::Domain hsm_domain() {
  crypto::DomainPlan plan;
  plan.token = SoftHsm::of_process().new_token();
  REQUIRE_FALSE(plan.token->label.empty());
  auto domain = crypto::TrustDomain::create(sample::workplace() / "hsm", plan, SoftHsm::pin(), sample::kAt);
  REQUIRE(domain);
  auto signers = personalize::load_signers(*domain);
  auto trust = reader::load_trust(domain->trust_folder());
  auto transport = domain->vault().master_key(crypto::kScp03TransportKey);
  auto issuer = domain->vault().master_key(crypto::kScp03IssuerKey);
  REQUIRE((signers && trust && transport && issuer));
  return {*std::move(domain), *std::move(signers), *std::move(trust), *std::move(transport), *std::move(issuer)};
}

}  // namespace

TEST_CASE("a card is issued from keys in a token, and accepted by the reader") {
  auto domain = hsm_domain();
  CHECK(sample::fs::is_empty(domain.domain.folder() / "keys"));
  const auto blank = sample::blank("hsm.card", 0x77, *domain.transport);
  sample::Station station("hsm-journal", domain);
  const auto receipt = station.issue(sample::order(), sample::power(blank));
  REQUIRE(receipt);
  CHECK(domain.domain.document_signer_use()->used > 0);
  CHECK(sample::fs::is_empty(domain.domain.folder() / "keys"));
}
