// SPDX-License-Identifier: Apache-2.0
// Owns how a simulated chip tells the steps of GENERAL AUTHENTICATE apart, and the state of a PACE run.
#pragma once

#include "tests/conformance/reader/chip_simulator.hpp"

namespace simulator {

// By the object inside 7C: none, 81, 83 and 85 are PACE's, 80 is chip authentication's.
[[nodiscard]] Step general_authenticate_step(ByteView data);

struct ChipSimulator::PaceRun {
  PaceRun(crypto::Engine& engine, const crypto::PaceParameters& chosen, crypto::Secret password)
      : parameters(chosen), key(std::move(password)), chip(engine, chosen) {}
  crypto::PaceParameters parameters;
  crypto::Secret key;
  crypto::PaceChip chip;
};

}  // namespace simulator
