// SPDX-License-Identifier: Apache-2.0
// A trust domain's ceremony, its renewals and what it refuses.
#include "crypto/trust_domain.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <thread>

#include "crypto/certificate_chain.hpp"
#include "tests/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace crypto;
using namespace std::chrono_literals;

constexpr Time kDay = std::chrono::sys_days(2026y / 3 / 10);

// A folder of its own; with a copy of a domain that is made once, for keys cost time on purpose: a new one, or one
// whose CSCA was renewed an hour later.
class Folder {
public:
  enum class Domain { none, copied, renewed };
  explicit Folder(Domain domain = Domain::none) {
    if (domain == Domain::none) return;
    fs::copy(domain == Domain::copied ? original() : renewed(), this->domain(), fs::copy_options::recursive);
  }
  [[nodiscard]] fs::path domain() const { return folder_ / "domain"; }
  static fs::path original();

private:
  static fs::path renewed();
  TemporaryFolder folder_;
};

DomainPlan small_plan(bool sample = false) {
  DomainPlan plan;
  plan.curve = Curve::secp256r1;
  plan.channel_key = AesKey::aes128;
  plan.sample = sample;
  return plan;
}

Passphrase passphrase() { return Passphrase(std::string_view("a passphrase of tests")); }

fs::path Folder::original() {
  static const Folder folder;
  static const bool made = TrustDomain::create(folder.domain(), small_plan(), passphrase(), kDay).has_value();
  REQUIRE(made);
  return folder.domain();
}

fs::path Folder::renewed() {
  static const Folder folder(Domain::copied);
  static const bool made =
      TrustDomain::open(folder.domain(), passphrase())->renew(CertificateRole::csca_link, kDay + 1h).has_value();
  REQUIRE(made);
  return folder.domain();
}

