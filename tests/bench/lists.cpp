// SPDX-License-Identifier: Apache-2.0
// Owns the bounds of status lists: building, signing, loading, looking up and patching, each against what the bare
// libraries take for the same octets, in one run.
#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <random>

#include "card/patent/trust_package.hpp"
#include "crypto/signature.hpp"
#include "crypto/signed_token.hpp"
#include "personalize/issue/issuer.hpp"
#include "tests/bench/measure.hpp"
#include "tests/temporary_folder.hpp"

namespace {

using crypto::Bytes;
using patent::ListKind;
using patent::PackedList;
using patent::StatusList;

constexpr std::size_t kCards = 10'000'000;
constexpr std::size_t kShard = 1'000'000;
constexpr std::size_t kChanges = 25'000;
constexpr std::chrono::sys_seconds kAt{std::chrono::sys_days{std::chrono::year{2026} / 3 / 10}};

struct Compared {
  double ours, least;
  [[nodiscard]] double ratio() const { return ours / least; }
};
// In turns, so that a slow moment meets both; the best of each counts, for what else the machine does only slows.
template <class Ours, class Least>
Compared compare(const Ours& ours, const Least& least) {
  constexpr int kLeastRounds = 3;
  constexpr double kLeastSeconds = 3;
  const auto best = [](double so_far, const auto& work) {
    const auto begin = cpu_seconds();
    work();
    return std::min(so_far, cpu_seconds() - begin);
  };
  Compared times{std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
  const auto begin = cpu_seconds();
  for (int round = 0; round < kLeastRounds || cpu_seconds() - begin < kLeastSeconds; ++round)
    times = {best(times.ours, ours), best(times.least, least)};
  return times;
}

// KiB, from the kernel's own account.
std::size_t memory(std::string_view field) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(field)) return std::stoul(line.substr(field.size()));
  return 0;
}
void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

// What stands in a list of this kind: 3 % of the cards are not valid; months are even over 1 to 12.
std::uint8_t entry(ListKind kind, std::mt19937& random) {
  const auto drawn = random();
  if (kind == ListKind::months) return static_cast<std::uint8_t>(1 + drawn % 12);
  return drawn % 100 < 3 ? static_cast<std::uint8_t>(0xC + drawn / 100 % 4) : std::uint8_t{0};
}

StatusList made_list(ListKind kind, std::size_t cards, unsigned seed) {
  StatusList list{.kind = kind,
                  .uri = "https://status.example/lists/0",
                  .issued_at = kAt,
                  .expires = kAt + std::chrono::hours(72),
                  .time_to_live = std::chrono::hours(12),
                  .entries = *must(PackedList::zeros(patent::kEntryBits, cards))};
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < cards; ++i) list.entries.set(i, entry(kind, random));
  return list;
}

Bytes deflated(crypto::ByteView octets) {
  uLongf size = compressBound(octets.size());
  Bytes out(size);
  if (compress2(out.data(), &size, octets.data(), octets.size(), Z_BEST_COMPRESSION) != Z_OK) std::abort();
  out.resize(size);
  return out;
}

void inflate_into(Bytes& out, const Bytes& compressed) {
  uLongf size = out.size();
  if (uncompress(out.data(), &size, compressed.data(), compressed.size()) != Z_OK || size != out.size()) std::abort();
}

bool judge(std::string_view what, const Compared& times, double bound) {
  const bool good = times.ratio() <= bound;
  fmt::print("{}: {:.2f} ms against {:.2f} ms, ratio {:.2f} of at most {:.2f}{}\n", what, times.ours * 1e3,
             times.least * 1e3, times.ratio(), bound, good ? "" : " OUT OF BOUNDS");
  return good;
}
bool judge(std::string_view what, std::size_t octets, std::size_t bound) {
  fmt::print("{}: {} octets of at most {}{}\n", what, octets, bound, octets <= bound ? "" : " OUT OF BOUNDS");
  return octets <= bound;
}

std::string_view name_of(ListKind kind) { return kind == ListKind::states ? "states" : "months"; }

