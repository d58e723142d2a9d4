// SPDX-License-Identifier: Apache-2.0
// What the doctor looks at on the machine itself: readers, clock, disk.
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <ranges>

#include "personalize/floor/doctor.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/inspect/names.hpp"

namespace personalize {
namespace {

using std::chrono::milliseconds;

// Where libpcsclite looks for the service.
std::string pcsc_place() {
  const char* const named = std::getenv("PCSCLITE_CSOCK_NAME");
  return named != nullptr ? named : "/run/pcscd/pcscd.comm";
}

// A file that is there as long as this lives.
class Probe {
public:
  explicit Probe(const std::filesystem::path& folder) : name_((folder / ".patent-doctor-XXXXXX").string()) {
    descriptor_ = ::mkostemp(name_.data(), O_CLOEXEC);
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  ~Probe() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(name_.c_str());
  }
  // One block, on the disk when this returns.
  [[nodiscard]] bool write() const {
    const std::array<char, 4096> block{};
    return descriptor_ >= 0 && ::write(descriptor_, block.data(), block.size()) == std::ssize(block) &&
           ::fsync(descriptor_) == 0;
  }

private:
  std::string name_;
  int descriptor_ = -1;
};

constexpr std::uintmax_t kLeast = 64ULL << 20;  // under which the disk counts as full
constexpr milliseconds kSlow{100};

}  // namespace

void look_at_readers(const reader::Linked<std::vector<reader::ReaderIdentity>>& readers,
                     std::span<const std::string> wanted, Findings& found) {
  if (!readers && readers.error() == wire::LinkError::no_daemon) {
    found.push_back({Trouble::pcscd_away, pcsc_place()});
    return;
  }
  if (!readers) {
    found.push_back({Trouble::pcscd_fails, std::string(reader::name_of(readers.error()))});
    return;
  }
  if (readers->empty()) found.push_back({Trouble::no_reader, pcsc_place()});
  for (const auto& texts : wanted)
    for (const auto part : std::views::split(texts, ',')) {
      const std::string text(part.begin(), part.end());
      if (text != "all" && !reader::choose_readers(*readers, std::span(&text, 1)))
        found.push_back({Trouble::reader_not_found, text});
    }
}

void look_at_clock(crypto::Time now, std::span<const Moment> known, Findings& found) {
  constexpr std::chrono::minutes kTolerance{2};
  const auto newest = std::ranges::max_element(known, {}, &Moment::at);
  if (newest == known.end() || newest->at <= now + kTolerance) return;
  found.push_back({Trouble::clock_set_back,
                   fmt::format("{} of {} (now: {})", reader::to_iso(newest->at), newest->where, reader::to_iso(now))});
}

void look_at_time_zones(const std::filesystem::path& folder, Findings& found) {
  std::ifstream in(folder / "Europe/Moscow", std::ios::binary);
  std::array<char, 4> magic{};
  in.read(magic.data(), magic.size());
  if (!in || std::string_view(magic.data(), magic.size()) != "TZif")
    found.push_back({Trouble::time_zones_missing, folder.string()});
}

void look_at_disk(const std::filesystem::path& folder, std::uintmax_t wanted, Findings& found) {
  struct statfs facts {};
  std::error_code none;
  const auto space = std::filesystem::space(folder, none);
  if (none || ::statfs(folder.c_str(), &facts) != 0) {
    found.push_back({Trouble::disk_refuses, folder.string()});
    return;
  }
  if (facts.f_type == TMPFS_MAGIC || facts.f_type == RAMFS_MAGIC)
    found.push_back({Trouble::disk_forgets, folder.string()});
  const auto free = fmt::format("{} MiB free in {}", space.available >> 20, folder.string());
  if (space.available < kLeast)
    found.push_back({Trouble::disk_full, free});
  else if (space.available < wanted)
    found.push_back({Trouble::disk_low, free});

  const Probe probe(folder);
  const auto begin = std::chrono::steady_clock::now();
  const bool written = probe.write();
  const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
  if (!written)
    found.push_back({Trouble::disk_refuses, folder.string()});
  else if (took > kSlow)
    found.push_back({Trouble::disk_slow, fmt::format("{} ms in {}", took.count(), folder.string())});
}

}  // namespace personalize