std::vector<Certificate> trusted(const TrustDomain& domain) {
  std::vector<Certificate> pool;
  for (const auto& entry : fs::directory_iterator(domain.trust_folder())) {
    if (entry.path().extension() != ".cer") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const Bytes der((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (auto one = Certificate::parse(der).value(); one.is_ca()) pool.push_back(std::move(one));
  }
  return pool;
}

mode_t mode_of(const fs::path& file) {
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

}  // namespace

TEST_CASE("a new trust domain holds what the product needs") {
  const Folder folder(Folder::Domain::copied);
  auto domain = TrustDomain::open(folder.domain(), passphrase());
  REQUIRE(domain);
  CHECK_FALSE(domain->is_sample());
  const auto pool = trusted(*domain);
  REQUIRE(pool.size() == 1);
  const auto csca = domain->certificate(kCscaKey).value();
  CHECK(csca.fingerprint() == pool[0].fingerprint());
  CHECK(csca.country() == "RU");
  CHECK(csca.not_before() == kDay);
  CHECK(csca.private_key_not_after() == Time(std::chrono::sys_days(2031y / 3 / 10)));
  CHECK(csca.not_after() == Time(std::chrono::sys_days(2041y / 6 / 10)));
  for (const auto name : {kDocumentSignerKey, kStatusSignerKey}) {
    const auto signer = domain->certificate(name).value();
    CHECK(chain_to(signer, pool));
    CHECK(domain->vault().signing_key(name).value()->public_key().spki == signer.public_key().spki);
  }
  CHECK(domain->certificate(kDocumentSignerKey)->is_document_signer());
  CHECK(domain->certificate(kStatusSignerKey)->is_status_signer());
  for (const auto name : {kScp03TransportKey, kScp03IssuerKey, kLedgerKey}) CHECK(domain->vault().master_key(name));
  CHECK(domain->vault().master_key(kScp03IssuerKey).value()->check_value()->view().size() == 3);
  const auto list = domain->revocation_list().value();
  CHECK(list.number() == 1);
  CHECK(list.entries().empty());
  CHECK(revocation_list_signer(list, pool));
  for (const auto& entry : fs::directory_iterator(folder.domain() / "keys")) CHECK(mode_of(entry.path()) == 0600);
  CHECK(mode_of(folder.domain() / "keys") == 0700);
  CHECK(std::distance(fs::directory_iterator(folder.domain().parent_path()), fs::directory_iterator()) == 1);
}

TEST_CASE("a sample domain opens itself and says what it is in every key's file name") {
  const Folder folder;
  REQUIRE(TrustDomain::create(folder.domain(), small_plan(true), Passphrase(), kDay));
  for (const auto& entry : fs::directory_iterator(folder.domain() / "keys"))
    CHECK(entry.path().filename().string().starts_with(kSamplePrefix));
  auto domain = TrustDomain::open(folder.domain(), domain_passphrase(folder.domain(), "").value());
  REQUIRE(domain);
  CHECK(domain->is_sample());
  CHECK(domain->vault().signing_key(kDocumentSignerKey));
}

TEST_CASE("an existing folder, a wrong passphrase and a missing domain are refused") {
  const Folder folder(Folder::Domain::copied);
  CHECK(TrustDomain::create(folder.domain(), small_plan(), passphrase(), kDay).error().error ==
        CryptoError::already_exists);
  auto wrong = TrustDomain::open(folder.domain(), Passphrase(std::string_view("a passphrase of testz")));
  REQUIRE(wrong);
  CHECK(wrong->vault().signing_key(kCscaKey).error() == CryptoError::locked);
  CHECK(wrong->vault().master_key(kScp03IssuerKey).error() == CryptoError::locked);
  CHECK(wrong->renew(CertificateRole::document_signer, kDay).error().error == CryptoError::locked);
  CHECK(TrustDomain::open(folder.domain() / "keys", passphrase()).error().error == CryptoError::not_found);
  const Folder other;
  CHECK(TrustDomain::create(other.domain(), small_plan(), Passphrase(), kDay).error().error == CryptoError::locked);
  CHECK(fs::is_empty(other.domain().parent_path()));  // nothing half made stays
}

TEST_CASE("a document signer is renewed; the old one still verifies") {
  const Folder folder(Folder::Domain::copied);
  auto domain = TrustDomain::open(folder.domain(), passphrase());
  REQUIRE(domain);
  const auto old = domain->certificate(kDocumentSignerKey).value();
  const Time later = kDay + std::chrono::days(80);
  const auto renewed = domain->renew(CertificateRole::document_signer, later);
  REQUIRE(renewed);
  CHECK(domain->certificate(kDocumentSignerKey)->fingerprint() == renewed->fingerprint());
  CHECK(renewed->public_key().spki != old.public_key().spki);
  CHECK(domain->vault().signing_key(kDocumentSignerKey).value()->public_key().spki == renewed->public_key().spki);
  CHECK(chain_to(old, trusted(*domain)));
  const auto all = domain->certificates().value();
  CHECK(all.size() == 5);
  // After five years the CSCA's key may not certify anybody.
  const Time too_late = kDay + std::chrono::days(5 * 366);
  CHECK(domain->renew(CertificateRole::document_signer, too_late).error().error == CryptoError::bad_state);
}

TEST_CASE("a seal signer is renewed, and readers keep every one: no seal has its signer's certificate in it") {
  const Folder folder(Folder::Domain::copied);
  auto domain = TrustDomain::open(folder.domain(), passphrase());
  REQUIRE(domain);
  const auto old = domain->certificate(kSealSignerKey).value();
  CHECK(old.is_seal_signer());
  CHECK(old.not_after() == Time(std::chrono::sys_days(2028y / 4 / 10)));
  const auto signer = domain->renew(CertificateRole::seal_signer, kDay + 1h);
  REQUIRE(signer);
  CHECK(signer->subject() == old.subject());
  CHECK(signer->serial_hex() != old.serial_hex());
  const auto key = domain->vault().signing_key(kSealSignerKey).value();
  CHECK(key->public_key().spki == signer->public_key().spki);
  CHECK(key->curve() == Curve::secp256r1);  // whatever the domain's is
  std::size_t found = 0;
  for (const auto& entry : fs::directory_iterator(domain->trust_folder()))
    if (entry.path().filename().string().starts_with("seal-signer-")) ++found;
  CHECK(found == 2);
  CHECK(chain_to(old, trusted(*domain)));
}

TEST_CASE("a domain from before visible seals gets a seal signer when it wants one") {
  const Folder folder(Folder::Domain::copied);
  fs::remove(folder.domain() / "certificates" / "seal-signer.cer");
  fs::remove(folder.domain() / "keys" / "seal-signer.p8");
  auto domain = TrustDomain::open(folder.domain(), passphrase());
  REQUIRE(domain);
  CHECK(domain->certificate(kSealSignerKey).error().error == CryptoError::not_found);
  REQUIRE(domain->renew(CertificateRole::seal_signer, kDay + 1h));
  CHECK(domain->certificate(kSealSignerKey)->is_seal_signer());
}

TEST_CASE("a CSCA rolls over: old and new signers verify, the new list covers the old ones") {
  const Folder folder(Folder::Domain::copied);
  auto domain = TrustDomain::open(folder.domain(), passphrase());
  REQUIRE(domain);
  const auto old_csca = domain->certificate(kCscaKey).value();
  const auto old_signer = domain->certificate(kDocumentSignerKey).value();
  REQUIRE(domain->revoke(old_signer, kDay + 1h));
  const auto new_csca = domain->renew(CertificateRole::csca_link, kDay + 24h);
  REQUIRE(new_csca);
  const auto signer = domain->renew(CertificateRole::document_signer, kDay + 25h);
  REQUIRE(signer);
  const auto pool = trusted(*domain);
  REQUIRE(pool.size() == 3);
  CHECK(chain_to(*signer, pool).value().size() == 2);
  CHECK(chain_to(*signer, pool).value()[1].fingerprint() == new_csca->fingerprint());
  CHECK(chain_to(old_signer, pool).value()[1].fingerprint() == old_csca.fingerprint());

  // A reader that knows only the old CSCA and the link certificate gets there too.
  std::vector<Certificate> old_pool;
  for (const auto& one : pool)
    if (one.fingerprint() != new_csca->fingerprint()) old_pool.push_back(one);
  const auto linked = chain_to(*signer, old_pool);
  REQUIRE(linked);
  REQUIRE(linked->size() == 3);
  CHECK(linked->back().fingerprint() == old_csca.fingerprint());

  const auto list = domain->revocation_list().value();
  CHECK(list.number() == 3);
  CHECK(list.revokes(old_signer));
  CHECK_FALSE(list.revokes(*signer));
  CHECK(list.verify_signed_by(*new_csca));
  CHECK_FALSE(list.verify_signed_by(old_csca));
}

TEST_CASE("an interrupted renewal is finished by the next one") {
  const Folder folder(Folder::Domain::renewed);
  auto domain = TrustDomain::open(folder.domain(), passphrase());
  REQUIRE(domain);
  const auto keys = folder.domain() / "keys", certificates = folder.domain() / "certificates";
  const auto old_csca = TrustDomain::open(Folder::original(), passphrase())->certificate(kCscaKey).value();
  const auto successor = domain->certificate(kCscaKey).value();
  std::string serial = old_csca.serial_hex().substr(0, 8);
  std::transform(serial.begin(), serial.end(), serial.begin(), [](unsigned char c) { return std::tolower(c); });

  SECTION("before the keys moved") {
    fs::rename(keys / "csca.p8", keys / "csca-next.p8");
    fs::rename(keys / ("csca-" + serial + ".p8"), keys / "csca.p8");
  }
  SECTION("between the two keys' moves") { fs::rename(keys / "csca.p8", keys / "csca-next.p8"); }
  SECTION("before the certificate moved") {}
  fs::rename(certificates / "csca.cer", certificates / "csca-next.cer");
  fs::copy_file(certificates / ("csca-" + serial + ".cer"), certificates / "csca.cer");

  const auto finished = domain->renew(CertificateRole::csca_link, kDay + 2h);
  REQUIRE(finished);
  CHECK(finished->fingerprint() == successor.fingerprint());
  CHECK(domain->certificate(kCscaKey)->fingerprint() == successor.fingerprint());
  CHECK(domain->vault().signing_key(kCscaKey).value()->public_key().spki == successor.public_key().spki);
  CHECK(domain->renew(CertificateRole::document_signer, kDay + 3h));
  CHECK_FALSE(fs::exists(certificates / "csca-next.cer"));
  CHECK(trusted(*domain).size() == 3);
}

TEST_CASE("what two do to a domain at once is all done, and no number is given twice") {
  const Folder folder(Folder::Domain::copied);
  const auto first_list = TrustDomain::open(folder.domain(), passphrase())->revocation_list()->number();
  const auto at_once = [&](const auto& work) {
    std::vector<std::jthread> threads;
    for (const auto& part : work)
      threads.emplace_back([&folder, part] {
        auto domain = TrustDomain::open(folder.domain(), passphrase());
        part(*domain);
      });
  };
  using Work = std::function<void(TrustDomain&)>;
  at_once(std::vector<Work>{
      [](auto& domain) { (void)domain.revoke(domain.certificate(kStatusSignerKey).value(), kDay + 1h); },
      [](auto& domain) { (void)domain.revoke(domain.certificate(kDocumentSignerKey).value(), kDay + 1h); },
      [](auto& domain) { (void)domain.publish_revocation_list(kDay + 1h); }});
  const auto domain = TrustDomain::open(folder.domain(), passphrase());
  const auto list = domain->revocation_list();
  REQUIRE(list);
  CHECK(list->number() == first_list + 3);
  CHECK(list->entries().size() == 2);

  const Work renew = [](auto& one) { (void)one.renew_cv(kInspectionKey, kDay + 24h); };
  at_once(std::vector<Work>{renew, renew});
  for (const std::string name : {"terminal-inspection", "terminal-inspection-00001", "terminal-inspection-00002"})
    CHECK(domain->cv_certificate(name));
}

TEST_CASE("revocation lists grow, keep their entries and never go back in time") {
  const Folder folder(Folder::Domain::copied);
  auto domain = TrustDomain::open(folder.domain(), passphrase());
  REQUIRE(domain);
  const auto signer = domain->certificate(kStatusSignerKey).value();
  REQUIRE(domain->revoke(signer, kDay + 1h));
  CHECK(domain->revoke(signer, kDay + 2h).error().error == CryptoError::already_exists);
  CHECK(domain->publish_revocation_list(kDay).error().error == CryptoError::bad_state);
  const auto list = domain->publish_revocation_list(kDay + 48h);
  REQUIRE(list);
  CHECK(list->number() == 3);
  REQUIRE(list->entries().size() == 1);
  CHECK(list->entries()[0].since == kDay + 1h);
  CHECK(list->next_update() == kDay + 48h + kRevocationListValidity);
  const Folder other;
  const auto stranger = TrustDomain::create(
      other.domain(),
      [] {
        auto plan = small_plan();
        plan.organization = "Somebody Else";
        return plan;
      }(),
      passphrase(), kDay);
  CHECK(domain->revoke(stranger->certificate(kDocumentSignerKey).value(), kDay + 49h).error().error ==
        CryptoError::bad_state);
}
