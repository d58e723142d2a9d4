// SPDX-License-Identifier: Apache-2.0
// The evaluator touches no heap, whatever it has to say.
#include "heap_guard.hpp"
#include "tests/bench/lives.hpp"

namespace {

void judge_lives() {
  const auto lives = bench::lives<512>();
  const heapfree::HeapGuard guard;
  bool valid = false, invalid = false, open = false;
  for (const auto& life : lives) {
    const auto evaluation = reader::evaluate(life, {}, bench::kNow);
    heapfree::require(evaluation.count != 0, "something is said");
    valid = valid || evaluation.outcome == reader::Outcome::valid;
    invalid = invalid || evaluation.outcome == reader::Outcome::invalid;
    open = open || evaluation.outcome == reader::Outcome::needs_check;
  }
  heapfree::require(valid && invalid && open, "every outcome was there");
}

}  // namespace

int main(int argc, char** argv) { return heapfree::run(argc, argv, judge_lives); }
