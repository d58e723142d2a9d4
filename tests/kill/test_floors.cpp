// SPDX-License-Identifier: Apache-2.0
// Lives the cases, one after the other: each order is issued once or clearly voided, each blank accounted for.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <iostream>

#include "tests/kill/case_book.hpp"
#include "tests/kill/lives.hpp"
#include "tests/kill/real_reader.hpp"
#include "tests/kill/settings.hpp"
#include "tests/seed.hpp"

using namespace kill_test;

namespace {

volatile std::sig_atomic_t broken_off = 0;
// The case in hand is lived to its end, so that no process and no folder is left; the second Ctrl-C ends at once.
void break_off_on(int signal) {
  struct sigaction action {};
  action.sa_handler = [](int) { broken_off = 1; };
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  ::sigaction(signal, &action, nullptr);
}

// A line every ten seconds of a long run.
class Progress {
public:
  Progress(std::size_t all, std::size_t done) : all_(all), first_(done), done_(done) {}
  void next(bool passed, const Case& each) {
    ++done_;
    if (!passed) ++failed_;
    const auto now = std::chrono::steady_clock::now();
    if (!long_tests() || (now - said_ < std::chrono::seconds(10) && done_ < all_)) return;
    said_ = now;
    const auto gone = std::chrono::duration_cast<std::chrono::seconds>(now - begin_);
    std::cerr << fmt::format("kill_tests {}: {} of {} cases, {} failed; {} s gone, {:.0f} s left; {}\n",
                             settings().part_text, done_, all_, failed_, gone.count(),
                             (gone / static_cast<double>(done_ - first_) * static_cast<double>(all_ - done_)).count(),
                             to_text(each));
  }

private:
  std::size_t all_, first_, done_, failed_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now(), said_ = begin_;
};

std::vector<Case> chosen_cases() {
  if (!settings().only.empty()) {
    const auto only = case_of(settings().only);
    REQUIRE(only);
    return {*only};
  }
  return cases(settings().readers, long_tests(), settings().part, test_seed());
}

void live_through(CaseBook& book) {
  Progress progress(book.cases().size(), book.count_passed());
  std::size_t n = 0;
  for (const auto& each : book.cases()) {
    const bool readable = long_tests() || !settings().only.empty() || ++n % 8 == 0;
    if (book.passed(each)) continue;
    const auto faults = faults_of(each, readable ? Proof::readable : Proof::books);
    if (faults.empty())
      book.pass(each);
    else
      FAIL_CHECK(fmt::format("{}\nto repeat it: kill_tests --case '{}'", fmt::join(faults, "\n"), to_text(each)));
    progress.next(faults.empty(), each);
    if (broken_off != 0) FAIL("broken off; the same command goes on");
  }
}

}  // namespace

TEST_CASE("Each order is issued once or voided with its chip, and each blank accounted for, whatever befalls them") {
  break_off_on(SIGINT);
  break_off_on(SIGTERM);
  const auto service = settings().readers == Readers::real ? std::make_unique<RealReader>() : nullptr;
  CaseBook book(long_tests() && settings().only.empty() ? settings().book : "", chosen_cases);
  live_through(book);
  CHECK(!book.cases().empty());
  if (std::ranges::all_of(book.cases(), [&](const Case& each) { return book.passed(each); })) book.close();
}
