// SPDX-License-Identifier: Apache-2.0
#include "personalize/tool/interrupts.hpp"

#include <unistd.h>

#include <iostream>

#include "crypto/tool/command_line.hpp"

namespace personalize::tool {

Interrupts::Interrupts() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  waiting_ = std::jthread([this](const std::stop_token& end) {
    const timespec tick{0, 200'000'000};
    while (!end.stop_requested()) {
      if (sigtimedwait(&signals_, nullptr, &tick) < 0) continue;
      if (stop_.stop_requested()) ::_exit(static_cast<int>(crypto::tool::Exit::interrupted));
      stop_.request_stop();
      std::cerr << "\npatent-personalize: stops after this card; once more: at once\n";
    }
  });
}

}  // namespace personalize::tool
