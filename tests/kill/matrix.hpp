// SPDX-License-Identifier: Apache-2.0
// Owns the list of cases: in full each point of an order's life and some thousand random lives; in short a few of each.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/kill/fate.hpp"

namespace kill_test {

// The number-th of so many parts, which together are all.
struct Part {
  std::size_t number = 1, of = 1;
};

enum class Readers : std::uint8_t { ours, real };

// Of the worlds that need nothing from this machine, or of that with a real reader. Shuffled, so that what a run that
// is broken off has lived through is a fair sample.
std::vector<Case> cases(Readers readers, bool full, const Part& part, std::uint32_t seed);

}  // namespace kill_test
