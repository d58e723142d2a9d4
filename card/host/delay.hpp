// SPDX-License-Identifier: Apache-2.0
// Owns the Delay port: how a card holds an answer back after wrong passwords (BSI TR-03110-2, 2.3: non-blocking
// passwords need a slowdown).
#pragma once

#include <chrono>

namespace host {

class Delay {
public:
  Delay() = default;
  Delay(const Delay&) = delete;
  Delay& operator=(const Delay&) = delete;
  virtual ~Delay() = default;

  virtual void hold(std::chrono::milliseconds time) = 0;
};

}  // namespace host
