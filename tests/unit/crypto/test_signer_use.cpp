// SPDX-License-Identifier: Apache-2.0
// The count of a document signer's uses, and its giving way to a successor by itself.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "crypto/trust_domain.hpp"
#include "crypto/use_counter.hpp"
#include "tests/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace crypto;
using namespace std::chrono_literals;

constexpr Time kDay = std::chrono::sys_days(2026y / 3 / 10);
const Bytes kDigest(32, 0x5A);

// A copy of a domain that is made once.
struct CopiedDomain {
  TemporaryFolder folder;
  TrustDomain domain;
  CopiedDomain() : domain(open(folder.path() / "domain")) {}

  static TrustDomain open(const fs::path& to) {
    static const TemporaryFolder original;
    static const bool made = [] {
      DomainPlan plan;
      plan.curve = Curve::secp256r1;
      plan.sample = true;
      return TrustDomain::create(original.path() / "domain", plan, Passphrase(), kDay).has_value();
    }();
    REQUIRE(made);
    fs::copy(original.path() / "domain", to, fs::copy_options::recursive);
    return TrustDomain::open(to, domain_passphrase(to, "").value()).value();
  }
};

}  // namespace

TEST_CASE("uses are counted in blocks that are kept before they are used") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "use" / "signer.count";
  CHECK(read_use_count(file) == 0U);
  UseCounter counter(file, 1000);
  REQUIRE(counter.take());
  CHECK(read_use_count(file) == kUsesAtOnce);
  for (std::uint64_t i = 1; i < kUsesAtOnce; ++i) REQUIRE(counter.take());
  CHECK(read_use_count(file) == kUsesAtOnce);
  REQUIRE(counter.take());
  CHECK(read_use_count(file) == 2 * kUsesAtOnce);
  // Another one, as after a crash: what was reserved is counted, used or not.
  UseCounter after(file, 1000);
  REQUIRE(after.take());
  CHECK(read_use_count(file) == 3 * kUsesAtOnce);
}

TEST_CASE("no use is given beyond the limit, or when it cannot be counted") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "signer.count";
  UseCounter counter(file, 70), other(file, 70);
  for (int i = 0; i < 64; ++i) REQUIRE(counter.take());
  for (int i = 0; i < 6; ++i) REQUIRE(other.take());
  CHECK(counter.take().error() == CryptoError::expired);
  CHECK(other.take().error() == CryptoError::expired);
  CHECK(read_use_count(file) == 70U);
  for (const std::string_view bad : {"", "7", "x\n", "-1\n", "7 \n", "7\n8\n", "99999999999999999999999\n"}) {
    std::ofstream(file, std::ios::trunc) << bad;
    CHECK(UseCounter(file, 70).take().error() == CryptoError::bad_encoding);
  }
  CHECK(UseCounter("/proc/none/signer.count", 70).take().error() == CryptoError::storage);
}

TEST_CASE("threads and processes never use a number twice, killed or not") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "signer.count", uses = folder.path() / "uses";
  constexpr int kProcesses = 4;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      UseCounter counter(file, 1'000'000);
      std::ofstream out(uses, std::ios::app);
      for (int n = 0; n < 100 + 37 * i; ++n)
        if (counter.take()) out << '.' << std::flush;
      ::_exit(0);  // in the middle of a block
    }
    children.push_back(child);
  }
  for (const pid_t child : children) REQUIRE(::waitpid(child, nullptr, 0) == child);
  const auto used = fs::file_size(uses);
  CHECK(used == 100 + 137 + 174 + 211);
  CHECK(read_use_count(file).value() >= used);
  CHECK(read_use_count(file).value() < used + kProcesses * kUsesAtOnce);
}

