// SPDX-License-Identifier: Apache-2.0
// Owns what the benchmarks measure with: the processor's time, and a set-up that must succeed.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <ctime>

// Processor time, the kernel's for the writes included: what else runs on the machine does not count.
inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class T>
T must(T result) {
  if (!result) {
    std::fputs("the benchmark's set-up failed\n", stderr);
    std::exit(1);
  }
  return result;
}
