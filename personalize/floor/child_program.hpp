// SPDX-License-Identifier: Apache-2.0
// Owns a child process that is asked by lines and answers by lines.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.hpp"

namespace personalize {

enum class AnswerError : std::uint8_t {
  late,         // nothing within the limit
  ended,        // the child is gone
  malformed,    // more than kMaxAnswer octets without an end of line, or control characters
  unasked,      // it spoke before it was asked
  interrupted,  // the stop token
};

// In a process group of its own, so that a terminal's Ctrl-C does not end it in the middle of a card; with our standard
// error output and environment, and no other open file of ours.
class ChildProgram {
public:
  static constexpr std::size_t kMaxAnswer = 256;
  // `words`: a program's path, or a name on PATH, and its arguments; no shell. Null when it cannot be started.
  static std::unique_ptr<ChildProgram> start(const std::vector<std::string>& words);
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;
  // Its input ends, then SIGTERM, then SIGKILL, to all of its group; and is waited for.
  ~ChildProgram();

  crypto::Result<std::string, AnswerError> ask(std::string_view line, std::chrono::milliseconds limit,
                                               const std::stop_token& stop);

private:
  ChildProgram(pid_t child, int descriptor, int input, int output)
      : child_(child), descriptor_(descriptor), input_(input), output_(output) {}
  crypto::Result<void, AnswerError> read_more(std::chrono::milliseconds limit);
  [[nodiscard]] bool ends_within(std::chrono::milliseconds limit) const;

  pid_t child_;
  int descriptor_;  // of the process
  int input_, output_;
  std::string read_;  // after the last answer
};

}  // namespace personalize
