// SPDX-License-Identifier: Apache-2.0
// How many verdicts a second the evaluator gives on one core, in time of the processor; without a single allocation.
#include <cstdio>
#include <ctime>

#include "tests/bench/lives.hpp"
#include "tests/heapfree/heap_guard.hpp"

namespace {

constexpr double kLeast = 2e6;

// Verdicts a second; the outcomes are counted so that nothing is optimised away.
double measure(std::size_t& valid) {
  constexpr int kRounds = 4000;
  const auto lives = bench::lives<256>();
  const reader::EvaluationLimits limits;
  const heapfree::HeapGuard guard;
  const auto before = std::clock();
  for (int round = 0; round < kRounds; ++round)
    for (const auto& life : lives) {
      const auto evaluation = reader::evaluate(life, limits, bench::kNow + std::chrono::seconds{round});
      valid += evaluation.outcome == reader::Outcome::valid ? 1U : 0U;
    }
  const auto spent = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  return static_cast<double>(kRounds) * static_cast<double>(lives.size()) / spent;
}

}  // namespace

int main() {
  std::size_t valid = 0;
  double best = 0;
  for (int run = 0; run < 3; ++run) best = std::max(best, measure(valid));
  std::printf("evaluator: %.1f million verdicts a second (at least %.0f), %zu valid, nothing allocated\n", best / 1e6,
              kLeast / 1e6, valid);
  return best >= kLeast && valid != 0 ? 0 : 1;
}
