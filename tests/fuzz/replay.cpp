// SPDX-License-Identifier: Apache-2.0
// Owns the run of a fuzz target without a fuzzer: every file of a corpus, then mutations of them. The seed is printed;
// PATENT_TEST_SEED repeats a run, PATENT_FUZZ_RUNS says how many mutations; PATENT_LONG_TESTS=1 takes four minutes.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <vector>

#include "tests/seed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

constexpr int kRuns = 20'000;
constexpr auto kTime = std::chrono::seconds(3);  // enough for a test; a fuzzer has longer
constexpr auto kLongTime = std::chrono::minutes(4);
constexpr std::size_t kMaxInput = 8192;

std::vector<Input> read_corpus(const char* folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());  // a seed must mean the same run on every machine
  std::vector<Input> corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

std::size_t place(std::mt19937& random, std::size_t size) { return size == 0 ? 0 : random() % size; }

// Octets that lengths and tags turn on.
std::uint8_t telling_octet(std::mt19937& random) {
  constexpr std::uint8_t kTelling[]{0x00, 0x01, 0x1F, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0xFE, 0xFF};
  return random() % 2 == 0 ? kTelling[random() % std::size(kTelling)] : static_cast<std::uint8_t>(random());
}

void mutate(Input& input, const Input& other, std::mt19937& random) {
  const auto at = input.begin() + static_cast<std::ptrdiff_t>(place(random, input.size()));
  switch (random() % 6) {
    case 0:
      if (!input.empty()) *at = telling_octet(random);
      break;
    case 1:
      if (!input.empty()) *at ^= static_cast<std::uint8_t>(1U << (random() % 8));
      break;
    case 2: input.insert(at, telling_octet(random)); break;
    case 3:
      input.erase(at, at + static_cast<std::ptrdiff_t>(place(random, static_cast<std::size_t>(input.end() - at))));
      break;
    case 4: input.resize(place(random, input.size())); break;
    default: {
      const auto from = static_cast<std::ptrdiff_t>(place(random, other.size()));
      input.insert(at, other.begin() + from, other.end());
    }
  }
  if (input.size() > kMaxInput) input.resize(kMaxInput);
}

// A copy of exactly its size, so that a sanitizer sees every step over its end.
void run(const Input& input) {
  const Input exact(input);
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s CORPUS-FOLDER\n", arguments[0]);
    return 64;
  }
  const std::vector<Input> corpus = read_corpus(arguments[1]);
  if (corpus.empty()) {
    std::fprintf(stderr, "%s: no corpus in %s\n", arguments[0], arguments[1]);
    return 64;
  }
  for (const Input& input : corpus) run(input);

  std::mt19937 random(test_seed());
  std::fflush(stdout);  // the seed must be seen even if the target aborts
  const char* const wanted = std::getenv("PATENT_FUZZ_RUNS");
  const int runs = wanted != nullptr ? std::atoi(wanted) : long_tests() ? std::numeric_limits<int>::max() : kRuns;
  const auto end = std::chrono::steady_clock::now() + (long_tests() ? std::chrono::seconds(kLongTime) : kTime);
  int done = 0;
  for (; done < runs && (wanted != nullptr || std::chrono::steady_clock::now() < end); ++done) {
    Input input = corpus[random() % corpus.size()];
    for (std::size_t steps = 1 + random() % 4; steps > 0; --steps)
      mutate(input, corpus[random() % corpus.size()], random);
    run(input);
  }
  std::printf("%zu files, %d mutations\n", corpus.size(), done);
}
