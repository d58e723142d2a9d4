// SPDX-License-Identifier: Apache-2.0
// Owns what the program is told on its command line.
#pragma once

#include <string>

#include "tests/kill/matrix.hpp"

namespace kill_test {

struct Settings {
  std::string part_text = "1/1", book, only;
  Part part;
  Readers readers = Readers::ours;
};
inline Settings& settings() {
  static Settings given;
  return given;
}

}  // namespace kill_test
