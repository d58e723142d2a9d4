// SPDX-License-Identifier: Apache-2.0
// Owns a PostgreSQL server for a test program: tests/postgres.sh, which ends with the program however that ends.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace postgres {

class Server {
public:
  explicit Server(bool durable = false) {
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    child_ = fork();
    if (child_ == 0) {
      setsid();  // who kills the whole group leaves it the time to clear up
      dup2(to[0], STDIN_FILENO);
      dup2(from[1], STDOUT_FILENO);
      execl("/bin/bash", "bash", TESTS_DIR "/postgres.sh", durable ? "--durable" : nullptr, nullptr);
      _exit(127);
    }
    close(to[0]);
    close(from[1]);
    names_ = to[1];
    uris_ = fdopen(from[0], "r");
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    close(names_);
    waitpid(child_, nullptr, 0);
    fclose(uris_);
  }

  // The URI of a new, empty database.
  std::string database() { return ask("d" + std::to_string(++made_)); }
  void stop() { ask(".stop"); }
  void start() { ask(".start"); }

private:
  std::string ask(const std::string& word) {
    char line[256];
    if (write(names_, (word + '\n').data(), word.size() + 1) != static_cast<ssize_t>(word.size() + 1) ||
        fgets(line, sizeof(line), uris_) == nullptr)
      throw std::runtime_error("no PostgreSQL server for the tests");
    const std::string answer(line);
    return answer.substr(0, answer.size() - 1);
  }

  pid_t child_ = 0;
  int names_ = -1;
  FILE* uris_ = nullptr;
  int made_ = 0;
};

// One for the whole program, started when it is first asked for.
inline Server& server() {
  static Server started;
  return started;
}

}  // namespace postgres
