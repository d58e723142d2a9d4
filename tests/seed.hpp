// SPDX-License-Identifier: Apache-2.0
// Owns the seed of random tests: printed when it is first taken, and taken from PATENT_TEST_SEED to repeat a run.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <random>

inline std::uint32_t test_seed() {
  static const std::uint32_t seed = [] {
    const char* const given = std::getenv("PATENT_TEST_SEED");
    const auto chosen = given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                                         : static_cast<std::uint32_t>(std::random_device{}());
    std::printf("PATENT_TEST_SEED=%u\n", chosen);
    return chosen;
  }();
  return seed;
}

// The long forms of random tests run only when asked for.
inline bool long_tests() { return std::getenv("PATENT_LONG_TESTS") != nullptr; }
