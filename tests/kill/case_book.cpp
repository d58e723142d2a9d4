// SPDX-License-Identifier: Apache-2.0
#include "tests/kill/case_book.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

namespace kill_test {
namespace {

constexpr std::string_view kCase = "case ", kPassed = "passed ";

// The first line: of which build.
std::string this_build() {
  struct stat status {};
  ::stat("/proc/self/exe", &status);
  return fmt::format("kill_tests {}.{:09} {}", status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size);
}

}  // namespace

CaseBook::CaseBook(std::filesystem::path file, const std::function<std::vector<Case>()>& make)
    : path_(std::move(file)) {
  if (!path_.empty() && read()) {
    file_.open(path_, std::ios::app);
    return;
  }
  cases_ = make();
  if (path_.empty()) return;
  file_.open(path_, std::ios::trunc);
  file_ << this_build() << '\n';
  for (const auto& each : cases_) file_ << kCase << to_text(each) << '\n';
  file_.flush();
}

bool CaseBook::read() {
  std::ifstream file(path_);
  std::string line;
  if (!std::getline(file, line) || line != this_build()) return false;
  while (std::getline(file, line)) {
    if (line.starts_with(kPassed)) passed_.insert(line.substr(kPassed.size()));
    if (!line.starts_with(kCase)) continue;
    if (auto each = case_of(std::string_view(line).substr(kCase.size()))) cases_.push_back(*std::move(each));
  }
  return true;
}

void CaseBook::pass(const Case& each) {
  passed_.insert(to_text(each));
  if (file_.is_open()) file_ << kPassed << to_text(each) << std::endl;
}

void CaseBook::close() {
  file_.close();
  if (!path_.empty()) std::filesystem::remove(path_);
}

}  // namespace kill_test
