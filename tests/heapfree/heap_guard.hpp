// SPDX-License-Identifier: Apache-2.0
// Owns the proof that code uses no heap: while a HeapGuard lives, every operator new and delete ends the program.
#pragma once

namespace heapfree {

class HeapGuard {
public:
  HeapGuard();
  ~HeapGuard();
  HeapGuard(const HeapGuard&) = delete;
  HeapGuard& operator=(const HeapGuard&) = delete;
};

// Ends the program with a word on standard error when a step of a dialogue did not hold.
void require(bool holds, const char* step);

// What a test program's main does: the dialogue under a guard. With the argument `prove-guard` it uses the heap under
// a guard instead, and so must fail.
int run(int count, char** arguments, void (*dialogue)());

}  // namespace heapfree
