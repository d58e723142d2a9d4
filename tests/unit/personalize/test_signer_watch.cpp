// SPDX-License-Identifier: Apache-2.0
// Cards go on while their signers are renewed: overnight, after many signatures, and when they cannot be.
#include "personalize/issue/signer_watch.hpp"

#include <atomic>
#include <fstream>
#include <thread>

#include "crypto/threaded_engine.hpp"
#include "personalize/audit/chain_signature.hpp"
#include "personalize/floor/blame.hpp"
#include "tests/unit/personalize/station.hpp"

namespace {

using namespace personalize;
using namespace std::chrono_literals;

// Months later, when only the signers of this test have a period that may end.
constexpr crypto::Time kLater = sample::kAt + std::chrono::days{70};

}  // namespace

TEST_CASE("a document signer that ended overnight is renewed before the next card") {
  auto domain = sample::copied_domain("overnight");
  const auto watch = SignerWatch::open(domain, sample::domain().trust).value();
  crypto::ThreadedEngine engine;
  const Issuer issuer(engine, sample::profile(), *watch);
  const auto& first = *watch->at(sample::kAt)->signers;
  REQUIRE(issuer.sign(sample::order(), sample::chip_key(), sample::kAt));
  CHECK(watch->at(sample::kAt)->signers == &first);
  // The order's dates are those of its day: it is signed late.
  const auto late = issuer.sign(sample::order(), sample::chip_key(), kLater);
  const auto& second = *watch->at(kLater)->signers;
  CHECK(&second != &first);
  CHECK(second.document.certificate.not_before() == kLater);
  CHECK(second.status.certificate.not_before() == kLater);
  CHECK_FALSE(watch->failure());
  if (!late) CHECK(late.error().error != IssuerError::period_over);
  CHECK(first.document.key->sign_digest(crypto::Bytes(48)));  // whoever still holds it
}

TEST_CASE("many threads sign while the signers change, each with a key of its certificate") {
  auto domain = sample::copied_domain("busy");
  REQUIRE(domain.limit_signer_use(200));
  const auto certificates = domain.certificates()->size();
  const auto watch = SignerWatch::open(domain, sample::domain().trust).value();
  crypto::ThreadedEngine engine;
  const Issuer issuer(engine, sample::profile(), *watch);
  const auto order = sample::order();
  const auto key = sample::chip_key();
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 30; ++i) good += issuer.sign(order, key, sample::kAt) ? 1 : 0;
      });
  }
  CHECK(good == 120);  // 240 signatures, more than one key has
  CHECK(domain.certificates()->size() > certificates);
}

TEST_CASE("what another program renews is taken before long, though nothing has ended here") {
  auto domain = sample::copied_domain("renewed-elsewhere");
  const auto watch = SignerWatch::open(domain, sample::domain().trust).value();
  const auto retired = watch->at(sample::kAt)->signers->document.certificate.fingerprint();
  auto elsewhere =
      crypto::TrustDomain::open(domain.folder(), crypto::domain_passphrase(domain.folder(), "").value()).value();
  const auto made = [&](crypto::CertificateRole role) { return elsewhere.renew(role, sample::kAt)->fingerprint(); };
  const auto asked_often = [&]() -> const Signers& {
    for (int i = 1; i < 16; ++i) static_cast<void>(watch->at(sample::kAt));
    return *watch->at(sample::kAt)->signers;
  };
  const auto document = made(crypto::CertificateRole::document_signer);
  REQUIRE(document != retired);
  CHECK(asked_often().document.certificate.fingerprint() == document);
  const auto status = made(crypto::CertificateRole::status_signer);
  CHECK(asked_often().status.certificate.fingerprint() == status);
  CHECK(&asked_often() == &asked_often());
  crypto::ThreadedEngine engine;
  const Issuer issuer(engine, sample::profile(), *watch);
  CHECK(issuer.sign(sample::order(), sample::chip_key(), sample::kAt));
}

