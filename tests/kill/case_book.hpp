// SPDX-License-Identifier: Apache-2.0
// Owns what a long run has still to do: its cases, and which of them have passed, in a file by which the same command
// goes on after it was broken off.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/kill/fate.hpp"

namespace kill_test {

class CaseBook {
public:
  // `file` empty: nothing is kept. What another build of the program has left is begun anew.
  CaseBook(std::filesystem::path file, const std::function<std::vector<Case>()>& make);
  [[nodiscard]] const std::vector<Case>& cases() const { return cases_; }
  [[nodiscard]] bool passed(const Case& each) const { return passed_.contains(to_text(each)); }
  [[nodiscard]] std::size_t count_passed() const { return passed_.size(); }
  void pass(const Case& each);
  // All of it is done.
  void close();

private:
  bool read();

  std::filesystem::path path_;
  std::vector<Case> cases_;
  std::set<std::string> passed_;
  std::ofstream file_;
};

}  // namespace kill_test