TEST_CASE("only the document signer's key is counted, each successor's anew") {
  CopiedDomain of;
  auto& domain = of.domain;
  CHECK(domain.document_signer_use()->used == 0);
  CHECK(domain.document_signer_use()->limit == kSignerUses);
  CHECK(domain.document_signer_use()->until == Time(std::chrono::sys_days(2026y / 6 / 10)));
  REQUIRE(domain.signing_key(kStatusSignerKey).value()->sign_digest(kDigest));
  CHECK(domain.document_signer_use()->used == 0);
  const auto key = domain.signing_key(kDocumentSignerKey);
  REQUIRE(key);
  REQUIRE((*key)->sign_digest(kDigest));
  CHECK(domain.document_signer_use()->used == kUsesAtOnce);
  REQUIRE(domain.renew(CertificateRole::document_signer, kDay + 1h));
  CHECK(domain.document_signer_use()->used == 0);
  REQUIRE(domain.limit_signer_use(3));
  const auto successor = domain.signing_key(kDocumentSignerKey).value();
  for (int i = 0; i < 3; ++i) CHECK(successor->sign_digest(kDigest));
  CHECK(successor->sign_digest(kDigest).error() == CryptoError::expired);
  CHECK(domain.signing_key("absent").error().error == CryptoError::not_found);
}

TEST_CASE("signers whose days or uses are nearly over give way by themselves, once") {
  CopiedDomain of;
  auto& domain = of.domain;
  const auto first = domain.certificate(kDocumentSignerKey)->fingerprint();
  CHECK(domain.roll_over(kDay + 1h) == false);
  CHECK(domain.roll_over(std::chrono::sys_days(2026y / 6 / 8)) == false);
  CHECK(domain.certificate(kDocumentSignerKey)->fingerprint() == first);

  const Time last_day = std::chrono::sys_days(2026y / 6 / 9) + 1h;
  CHECK(domain.roll_over(last_day) == true);
  CHECK(domain.roll_over(last_day) == false);
  const auto second = domain.certificate(kDocumentSignerKey).value();
  CHECK(second.fingerprint() != first);
  CHECK(second.valid_at(last_day));
  CHECK(domain.certificate(kStatusSignerKey)->not_before() == last_day);

  REQUIRE(domain.limit_signer_use(1000));
  const auto key = domain.signing_key(kDocumentSignerKey).value();
  for (int i = 0; i < 880; ++i) REQUIRE(key->sign_digest(kDigest));
  CHECK(domain.roll_over(last_day + 1h) == false);
  for (int i = 0; i < 60; ++i) REQUIRE(key->sign_digest(kDigest));
  CHECK(domain.roll_over(last_day + 1h) == true);
  CHECK(domain.certificate(kDocumentSignerKey)->fingerprint() != second.fingerprint());
  CHECK(domain.certificate(kStatusSignerKey)->not_before() == last_day);
  // So late, it is a clock that runs ahead, or a station that slept: a person renews. The CSCA may certify nobody after
  // five years.
  const Time late = kDay + std::chrono::days(5 * 366);
  CHECK(domain.roll_over(late) == false);
  CHECK(domain.renew(CertificateRole::document_signer, late).error().error == CryptoError::bad_state);
}

TEST_CASE("renewals by several at once follow each other, and every key is its certificate's") {
  CopiedDomain of;
  const auto folder = of.domain.folder();
  const auto before = of.domain.certificates()->size();
  std::atomic<int> renewed = 0;
  {
    std::vector<std::jthread> stations;
    for (int i = 0; i < 2; ++i)
      stations.emplace_back([&] {
        auto domain = TrustDomain::open(folder, domain_passphrase(folder, "").value()).value();
        for (int n = 0; n < 2; ++n) renewed += domain.renew(CertificateRole::document_signer, kDay + 1h) ? 1 : 0;
      });
  }
  CHECK(renewed == 4);
  const auto certificates = of.domain.certificates().value();
  CHECK(certificates.size() == before + 4);
  for (const auto& [name, certificate] : certificates)
    if (name.starts_with(kDocumentSignerKey))
      CHECK(of.domain.vault().signing_key(name).value()->public_key().spki == certificate.public_key().spki);
}
