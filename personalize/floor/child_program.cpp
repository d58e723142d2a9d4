// SPDX-License-Identifier: Apache-2.0
#include "personalize/floor/child_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "crypto/terminal_text.hpp"

namespace personalize {
namespace {

using crypto::unexpected;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kPatience{1'000};  // with a child that is told to end, at each step
constexpr milliseconds kSlice{100};       // of a wait, between two looks at the stop token

bool ready(int descriptor, milliseconds limit) {
  pollfd one{descriptor, POLLIN, 0};
  return ::poll(&one, 1, static_cast<int>(limit.count())) > 0;
}

// What posix_spawn is told: standard input and output, no other open file, no signal held back or ignored.
class Orders {
public:
  Orders(int input, int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  Orders(const Orders&) = delete;
  Orders& operator=(const Orders&) = delete;
  ~Orders() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  [[nodiscard]] pid_t spawn(const std::vector<std::string>& words) const {
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t child = -1;
    return ::posix_spawnp(&child, arguments.front(), &actions_, &attributes_, arguments.data(), environ) == 0 ? child
                                                                                                              : -1;
  }

private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

std::unique_ptr<ChildProgram> ChildProgram::start(const std::vector<std::string>& words) {
  if (words.empty()) return nullptr;
  // A socket, because writing to one whose reader is gone need not raise SIGPIPE.
  std::array<int, 2> input{-1, -1}, output{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.data()) != 0) return nullptr;
  pid_t child = -1;
  if (::pipe2(output.data(), O_CLOEXEC) == 0) child = Orders(input[1], output[1]).spawn(words);
  ::close(input[1]);
  ::close(output[1]);
  const int descriptor = child < 0 ? -1 : static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
  std::unique_ptr<ChildProgram> program(new ChildProgram(child, descriptor, input[0], output[0]));
  return child < 0 ? nullptr : std::move(program);
}

ChildProgram::~ChildProgram() {
  ::close(input_);
  ::close(output_);
  if (child_ < 0) return;
  // Not yet waited for, so its number, and its group's, is nobody else's. What it has left behind ends with it.
  (void)ends_within(kPatience);
  ::kill(-child_, SIGTERM);
  if (!ends_within(kPatience)) ::kill(-child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
  ::close(descriptor_);
}

bool ChildProgram::ends_within(milliseconds limit) const { return descriptor_ >= 0 && ready(descriptor_, limit); }

crypto::Result<void, AnswerError> ChildProgram::read_more(milliseconds limit) {
  if (!ready(output_, limit)) return unexpected(AnswerError::late);
  std::array<char, kMaxAnswer> octets{};
  const ssize_t got = ::read(output_, octets.data(), octets.size());
  if (got <= 0) return unexpected(AnswerError::ended);
  read_.append(octets.data(), static_cast<std::size_t>(got));
  return {};
}

crypto::Result<std::string, AnswerError> ChildProgram::ask(std::string_view line, milliseconds limit,
                                                           const std::stop_token& stop) {
  if (const auto early = read_more(milliseconds{0}); !early && early.error() == AnswerError::ended)
    return unexpected(AnswerError::ended);
  if (!read_.empty()) return unexpected(AnswerError::unasked);
  const std::string request = std::string(line) + '\n';
  // A request is shorter than what the socket holds, so this does not wait.
  if (::send(input_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    return unexpected(AnswerError::ended);
  const auto deadline = Clock::now() + limit;
  while (true) {
    if (const auto end = read_.find('\n'); end != std::string::npos) {
      std::string answer = read_.substr(0, end);
      read_.erase(0, end + 1);
      if (answer.size() > kMaxAnswer || crypto::shown(answer, '\0').find('\0') != std::string::npos)
        return unexpected(AnswerError::malformed);
      return answer;
    }
    if (read_.size() > kMaxAnswer) return unexpected(AnswerError::malformed);
    if (stop.stop_requested()) return unexpected(AnswerError::interrupted);
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    if (left <= milliseconds{0}) return unexpected(AnswerError::late);
    const auto more = read_more(std::min(left, kSlice));
    if (!more && more.error() != AnswerError::late) return unexpected(more.error());
  }
}

}  // namespace personalize
