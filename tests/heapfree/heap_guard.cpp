// SPDX-License-Identifier: Apache-2.0
#include "heap_guard.hpp"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string_view>

namespace {

bool guarded = false;

[[noreturn]] void fail(const char* what, const char* about) {
  guarded = false;
  std::fprintf(stderr, "%s%s\n", what, about);
  std::_Exit(1);
}

void* allocate(std::size_t size, std::size_t alignment) {
  if (guarded) fail("operator new", " in heap-free code");
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  void* const memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
  if (memory == nullptr) fail("out of memory", "");
  return memory;
}

void release(void* memory) {
  if (guarded && memory != nullptr) fail("operator delete", " in heap-free code");
  std::free(memory);
}

constexpr std::size_t kUsual = alignof(std::max_align_t);

}  // namespace

// All other forms of the standard library come to these.
void* operator new(std::size_t size) { return allocate(size, kUsual); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }

namespace heapfree {

HeapGuard::HeapGuard() { guarded = true; }
HeapGuard::~HeapGuard() { guarded = false; }

void require(bool holds, const char* step) {
  if (!holds) fail("failed: ", step);
}

int run(int count, char** arguments, void (*dialogue)()) {
  if (count == 2 && std::string_view(arguments[1]) == "prove-guard") {
    const HeapGuard guard;
    delete new volatile int(0);
    return 0;
  }
  dialogue();
  return 0;
}

}  // namespace heapfree