TEST_CASE("a signer that is revoked under way signs no further card, and its successor does") {
  auto domain = sample::copied_domain("revoked");
  const auto watch = SignerWatch::open(domain, sample::domain().trust).value();
  crypto::ThreadedEngine engine;
  const Issuer issuer(engine, sample::profile(), *watch);
  REQUIRE(issuer.rehearse(sample::order(), sample::kAt));
  REQUIRE(issuer.rehearse(sample::order(), sample::kAt));
  auto elsewhere =
      crypto::TrustDomain::open(domain.folder(), crypto::domain_passphrase(domain.folder(), "").value()).value();
  std::filesystem::create_symlink("an editor's lock", domain.trust_folder() / ".#notes");
  REQUIRE(elsewhere.revoke(watch->present().document.certificate, sample::kAt));
  const auto refused = issuer.rehearse(sample::order(), sample::kAt);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == reader::Reason::signer_revoked);
  CHECK_FALSE(issuer.standing(sample::kAt)->trust->revocations.empty());
  REQUIRE(elsewhere.renew(crypto::CertificateRole::document_signer, sample::kAt));
  for (int i = 1; i < 16; ++i) static_cast<void>(watch->at(sample::kAt));
  CHECK(issuer.rehearse(sample::order(), sample::kAt));
}

TEST_CASE("beside a file of the trust folder that cannot be read nobody signs, and once it is mended everybody does") {
  auto domain = sample::copied_domain("unreadable");
  const auto watch = SignerWatch::open(domain, sample::domain().trust).value();
  crypto::ThreadedEngine engine;
  const Issuer issuer(engine, sample::profile(), *watch);
  const auto signs = [&] { return issuer.sign(sample::order(), sample::chip_key(), sample::kAt).has_value(); };
  REQUIRE(issuer.rehearse(sample::order(), sample::kAt));
  for (const std::string_view name : {"half.crl", "half.cer", "half.ml"}) {
    CAPTURE(name);
    const auto file = domain.trust_folder() / name;
    std::ofstream(file) << "0";
    const auto refused = issuer.rehearse(sample::order(), sample::kAt);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().error == IssuerError::trust_unreadable);
    CHECK(refused.error().subject == file.string());
    CHECK(blame_of(refused.error()) == Blame::station);
    CHECK_FALSE(signs());
    CHECK_FALSE(issuer.draw_seal(sample::order(), sample::kAt));
    sample::fs::remove(file);
    CHECK(signs());
  }
  const auto folder = domain.trust_folder();
  sample::fs::rename(folder, domain.folder() / "gone");
  CHECK_FALSE(signs());
  sample::fs::rename(domain.folder() / "gone", folder);
  CHECK(signs());
}

TEST_CASE("a file that is still being copied into the trust folder is looked at once more") {
  auto domain = sample::copied_domain("copied");
  const auto watch = SignerWatch::open(domain, sample::domain().trust).value();
  const auto list = domain.trust_folder() / "csca.crl", copy = domain.trust_folder() / "copy.crl";
  std::ofstream(copy) << "0";
  const std::jthread copying([&] {
    std::this_thread::sleep_for(50ms);
    sample::fs::copy_file(list, copy, sample::fs::copy_options::overwrite_existing);
  });
  const auto standing = watch->at(sample::kAt);
  REQUIRE(standing);
  CHECK(standing->trust->revocations.size() == 2);
}

TEST_CASE("the audit chain is signed by who is the status signer by then") {
  auto domain = sample::copied_domain("chain");
  const auto watch = SignerWatch::open(domain, sample::domain().trust).value();
  const auto first = signs_chain(watch->present().status), by_watch = signs_chain(*watch);
  const ChainStatement early{"floor-1", {17, {}}, sample::kAt}, late{"floor-1", {18, {}}, kLater};
  CHECK(by_watch(early));
  CHECK_FALSE(by_watch(late));
  REQUIRE(watch->at(kLater)->signers->status.certificate.not_before() == kLater);
  CHECK_FALSE(first(late));
  const auto signature = by_watch(late);
  REQUIRE(signature);
  SignatureJudge judge(sample::domain().trust, kLater);
  CHECK(judge.fault_of({late, *signature}) != SignatureFault::not_signed);
}

TEST_CASE("while the signers cannot be renewed, they sign to their last day and no longer") {
  auto domain = sample::copied_domain("stuck");
  const auto until = domain.document_signer_use()->until;
  const auto watch = SignerWatch::open(domain, sample::domain().trust).value();
  sample::fs::remove(domain.folder() / "certificates" / "csca.cer");
  crypto::OpensslEngine engine;
  const Issuer issuer(engine, sample::profile(), *watch);
  const auto last = issuer.sign(sample::order(), sample::chip_key(), until - 1h);
  CHECK(watch->failure()->error == crypto::CryptoError::not_found);
  if (!last) CHECK(last.error().error != IssuerError::period_over);
  const auto over = issuer.sign(sample::order(), sample::chip_key(), until + 1h);
  REQUIRE_FALSE(over);
  CHECK(over.error().error == IssuerError::period_over);
}
