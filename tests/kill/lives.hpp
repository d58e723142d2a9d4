// SPDX-License-Identifier: Apache-2.0
// Owns the living of a case: a fresh floor, what befalls it, the person who clears up, and what is found wrong then.
#pragma once

#include "tests/kill/floor_world.hpp"

namespace kill_test {

// Sentences; none: every order is issued once or voided for a chip that died, every blank accounted for.
std::vector<std::string> faults_of(const Case& each, Proof proof);

// How often an undisturbed life of the world comes to each point.
std::array<std::size_t, kPoints.size()> points_of(World world);

}  // namespace kill_test
