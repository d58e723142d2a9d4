// SPDX-License-Identifier: Apache-2.0
// The plug is pulled at each step that the installation of a trust package takes on the file system.
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>

#include "tests/unit/reader/signed_packages.hpp"

namespace {

int steps_left = -1;  // -1: the plug stays in

// True when the plug is pulled now.
bool is_cut() { return steps_left >= 0 && steps_left-- == 0; }
constexpr int kCut = 42;

}  // namespace

// In the place of the library's own, for this program: each may be the last thing that it does.
#define PATENT_STEP extern "C" __attribute__((visibility("default")))
PATENT_STEP ssize_t write(int file, const void* octets, size_t size) {
  if (is_cut()) {
    static_cast<void>(::syscall(SYS_write, file, octets, size / 2));
    ::_exit(kCut);
  }
  return ::syscall(SYS_write, file, octets, size);
}
PATENT_STEP int fsync(int file) {
  if (is_cut()) ::_exit(kCut);
  return static_cast<int>(::syscall(SYS_fsync, file));
}
PATENT_STEP int rename(const char* from, const char* to) noexcept {
  if (is_cut()) ::_exit(kCut);
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
PATENT_STEP int remove(const char* file) noexcept {
  if (is_cut()) ::_exit(kCut);
  return ::unlink(file) == 0 ? 0 : ::rmdir(file);
}

namespace {

using reader::PackageFault;
using testing::day_package;
using testing::delta_package;
using testing::Handheld;
using testing::sign_package;

// In another process, which ends at its `step`th step. Whether it came that far.
bool install_and_cut(Handheld& device, const crypto::Bytes& file, const std::optional<reader::Trust>& anchor,
                     int step) {
  const pid_t child = ::fork();
  if (child == 0) {
    steps_left = step;
    const bool done = device.install(file, anchor).has_value();
    ::_exit(done ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  const int code = WEXITSTATUS(status);
  REQUIRE((code == kCut || code == 0));
  return code == kCut;
}

// How many steps were cut.
int cut_everywhere(const std::function<void(Handheld&)>& before, const crypto::Bytes& file, std::uint64_t old_version,
                   std::uint64_t new_version, const std::optional<reader::Trust>& anchor = std::nullopt) {
  int seen_old = 0, seen_new = 0;
  for (int step = 0;; ++step) {
    Handheld device(old_version != 0);
    before(device);
    const bool was_cut = install_and_cut(device, file, anchor, step);
    CAPTURE(step);
    const auto version = device.version();
    CHECK((version == old_version || version == new_version));
    ++(version == new_version ? seen_new : seen_old);
    // The same command again, by the next who comes: it is done, or has been.
    const auto again = device.fault(file, anchor);
    CHECK((version == new_version ? again == PackageFault::rollback : !again));
    CHECK(device.version() == new_version);
    if (!was_cut) {
      CHECK(seen_old > 0);
      CHECK(seen_new > 0);
      return step;
    }
  }
}

}  // namespace

TEST_CASE("a full package that is cut anywhere leaves the old one or is there") {
  const auto steps =
      cut_everywhere([](Handheld& device) { device.now += testing::kOneDay; }, sign_package(day_package(6)), 5, 6);
  CHECK(steps >= 4);  // written, synced, renamed, the folder synced
}

TEST_CASE("a delta package that is cut anywhere leaves the old one or is there") {
  const auto steps =
      cut_everywhere([](Handheld& device) { device.now += testing::kOneDay; }, sign_package(delta_package(5, 6)), 5, 6);
  CHECK(steps >= 4);
}

TEST_CASE("a full package over deltas that is cut anywhere leaves the old ones or is there") {
  const auto steps = cut_everywhere(
      [](Handheld& device) {
        device.now += 2 * testing::kOneDay;
        REQUIRE(device.install(sign_package(delta_package(5, 6))));
      },
      sign_package(day_package(7)), 6, 7);
  CHECK(steps >= 6);  // and the two that are replaced, removed
}

TEST_CASE("a first package that is cut anywhere leaves nothing or is there") {
  const auto steps = cut_everywhere([](Handheld&) {}, sign_package(day_package(5)), 0, 5, testing::house().trust());
  CHECK(steps >= 8);  // whom to believe, and the package
}