bool build_and_sign(ListKind kind, const personalize::Signer& signer) {
  const auto list = made_list(kind, kCards, 1);
  const auto token = [&](const StatusList& of) {
    must(crypto::sign_token(patent::token_type(kind), patent::to_claims(of), signer.certificate, *signer.key));
  };
  // The values come from a table here, not from a generator that takes longer than the list.
  std::vector<std::uint8_t> values(kCards);
  for (std::size_t i = 0; i < kCards; ++i) values[i] = list.entries[i];
  auto built = list;
  const auto times = compare(
      [&] {
        auto entries = *PackedList::zeros(patent::kEntryBits, kCards);
        for (std::size_t i = 0; i < kCards; ++i) entries.set(i, values[i]);
        built.entries = std::move(entries);
        token(built);
      },
      [&] { deflated(list.entries.octets()); });
  forget_peak();
  const auto before = memory("VmRSS:");
  token(list);
  const auto beyond = (memory("VmHWM:") - before) * 1024;
  const auto what = fmt::format("10 million {}, built, compressed and signed", name_of(kind));
  return judge(what, times, 1.5) & judge("  memory beyond the list", beyond, std::size_t{64} << 20);
}

// As a handheld has it: from a trust package whose signature is a hash of its octets.
bool load(ListKind kind) {
  patent::TrustPackage package;
  package.version = 1;
  package.issued_at = package.next_update = package.valid_until = kAt;
  package.lists = {made_list(kind, kCards, 2)};
  const Bytes octets = patent::encode_package(package), compressed = deflated(package.lists[0].entries.octets());
  Bytes plain(package.lists[0].entries.octets().size());
  const auto times = compare(
      [&] {
        must(crypto::digest(crypto::HashAlgorithm::sha256, octets));
        must(patent::decode_package(octets));
      },
      [&] {
        inflate_into(plain, compressed);
        must(crypto::digest(crypto::HashAlgorithm::sha256, compressed));
      });
  return judge(fmt::format("10 million {}, loaded", name_of(kind)), times, 1.5);
}

bool look_up() {
  const auto list = made_list(ListKind::months, kCards, 3);
  const auto octets = list.entries.octets();
  std::vector<std::uint32_t> places(1'000'000);
  std::mt19937 random(4);
  for (auto& place : places) place = static_cast<std::uint32_t>(random() % kCards);
  volatile std::uint64_t sink = 0;
  const auto times = compare(
      [&] {
        std::uint64_t sum = 0;
        for (const auto place : places) sum += list.entries[place];
        sink = sum;
      },
      [&] {
        std::uint64_t sum = 0;
        for (const auto place : places) sum += octets[place / 2];
        sink = sum;
      });
  return judge("a million look-ups", times, 3);
}

// A day's payments: most add a month, some a few more.
bool patch() {
  const auto base = made_list(ListKind::months, kShard, 5);
  auto next = base;
  next.issued_at += std::chrono::hours(24);
  std::mt19937 random(6);
  for (std::size_t changed = 0; changed < kChanges;) {
    const auto place = random() % kShard;
    const auto months = base.entries[place];
    const auto added = random() % 10 == 0 ? 2U : 1U;
    if (next.entries[place] != months || months + added > 12) continue;
    next.entries.set(place, static_cast<std::uint8_t>(months + added));
    ++changed;
  }
  const auto delta = must(patent::make_delta(base, next));
  const auto compressed = next.entries.compress();
  const auto times = compare([&] { must(patent::apply_delta(base, *delta)); },
                             [&] {
                               StatusList full = next;
                               full.entries = *must(PackedList::expand(patent::kEntryBits, compressed));
                               if (patent::list_fingerprint(full).empty()) std::abort();
                             });
  return judge("a delta of 25,000 changes", delta->size(), 30'000) &
         judge("  applied, against the whole list loaded", times, 1);
}

}  // namespace

int main() {
  const TemporaryFolder folder;
  crypto::DomainPlan plan;
  plan.sample = true;
  const auto domain = must(crypto::TrustDomain::create(folder / "domain", plan, {}, kAt));
  const auto signer = must(personalize::load_signer(*domain, crypto::kStatusSignerKey));
  bool good = true;
  for (const auto kind : {ListKind::states, ListKind::months}) {
    good &= build_and_sign(kind, *signer);
    good &= load(kind);
  }
  good &= look_up();
  good &= patch();
  return good ? 0 : 1;
}
