// SPDX-License-Identifier: Apache-2.0
// Laid before a program by LD_PRELOAD: kills it before the N-th step that a disk keeps, N from $DIE_AT_STEP; where
// $ONLY_STOP is, it is stopped instead.
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>

namespace {

void step() {
  static int steps = 0;
  const char* const last = ::getenv("DIE_AT_STEP");
  if (last != nullptr && ++steps == ::atoi(last)) ::raise(::getenv("ONLY_STOP") == nullptr ? SIGKILL : SIGSTOP);
}

template <class... Parameters>
int after_step(const char* name, Parameters... arguments) {
  step();
  return reinterpret_cast<int (*)(Parameters...)>(::dlsym(RTLD_NEXT, name))(arguments...);
}

}  // namespace

// Not from their headers, whose declarations differ between C libraries.
#define SHOWN extern "C" __attribute__((visibility("default")))
SHOWN int fsync(int file) { return after_step("fsync", file); }
SHOWN int ftruncate(int file, long size) { return after_step("ftruncate", file, size); }
SHOWN int rename(const char* from, const char* to) { return after_step("rename", from, to); }
SHOWN int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  return after_step("renameat2", from_folder, from, to_folder, to, flags);
}
SHOWN int link(const char* from, const char* to) { return after_step("link", from, to); }
SHOWN int unlink(const char* path) { return after_step("unlink", path); }
SHOWN int remove(const char* path) { return after_step("remove", path); }
