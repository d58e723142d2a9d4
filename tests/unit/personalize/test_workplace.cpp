// SPDX-License-Identifier: Apache-2.0
// What the tests themselves leave behind.
#include <sys/wait.h>

#include <csignal>
#include <thread>

#include "station.hpp"
#include "tests/temporary_folder.hpp"

TEST_CASE("What a killed test program left is cleared away by the next one, and nothing of one that works") {
  namespace fs = std::filesystem;
  const TemporaryFolder folder;
  const auto begin = [&] { return std::make_unique<sample::Workplace>(folder / ""); };
  const pid_t other = ::fork();
  REQUIRE(other >= 0);
  if (other == 0) {
    const auto place = begin();
    ::pause();
    ::_exit(0);
  }
  const auto its_place = folder / ("station-" + std::to_string(other));
  for (int i = 0; i < 1000 && !fs::exists(its_place); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  begin();
  CHECK(fs::exists(its_place));
  ::kill(other, SIGKILL);
  REQUIRE(::waitpid(other, nullptr, 0) == other);
  begin();
  CHECK(fs::is_empty(folder / ""));
}
