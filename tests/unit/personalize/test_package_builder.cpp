// SPDX-License-Identifier: Apache-2.0
#include "personalize/status/package_builder.hpp"

#include <catch2/catch.hpp>

#include "card/patent/region_profile.hpp"
#include "tests/unit/personalize/ledger_sample.hpp"

namespace {

using namespace personalize;
using std::chrono::hours;

constexpr auto kDay1 = sample::kEnteredAt + hours(3), kDay2 = kDay1 + hours(24), kDay3 = kDay2 + hours(24);

crypto::DomainPlan sample_plan() {
  crypto::DomainPlan plan;
  plan.sample = true;
  return plan;
}

// A status authority with two cards.
class Authority {
public:
  Authority()
      : domain_(crypto::TrustDomain::create(folder_ / "domain", sample_plan(), {}, sample::kEnteredAt).value()),
        signer_(load_signer(domain_, crypto::kStatusSignerKey).value()),
        ledger_(StatusBook::open(folder_ / "ledger.db", MissingDatabase::make, sample::personal_data()).value()) {
    for (const auto& [number, index] : {std::pair("P00000017", 17U), std::pair("P00000025", 25U)}) {
      const auto card = sample::ledger_card(number, index);
      REQUIRE(ledger_->enter(card, sample::kInn, sample::first_record(card)));
    }
  }
  void publish(std::chrono::sys_seconds at) {
    REQUIRE(personalize::publish(*ledger_, signer_, {.at = at}, folder_ / "lists"));
  }
  void pay(const char* number, std::chrono::sys_seconds at) {
    auto status = ledger_->newest_status(number).value().value();
    ++status.sequence;
    ++status.months_paid;
    status.as_of = at;
    REQUIRE(ledger_->add_status(status));
  }
  crypto::Result<BuiltPackage, PackageBuildFailure> build(PackagePlan plan) {
    plan.regions = patent::shipped_regions().to_json();
    return build_package(*ledger_, domain_, signer_, plan);
  }
  [[nodiscard]] reader::Trust trust() const { return reader::load_trust(domain_.trust_folder()).value(); }
  StatusLedger& ledger() { return *ledger_; }

private:
  TemporaryFolder folder_;
  crypto::TrustDomain domain_;
  Signer signer_;
  std::unique_ptr<StatusLedger> ledger_;
};

std::uint8_t months(const reader::InstalledPackage& installed, std::uint32_t index) {
  const auto found = installed.trust.lists.find(sample::kListUri, index).months;
  REQUIRE(found);
  return found->months_paid;
}

}  // namespace

TEST_CASE("a package has what was published, and its delta what changed since") {
  Authority authority;
  authority.publish(kDay1);
  const auto first = authority.build({.at = kDay1});
  REQUIRE(first);
  CHECK(first->content.version == 1);
  CHECK(first->content.lists.size() == 2);
  CHECK(first->content.certificates.size() == 2);  // the CSCA and the seal signer
  CHECK_FALSE(first->content.cv_certificates.empty());

  authority.pay("P00000017", kDay2 - hours(1));
  authority.publish(kDay2);
  const auto change = authority.build({.base = 1, .at = kDay2});
  REQUIRE(change);
  CHECK(change->content.version == 2);
  CHECK(change->content.certificates.empty());
  CHECK(change->content.lists.empty());
  CHECK(change->content.deltas.size() == 2);
  CHECK(change->file.size() < 4000);

  std::vector<reader::SignedPackage> chain;
  chain.push_back(reader::open_package(first->file).value());
  chain.push_back(reader::open_package(change->file).value());
  const auto installed = reader::combine(authority.trust(), std::move(chain), {}, kDay2);
  REQUIRE(installed);
  CHECK(installed->version == 2);
  CHECK(months(*installed, 17) == 2);
  CHECK(months(*installed, 25) == 1);
  CHECK(installed->trust.regions == patent::shipped_regions());
}

TEST_CASE("a version is built again as it was, whole or on another base") {
  Authority authority;
  for (const auto at : {kDay1, kDay2, kDay3}) {
    authority.pay("P00000017", at - hours(1));
    authority.publish(at);
    REQUIRE(authority.build({.at = at}));
  }
  const auto again = authority.build({.version = 2, .at = kDay3});
  REQUIRE(again);
  CHECK(again->content.version == 2);
  CHECK(again->content.issued_at == kDay2);
  for (const std::uint64_t base : {1U, 2U}) {
    const auto change = authority.build({.version = 3, .base = base, .at = kDay3});
    REQUIRE(change);
    auto package = authority.build({.version = base, .at = kDay3})->content;
    REQUIRE(patent::apply_package(package, change->content));
    CHECK(package == authority.build({.version = 3, .at = kDay3})->content);
  }
  CHECK(authority.ledger().last_package().value() == 3);
}

TEST_CASE("what cannot be built is named, and no version is used up") {
  Authority authority;
  const auto fails = [&](const PackagePlan& plan) {
    auto built = authority.build(plan);
    REQUIRE_FALSE(built);
    return std::move(built).error();
  };
  CHECK(std::holds_alternative<NotPublished>(fails({.at = kDay1})));
  authority.publish(kDay1);
  CHECK(std::get<NoSuchPackage>(fails({.base = 1, .at = kDay1})).version == 1);
  CHECK(std::get<NoSuchPackage>(fails({.version = 7, .at = kDay1})).version == 7);
  CHECK(std::get<NotAccepted>(fails({.at = kDay1, .policy = "{"})).fault == reader::PackageFault::bad_policy);
  CHECK(std::holds_alternative<IssuerFailure>(fails({.at = kDay1 + hours(24 * 200)})));  // the signer's time is over
  CHECK(authority.ledger().last_package().value() == 0);
  REQUIRE(authority.build({.at = kDay1}));
  CHECK(std::holds_alternative<NotNewer>(fails({.at = kDay1 - hours(1)})));
  CHECK(authority.ledger().last_package().value() == 1);
}

TEST_CASE("the ledger keeps packages in their order, with lists that were published") {
  Authority authority;
  authority.publish(kDay1);
  PackageEntry entry{.version = 1,
                     .content = {1, 2, 3},
                     .lists = authority.ledger().publications(patent::ListKind::months, sample::kListUri).value()};
  REQUIRE(authority.ledger().add_package(entry));
  CHECK(authority.ledger().package(1).value() == entry);
  CHECK_FALSE(authority.ledger().package(2).value());
  CHECK(authority.ledger().add_package(entry).error().error == LedgerError::wrong_state);
  entry.version = 2;
  entry.lists.front().version = 9;
  CHECK(authority.ledger().add_package(entry).error().error == LedgerError::not_found);
  CHECK(authority.ledger().last_package().value() == 1);
}
