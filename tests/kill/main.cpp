// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <cstdio>
#include <iostream>

#include "tests/kill/settings.hpp"

using namespace kill_test;

int main(int argc, char* argv[]) {
  Catch::Session session;
  bool real_reader = false;
  using Catch::clara::Opt;
  session.cli(session.cli() | Opt(settings().part_text, "K/N")["--part"]("the K-th of N parts of the cases") |
              Opt(settings().book, "FILE")["--book"]("keep there what has passed, and go on after it (long form)") |
              Opt(real_reader)["--real-reader"]("the cases over a real PC/SC service instead") |
              Opt(settings().only, "CASE")["--case"]("this one only, as a failure names it"));
  if (const int wrong = session.applyCommandLine(argc, argv)) return wrong;
  if (real_reader || settings().only.starts_with("real ")) settings().readers = Readers::real;
  auto& part = settings().part;
  if (std::sscanf(settings().part_text.c_str(), "%zu/%zu", &part.number, &part.of) != 2 || part.number == 0 ||
      part.number > part.of) {
    std::cerr << "kill_tests: --part is K/N, as 1/2\n";
    return 64;
  }
  return session.run();
}
