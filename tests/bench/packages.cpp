// SPDX-License-Identifier: Apache-2.0
// Owns the bounds of trust packages: what a million cards weigh, what a day's changes weigh, and that the changes are
// applied sooner than the whole is loaded.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "card/patent/region_profile.hpp"
#include "crypto/trust_domain.hpp"
#include "reader/judge/signed_package.hpp"
#include "tests/bench/measure.hpp"
#include "tests/temporary_folder.hpp"

namespace {

using crypto::Bytes;
using patent::ListKind;
using patent::StatusList;
using patent::TrustPackage;
using namespace std::chrono_literals;

constexpr auto kAt = std::chrono::sys_days(std::chrono::year{2026} / 3 / 10) + 9h;
constexpr std::size_t kCards = 1'000'000, kChanges = 25'000, kOfState = 500;
constexpr std::size_t kMostFull = 700'000, kMostDelta = 30'000;

int failures = 0;
void check(bool holds, std::string_view what) {
  fmt::print("{} {}\n", holds ? "ok    " : "FAILED", what);
  failures += holds ? 0 : 1;
}

// The least of several, for others use the processor too.
template <class Work>
double cpu_of(Work work) {
  double least = 1e9;
  for (int i = 0; i < 7; ++i) {
    const double begin = cpu_seconds();
    work();
    least = std::min(least, cpu_seconds() - begin);
  }
  return least;
}

// States: 3 % not valid. Months: even over 1 to 12.
StatusList list_of(ListKind kind, std::mt19937& random) {
  constexpr std::array<std::uint8_t, 7> kNotValid{0x1, 0x2, 0x3, 0xC, 0xD, 0xE, 0xF};
  auto entries = patent::PackedList::zeros(patent::kEntryBits, kCards).value();
  for (std::size_t i = 0; i < kCards; ++i) {
    const std::uint8_t state = random() % 100 < 3 ? kNotValid[random() % kNotValid.size()] : 0;
    entries.set(i, kind == ListKind::states ? state : static_cast<std::uint8_t>(1 + random() % 12));
  }
  return {.kind = kind,
          .uri = "https://status.example.org/lists/0",
          .issued_at = kAt,
          .expires = kAt + 72h,
          .time_to_live = 12h,
          .entries = std::move(entries)};
}

// A day later: so many different cards of the list changed, most by one month.
StatusList next_day(StatusList list, std::size_t changes, std::mt19937& random) {
  for (std::vector<bool> changed(kCards); changes != 0;) {
    const std::size_t index = random() % kCards;
    if (changed[index]) continue;
    changed[index] = true;
    --changes;
    const unsigned old = list.entries[index];
    list.entries.set(index,
                     list.kind == ListKind::states ? (old == 0 ? 0xC : 0) : static_cast<std::uint8_t>(old % 12 + 1));
  }
  list.issued_at += 24h;
  list.expires = *list.expires + 24h;
  return list;
}

std::vector<Bytes> read_all(const std::filesystem::path& folder, std::string_view suffix) {
  std::vector<Bytes> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != suffix) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return out;
}

crypto::DomainPlan sample_plan() {
  crypto::DomainPlan plan;
  plan.sample = true;
  return plan;
}

struct Authority {
  explicit Authority(const std::filesystem::path& folder)
      : domain(crypto::TrustDomain::create(folder, sample_plan(), {}, kAt).value()),
        certificate(domain.certificate(crypto::kStatusSignerKey).value()),
        key(domain.vault().signing_key(crypto::kStatusSignerKey).value()) {}
  [[nodiscard]] Bytes sign(const TrustPackage& package) const {
    return crypto::sign_object(patent::kOidTrustPackage, patent::encode_package(package), crypto::HashAlgorithm::sha384,
                               certificate, *key, package.issued_at)
        .value();
  }
  crypto::TrustDomain domain;
  crypto::Certificate certificate;
  std::unique_ptr<crypto::SigningKey> key;
};

TrustPackage whole(const Authority& authority, std::vector<StatusList> lists) {
  return {.version = 1,
          .issued_at = kAt,
          .next_update = kAt + 24h,
          .valid_until = kAt + 168h,
          .certificates = read_all(authority.domain.trust_folder(), ".cer"),
          .revocation_lists = read_all(authority.domain.trust_folder(), ".crl"),
          .cv_certificates = read_all(authority.domain.folder() / "certificates", ".cvcert"),
          .lists = std::move(lists),
          .regions = patent::shipped_regions().to_json(),
          .policy = R"({"status_soft_limit_hours":24,"status_hard_limit_hours":72})"};
}

int run(const std::filesystem::path& folder) {
  std::mt19937 random(20260310);  // the sizes are compared with fixed bounds
  const Authority authority(folder / "domain");
  const std::vector today{list_of(ListKind::states, random), list_of(ListKind::months, random)};
  const std::vector tomorrow{next_day(today[0], kOfState, random), next_day(today[1], kChanges - kOfState, random)};
  const auto base = whole(authority, today);
  auto expected = whole(authority, tomorrow);
  expected.version = 2;
  expected.issued_at += 24h;
  expected.next_update += 24h;
  expected.valid_until += 24h;
  TrustPackage changes{.version = expected.version,
                       .base_version = base.version,
                       .issued_at = expected.issued_at,
                       .next_update = expected.next_update,
                       .valid_until = expected.valid_until};
  for (std::size_t i = 0; i < today.size(); ++i)
    changes.deltas.push_back(patent::make_delta(today[i], tomorrow[i]).value());

  const auto full_file = authority.sign(base), delta_file = authority.sign(changes);
  check(full_file.size() <= kMostFull, fmt::format("a package for a million cards: {} octets", full_file.size()));
  check(delta_file.size() <= kMostDelta,
        fmt::format("a delta package of {} changes: {} octets", kChanges, delta_file.size()));

  const auto known = reader::load_trust(authority.domain.trust_folder()).value();
  const auto open_both = [&] {
    std::vector<reader::SignedPackage> chain;
    chain.push_back(reader::open_package(full_file).value());
    chain.push_back(reader::open_package(delta_file).value());
    return chain;
  };
  const auto installed = reader::combine(known, open_both(), {}, kAt + 25h);
  check(installed && installed->version == 2, "a device takes both");
  auto applied = base;
  check(patent::apply_package(applied, changes) && applied == expected, "what it has then is the next day's whole");

  const double load = cpu_of([&] { static_cast<void>(reader::open_package(full_file).value()); });
  std::vector<TrustPackage> bases(7, base);
  std::size_t next = 0;
  const double apply = cpu_of([&] {
    auto opened = reader::open_package(delta_file).value();
    static_cast<void>(patent::apply_package(bases[next++], std::move(opened.content)));
  });
  check(apply < load, fmt::format("applied in {:.1f} ms, the whole is loaded in {:.1f} ms", apply * 1e3, load * 1e3));
  return failures == 0 ? 0 : 1;
}

}  // namespace

int main() {
  const TemporaryFolder folder;
  return run(folder.path());
}
